#include "base/test.h"
#include "conformance/judge_fixture.h"

/* The outage is from 1000 to 2000 ms. */
#define COMPLETE                                                                                   \
	SCENE_ONE("- complete: {device: lobby, since: begin, until: over, gap: 500ms, min: 2, "    \
		  "witness: cloud.http-status}\n    requirement: OWN-3\n")

struct row {
	const char *name;
	struct {
		int64_t acquired;
		const char *id, *serial, *collection;
	} records[8]; /* ends with id NULL; all stored at 2500 ms */
	bool no_fault, stops;
	enum verdict verdict;
	const char *reason;
};

static const struct row rows[] = {
	{ "nothing lost",
	  { { 800, "a" }, { 1200, "b" }, { 1600, "c" }, { 2100, "d" } },
	  .verdict = VERDICT_PASS,
	  .reason = "nothing was lost" },
	{ "stored in another order",
	  { { 1600, "c" }, { 2100, "d" }, { 800, "a" }, { 1200, "b" } },
	  .verdict = VERDICT_PASS,
	  .reason = "nothing was lost" },
	{ "twice the same id",
	  { { 800, "a" }, { 1200, "b" }, { 1600, "b" }, { 2100, "d" } },
	  .verdict = VERDICT_FAIL,
	  .reason = "stored twice" },
	{ "twice the same reading",
	  { { 800, "a" }, { 1200, "b" }, { 1600, "c" }, { 1600, "d" } },
	  .verdict = VERDICT_FAIL,
	  .reason = "stored twice" },
	{ "read on an event and by the clock at once",
	  { { 800, "a" },
	    { 1200, "b" },
	    { 1600, "c", NULL, "event" },
	    { 1600, "d" },
	    { 2100, "e" } },
	  .verdict = VERDICT_PASS,
	  .reason = "nothing was lost" },
	{ "lost",
	  { { 800, "a" }, { 1200, "b" }, { 2100, "d" } },
	  .verdict = VERDICT_FAIL,
	  .reason = "is lost" },
	{ "another printer's do not count",
	  { { 800, "a" }, { 1200, "b" }, { 1600, "c", "NOBODY" }, { 2100, "d" } },
	  .verdict = VERDICT_FAIL,
	  .reason = "is lost" },
	{ "a gap",
	  { { 800, "a" }, { 1200, "b" }, { 1201, "c" }, { 2100, "d" } },
	  .verdict = VERDICT_FAIL,
	  .reason = "gap in the readings" },
	{ "no record at all", { { 0 } }, .verdict = VERDICT_FAIL, .reason = "is lost" },
	{ "no fault",
	  { { 1200, "b" }, { 1600, "c" } },
	  .no_fault = true,
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "never reached the agent" },
	{ "not reached",
	  { { 1200, "b" }, { 1600, "c" } },
	  .stops = true,
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "before the step" },
};

static void play(struct scene *scene, const struct row *row)
{
	scene_init(scene, COMPLETE);
	scene_truth(scene, 0, "{}");
	scene_works(scene, 100);
	scene_step(scene, 1000, "begin");
	if (!row->no_fault)
		scene_reached(scene, 1100, "cloud.http-status");
	if (!row->stops)
		scene_step(scene, 2000, "over");
	for (size_t i = 0; row->records[i].id; i++)
		scene_upload(scene,
			     &(struct scene_record){ .acquired = row->records[i].acquired,
						     .stored = 2500,
						     .id = row->records[i].id,
						     .collection = row->records[i].collection,
						     .serial = row->records[i].serial });
	scene_end(scene, 3000);
	scene_judge(scene);
}

START_TEST(over_an_outage_nothing_may_be_lost_or_stored_twice)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene s;
		play(&s, &rows[i]);
		scene_says_of(&s, rows[i].name, "complete", rows[i].verdict, rows[i].reason);
		scene_done(&s);
	}
}
END_TEST

static void upload_request(struct scene *scene, int64_t ms, int64_t connection, const char *key)
{
	scene_add(scene, ms, "http.request",
		  json_pack("{s:I,s:{s:s}}", "connection", (json_int_t)connection, "headers",
			    "idempotency-key", key));
}

/* An upload x in the outage, and n new ones that are stored after it. */
static void play_upload(struct scene *scene, size_t new_ones, int64_t status, bool stored)
{
	static const char *const ids[] = { "n1", "n2", "n3" };

	scene_init(scene, COMPLETE);
	scene_truth(scene, 0, "{}");
	scene_works(scene, 100);
	scene_step(scene, 1000, "begin");
	scene_reached(scene, 1100, "cloud.http-status");
	upload_request(scene, 1200, 7, "x");
	scene_add(
		scene, 1201, "http.response",
		json_pack("{s:I,s:I}", "connection", (json_int_t)7, "status", (json_int_t)status));
	scene_step(scene, 2000, "over");
	for (int64_t i = 0; i < 4; i++) {
		AUTO_FREE char *id = alloc_printf("r%d", (int)i);
		scene_upload(scene, &(struct scene_record){
					    .acquired = 800 + i * 400, .stored = 1990, .id = id });
	}
	for (size_t i = 0; i < new_ones; i++)
		scene_upload(scene, &(struct scene_record){ .acquired = 2200 + (int64_t)i * 100,
							    .stored = 2600,
							    .id = ids[i] });
	if (stored)
		scene_upload(scene,
			     &(struct scene_record){ .acquired = 1500, .stored = 2700, .id = "x" });
	scene_end(scene, 3000);
	scene_judge(scene);
}

START_TEST(an_upload_that_is_given_up_is_a_loss)
{
	static const struct {
		size_t new_ones;
		int64_t status;
		bool stored;
		enum verdict verdict;
	} cases[] = {
		{ 3, 503, false, VERDICT_FAIL },
		{ 3, 401, false, VERDICT_FAIL },
		{ 3, 200, false, VERDICT_FAIL }, /* by somebody else than the service */
		{ 3, 503, true, VERDICT_PASS },
		{ 3, 400, false, VERDICT_PASS }, /* refused for good */
		{ 0, 503, false, VERDICT_PASS }, /* the agent had no time to send it */
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scene s;
		AUTO_FREE char *name = alloc_printf("case %zu", i);
		play_upload(&s, cases[i].new_ones, cases[i].status, cases[i].stored);
		scene_says_of(&s, name, "complete", cases[i].verdict,
			      cases[i].verdict == VERDICT_FAIL ? "did not come again"
							       : "nothing was lost");
		scene_done(&s);
	}
}
END_TEST

START_TEST(the_record_that_came_twice_is_the_evidence)
{
	struct scene s;
	play(&s, &rows[2]);
	/* start, three of work, two steps, the fault, then the records a, b, b */
	ck_assert_int_eq(scene_refers(&s, "complete", "line", 0), 10);
	scene_done(&s);
}
END_TEST

#define BY_ANSWER                                                                                  \
	SCENE_ONE(                                                                                 \
		"- complete: {device: lobby, since: begin, until: over, gap: 500ms, min: 2, "      \
		"witness: {for: http.response, where: {status: 401}}}\n    requirement: OWN-3\n")

START_TEST(an_answer_in_that_time_bears_witness_as_a_fault_does)
{
	static const struct {
		int64_t at;
		enum verdict verdict;
	} cases[] = { { 1100, VERDICT_PASS },
		      { 900, VERDICT_INCONCLUSIVE },
		      { 2100, VERDICT_INCONCLUSIVE } };
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scene s;
		scene_init(&s, BY_ANSWER);
		scene_truth(&s, 0, "{}");
		scene_works(&s, 100);
		if (cases[i].at < 1000)
			scene_line(&s, cases[i].at, "http.response", "{\"status\":401}");
		scene_step(&s, 1000, "begin");
		if (cases[i].at > 1000 && cases[i].at < 2000)
			scene_line(&s, cases[i].at, "http.response", "{\"status\":401}");
		scene_step(&s, 2000, "over");
		if (cases[i].at > 2000)
			scene_line(&s, cases[i].at, "http.response", "{\"status\":401}");
		for (int64_t k = 0; k < 4; k++) {
			AUTO_FREE char *id = alloc_printf("r%d", (int)k);
			scene_upload(&s, &(struct scene_record){ .acquired = 800 + k * 400,
								 .stored = 2500,
								 .id = id });
		}
		scene_end(&s, 3000);
		scene_judge(&s);
		scene_says(&s, "complete", cases[i].verdict,
			   cases[i].verdict == VERDICT_PASS ? "nothing was lost" : "never reached");
		scene_done(&s);
	}
}
END_TEST

TEST_MAIN("conformance.expect_complete", over_an_outage_nothing_may_be_lost_or_stored_twice,
	  an_upload_that_is_given_up_is_a_loss, the_record_that_came_twice_is_the_evidence,
	  an_answer_in_that_time_bears_witness_as_a_fault_does)
