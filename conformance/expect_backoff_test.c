#include "base/test.h"
#include "conformance/judge_fixture.h"

#define BACKOFF                                                                                    \
	SCENE_ONE("- backoff: {for: http.request, where: {method: POST}, since: begin, "           \
		  "until: over, min-wait: 200ms, max: 3, witness: cloud.http-status}\n"            \
		  "    requirement: OWN-3\n")

struct row {
	const char *name;
	int64_t attempts[8]; /* ms; ends with 0; the window is 1000 to 2000 */
	const char *method;
	bool no_fault, stops;
	enum verdict verdict;
	const char *reason;
};

static const struct row rows[] = {
	{ "it waits", { 1100, 1300, 1700 }, .verdict = VERDICT_PASS, .reason = "waited" },
	{ "once", { 1100 }, .verdict = VERDICT_PASS, .reason = "waited" },
	{ "too early", { 1100, 1299 }, .verdict = VERDICT_FAIL, .reason = "too early" },
	{ "too often", { 1100, 1300, 1500, 1700 }, .verdict = VERDICT_FAIL, .reason = "too often" },
	{ "hasty outside the window",
	  { 900, 950, 1100, 2001, 2002 },
	  .verdict = VERDICT_PASS,
	  .reason = "waited" },
	{ "no attempt", { 0 }, .verdict = VERDICT_INCONCLUSIVE, .reason = "no attempt" },
	{ "other requests",
	  { 1100, 1101 },
	  .method = "GET",
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "no attempt" },
	{ "no fault",
	  { 1100, 1300 },
	  .no_fault = true,
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "never reached the agent" },
	{ "not reached",
	  { 1100, 1101 },
	  .stops = true,
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "before the step" },
};

static void play(struct scene *scene, const struct row *row)
{
	scene_init(scene, BACKOFF);
	scene_works(scene, 100);
	scene_step(scene, 1000, "begin");
	if (!row->no_fault)
		scene_reached(scene, 1000, "cloud.http-status");
	for (size_t i = 0; row->attempts[i]; i++)
		scene_add(scene, row->attempts[i], "http.request",
			  json_pack("{s:s}", "method", row->method ? row->method : "POST"));
	if (!row->stops)
		scene_step(scene, 2000, "over");
	scene_end(scene, 3000);
	scene_judge(scene);
}

START_TEST(after_a_refusal_the_agent_must_wait)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene s;
		play(&s, &rows[i]);
		scene_says_of(&s, rows[i].name, "backoff", rows[i].verdict, rows[i].reason);
		scene_done(&s);
	}
}
END_TEST

START_TEST(the_shortest_wait_is_told)
{
	const json_t *finding = NULL;
	struct scene s;
	play(&s, &rows[0]);
	scene_verdict(&s, "backoff", "OWN-3", &finding);
	ck_assert_str_eq(json_text_of(finding, "found", ""),
			 "3 attempts, the closest 200 ms apart");
	ck_assert_str_eq(json_text_of(finding, "expected", ""),
			 "at most 3 attempts, at least 200 ms apart");
	scene_done(&s);
}
END_TEST

TEST_MAIN("conformance.expect_backoff", after_a_refusal_the_agent_must_wait,
	  the_shortest_wait_is_told)
