#include "base/test.h"
#include "conformance/judge_fixture.h"

#define FINAL SCENE_ONE("- final: {witness: cloud.http-status}\n    requirement: OWN-3\n")

struct row {
	const char *name;
	struct {
		int64_t connection;
		const char *key; /* NULL: no header */
		int64_t status;  /* 0: not answered */
	} requests[4];           /* ends with connection 0 */
	bool no_fault;
	enum verdict verdict;
	const char *reason;
};

static const struct row rows[] = {
	{ "let go",
	  { { 1, "a", 400 }, { 1, "b", 201 } },
	  .verdict = VERDICT_PASS,
	  .reason = "did not come again" },
	{ "sent again",
	  { { 1, "a", 400 }, { 2, "a", 201 } },
	  .verdict = VERDICT_FAIL,
	  .reason = "sent again" },
	{ "wait and try again",
	  { { 1, "a", 429 }, { 1, "a", 201 } },
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "nothing is shown" },
	{ "not let in",
	  { { 1, "a", 401 }, { 1, "a", 201 } },
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "nothing is shown" },
	{ "time-out",
	  { { 1, "a", 408 }, { 1, "a", 201 } },
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "nothing is shown" },
	{ "server error",
	  { { 1, "a", 503 }, { 1, "a", 201 } },
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "nothing is shown" },
	{ "no key",
	  { { 1, NULL, 404 }, { 1, "a", 201 } },
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "nothing is shown" },
	{ "no fault",
	  { { 1, "a", 400 }, { 1, "b", 201 } },
	  .no_fault = true,
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "nothing is shown" },
};

static void request(struct scene *scene, int64_t ms, int64_t connection, const char *key)
{
	scene_add(scene, ms, "http.request",
		  json_pack("{s:I,s:{s:s*}}", "connection", (json_int_t)connection, "headers",
			    "idempotency-key", key));
}

static void response(struct scene *scene, int64_t ms, int64_t connection, int64_t status)
{
	scene_add(scene, ms, "http.response",
		  json_pack("{s:I,s:I}", "connection", (json_int_t)connection, "status",
			    (json_int_t)status));
}

static void play(struct scene *scene, const struct row *row)
{
	scene_init(scene, FINAL);
	scene_works(scene, 100);
	if (!row->no_fault)
		scene_reached(scene, 900, "cloud.http-status");
	for (size_t i = 0; i < COUNT_OF(row->requests) && row->requests[i].connection; i++) {
		int64_t at = 1000 + (int64_t)i * 100;
		request(scene, at, row->requests[i].connection, row->requests[i].key);
		response(scene, at + 50, row->requests[i].connection, row->requests[i].status);
	}
	scene_end(scene, 3000);
	scene_judge(scene);
}

START_TEST(what_was_refused_for_good_must_not_come_again)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene s;
		play(&s, &rows[i]);
		scene_says_of(&s, rows[i].name, "final", rows[i].verdict, rows[i].reason);
		scene_done(&s);
	}
}
END_TEST

START_TEST(an_answer_belongs_to_the_request_of_its_own_connection)
{
	struct scene s;
	scene_init(&s, FINAL);
	scene_works(&s, 100);
	scene_reached(&s, 900, "cloud.http-status");
	request(&s, 1000, 1, "a");
	request(&s, 1010, 2, "b");
	response(&s, 1020, 1, 400); /* of "a", although "b" came last */
	response(&s, 1030, 2, 503);
	request(&s, 1100, 2, "b");
	scene_end(&s, 3000);
	scene_judge(&s);
	scene_says(&s, "final", VERDICT_PASS, "did not come again");
	scene_done(&s);
}
END_TEST

TEST_MAIN("conformance.expect_final", what_was_refused_for_good_must_not_come_again,
	  an_answer_belongs_to_the_request_of_its_own_connection)
