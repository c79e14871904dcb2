#include "base/test.h"
#include "conformance/judge_fixture.h"

#define UPLOAD(more) SCENE_ONE("- upload: {device: lobby" more "}\n    requirement: COL-5\n")
#define NONE(more)   UPLOAD(", none: true" more)

/* begin is at 1000 ms, over at 2000 ms. */
struct row {
	const char *name, *scenario;
	int64_t acquired, stored; /* 0: no record */
	const char *collection, *more;
	bool idle, fault, stops;
	enum verdict verdict;
	const char *reason;
};

static const struct row rows[] = {
	{ "arrived", UPLOAD(""), 500, 600, .verdict = VERDICT_PASS, .reason = "lobby arrived" },
	{ "did not", UPLOAD(""), .verdict = VERDICT_FAIL, .reason = "did not arrive" },
	{ "idle", UPLOAD(""), .idle = true, .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "no activity" },
	{ "read before", UPLOAD(", since: begin"), 500, 1600, .verdict = VERDICT_FAIL,
	  .reason = "did not arrive" },
	{ "read after", UPLOAD(", since: begin"), 1500, 1600, .verdict = VERDICT_PASS,
	  .reason = "arrived" },
	{ "read before the end", UPLOAD(", until: over"), 1500, 2600, .verdict = VERDICT_PASS,
	  .reason = "arrived" },
	{ "read after the end", UPLOAD(", until: over"), 2500, 2600, .verdict = VERDICT_FAIL,
	  .reason = "did not arrive" },
	{ "not reached", UPLOAD(", since: over"), 1500, 1600, .stops = true,
	  .verdict = VERDICT_INCONCLUSIVE, .reason = "before the step" },
	{ "in time", UPLOAD(", since: begin, within: 700ms"), 1500, 1600, .verdict = VERDICT_PASS,
	  .reason = "arrived" },
	{ "late", UPLOAD(", since: begin, within: 700ms"), 1500, 1800, .verdict = VERDICT_FAIL,
	  .reason = "did not arrive" },
	{ "of its kind", UPLOAD(", collection: event"), 500, 600, .collection = "event",
	  .verdict = VERDICT_PASS, .reason = "an event record of lobby arrived" },
	{ "of another kind", UPLOAD(", collection: event"), 500, 600, .verdict = VERDICT_FAIL,
	  .reason = "did not arrive" },
	{ "values", UPLOAD(", where: {D09: error, D21: 40}"), 500, 600,
	  .more = "{'status':'error','printingSeconds':40}", .verdict = VERDICT_PASS,
	  .reason = "arrived" },
	{ "one of a list", UPLOAD(", where: {D10: E04}"), 500, 600,
	  .more = "{'codes':['E04','W1']}", .verdict = VERDICT_PASS, .reason = "arrived" },
	{ "other values", UPLOAD(", where: {D09: error, D21: 40}"), 500, 600,
	  .more = "{'status':'error','printingSeconds':41}", .verdict = VERDICT_FAIL,
	  .reason = "did not arrive" },
	{ "too few", UPLOAD(", min: 2"), 500, 600, .verdict = VERDICT_FAIL,
	  .reason = "not often enough" },
	{ "none", NONE(", where: {D09: error}"), 500, 600, .more = "{'status':'idle'}",
	  .verdict = VERDICT_PASS, .reason = "did not arrive, although the case was put" },
	{ "none, yet one", NONE(", where: {D09: error}"), 500, 600, .more = "{'status':'error'}",
	  .verdict = VERDICT_FAIL, .reason = "arrived, and must not" },
	{ "none, of nothing", NONE(""), .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "nothing at all was uploaded" },
	{ "none, no witness", NONE(", witness: printer.silent"), 500, 600,
	  .verdict = VERDICT_INCONCLUSIVE, .reason = "never reached the agent" },
	{ "none, witness", NONE(", witness: printer.silent, where: {D09: error}"), 500, 600,
	  .fault = true, .verdict = VERDICT_PASS, .reason = "did not arrive, although" },
};

static void play(struct scene *scene, const struct row *row)
{
	scene_init(scene, row->scenario);
	scene_truth(scene, 0, "{}");
	if (!row->idle)
		scene_works(scene, 100);
	scene_step(scene, 1000, "begin");
	if (row->fault)
		scene_reached(scene, 1100, "printer.silent");
	if (!row->stops)
		scene_step(scene, 2000, "over");
	if (row->stored)
		scene_upload(scene, &(struct scene_record){ .acquired = row->acquired,
							    .stored = row->stored,
							    .id = "r1",
							    .collection = row->collection,
							    .more = row->more });
	scene_end(scene, 3000);
	scene_judge(scene);
}

START_TEST(a_record_is_expected_by_its_values_and_its_time)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene s;
		play(&s, &rows[i]);
		scene_says_of(&s, rows[i].name, "upload", rows[i].verdict, rows[i].reason);
		scene_done(&s);
	}
}
END_TEST

TEST_MAIN("conformance.expect_upload", a_record_is_expected_by_its_values_and_its_time)
