#include "base/test.h"
#include "conformance/judge_fixture.h"

#define SEEN(more)  SCENE_ONE("- seen: {for: certificate.sent" more "}\n    requirement: TLS-2\n")
#define NEVER(more) SCENE_ONE("- never: {for: tls.application" more "}\n    requirement: TLS-2\n")
#define WITNESS     ", witness: {for: fault.reached, where: {fault: cloud.certificate}}"

/* begin at 1000 ms, over at 2000 ms; the observation at 500, 1500 and 2500 ms as asked. */
struct row {
	const char *name, *scenario;
	bool idle, early, between, late, fault, stops; /* stops: the step `over` is not reached */
	enum verdict verdict;
	const char *reason;
};

static const struct row seen_rows[] = {
	{ "once", SEEN(""), .between = true, .verdict = VERDICT_PASS, .reason = "seen 1 times" },
	{ "not once", SEEN(""), .verdict = VERDICT_FAIL, .reason = "not seen often enough" },
	{ "idle", SEEN(""), .idle = true, .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "no activity at all" },
	{ "since, before it", SEEN(", since: begin"), .early = true, .verdict = VERDICT_FAIL,
	  .reason = "not seen often enough" },
	{ "since, after it", SEEN(", since: begin"), .early = true, .late = true,
	  .verdict = VERDICT_PASS, .reason = "seen 1 times" },
	{ "until, after it", SEEN(", until: over"), .late = true, .verdict = VERDICT_FAIL,
	  .reason = "not seen often enough" },
	{ "until, before it", SEEN(", until: over"), .early = true, .verdict = VERDICT_PASS,
	  .reason = "seen 1 times" },
	{ "step not reached", SEEN(", since: over"), .between = true, .stops = true,
	  .verdict = VERDICT_INCONCLUSIVE, .reason = "before the step" },
	{ "no time", SEEN(", since: over, until: begin"), .between = true,
	  .verdict = VERDICT_INCONCLUSIVE, .reason = "no time lies between" },
	{ "in time", SEEN(", since: begin, within: 600ms"), .between = true,
	  .verdict = VERDICT_PASS, .reason = "seen 1 times" },
	{ "too late", SEEN(", since: begin, within: 600ms"), .late = true, .verdict = VERDICT_FAIL,
	  .reason = "not seen often enough" },
	{ "too few", SEEN(", min: 3"), .early = true, .late = true, .verdict = VERDICT_FAIL,
	  .reason = "not seen often enough" },
	{ "enough", SEEN(", min: 3"), .early = true, .between = true, .late = true,
	  .verdict = VERDICT_PASS, .reason = "seen 3 times" },
	{ "too many", SEEN(", max: 1"), .early = true, .late = true, .verdict = VERDICT_FAIL,
	  .reason = "seen too often" },
	{ "other fields", SEEN(", where: {connection: 8}"), .early = true, .verdict = VERDICT_FAIL,
	  .reason = "not seen often enough" },
	{ "without its witness", SEEN(WITNESS), .early = true, .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "without a witness" },
	{ "with its witness", SEEN(WITNESS), .early = true, .fault = true, .verdict = VERDICT_PASS,
	  .reason = "seen 1 times" },
};

static const struct row never_rows[] = {
	{ "put to the test", NEVER(WITNESS), .fault = true, .verdict = VERDICT_PASS,
	  .reason = "although it was put to the test" },
	{ "happened", NEVER(WITNESS), .fault = true, .between = true, .verdict = VERDICT_FAIL,
	  .reason = "happened, and must not" },
	{ "not put to the test", NEVER(WITNESS), .between = true, .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "without a witness" },
	{ "outside the window", NEVER(", since: begin, until: over" WITNESS), .fault = true,
	  .early = true, .late = true, .verdict = VERDICT_PASS, .reason = "put to the test" },
	{ "step not reached", NEVER(", until: over" WITNESS), .fault = true, .stops = true,
	  .verdict = VERDICT_INCONCLUSIVE, .reason = "before the step" },
};

static void play(struct scene *scene, const struct row *row, const char *kind)
{
	scene_init(scene, row->scenario);
	if (!row->idle)
		scene_works(scene, 100);
	if (row->early)
		scene_line(scene, 500, kind, "{'connection':7}");
	scene_step(scene, 1000, "begin");
	if (row->fault)
		scene_reached(scene, 1100, "cloud.certificate");
	if (row->between)
		scene_line(scene, 1500, kind, "{'connection':7}");
	if (!row->stops)
		scene_step(scene, 2000, "over");
	if (row->late)
		scene_line(scene, 2500, kind, "{'connection':7}");
	scene_end(scene, 3000);
	scene_judge(scene);
}

static void judge_rows(const struct row *rows, size_t count, const char *rule, const char *kind)
{
	for (size_t i = 0; i < count; i++) {
		struct scene s;
		play(&s, &rows[i], kind);
		scene_says_of(&s, rows[i].name, rule, rows[i].verdict, rows[i].reason);
		scene_done(&s);
	}
}

START_TEST(what_is_expected_to_be_seen_is_judged_by_how_often_and_when)
{
	judge_rows(seen_rows, COUNT_OF(seen_rows), "seen", "certificate.sent");
}
END_TEST

START_TEST(what_must_never_be_seen_is_judged_only_when_it_was_put_to_the_test)
{
	judge_rows(never_rows, COUNT_OF(never_rows), "never", "tls.application");
}
END_TEST

START_TEST(the_guilty_line_stands_first_in_the_evidence)
{
	static const struct row row = { "",
					NEVER(WITNESS),
					.fault = true,
					.between = true,
					.verdict = VERDICT_FAIL,
					.reason = "" };
	struct scene s;
	play(&s, &row, "tls.application");
	/* start, three of work, step, fault.reached: the seventh line is the guilty one. */
	ck_assert_int_eq(scene_refers(&s, "never", "line", 0), 7);
	scene_done(&s);
}
END_TEST

START_TEST(every_requirement_that_is_named_gets_the_finding)
{
	struct scene s;
	scene_init(&s, SCENE_ONE("- seen: {for: tls.hello}\n    requirement: [TLS-2, GEN-2]\n"));
	scene_works(&s, 100);
	scene_end(&s, 200);
	scene_judge(&s);
	ck_assert_int_eq(scene_verdict(&s, "seen", "TLS-2", NULL), VERDICT_PASS);
	ck_assert_int_eq(scene_verdict(&s, "seen", "GEN-2", NULL), VERDICT_PASS);
	ck_assert_int_eq(scene_refers(&s, "seen", "line", 0), 3);
	scene_done(&s);
}
END_TEST

TEST_MAIN("conformance.expect_seen", what_is_expected_to_be_seen_is_judged_by_how_often_and_when,
	  what_must_never_be_seen_is_judged_only_when_it_was_put_to_the_test,
	  the_guilty_line_stands_first_in_the_evidence,
	  every_requirement_that_is_named_gets_the_finding)
