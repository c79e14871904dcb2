#include "base/test.h"
#include "conformance/judge_fixture.h"

#define SCENE_CROWD(more)                                                                          \
	SCENE_ONE("- spread: {for: mqtt.connect, by: client, since: begin, over: 2s, witness: "    \
		  "cloud.http-status" more "}\n    requirement: OWN-3\n")                          \
	"crowd: 40\n"

enum { CROWD = 40 };

struct row {
	const char *name;
	int64_t apart; /* ms between two arrivals, from 1100 on */
	int count;     /* 0: all */
	bool one, no_fault, stops;
	enum verdict verdict;
	const char *reason;
};

static const struct row rows[] = {
	{ "spread", 40, .verdict = VERDICT_PASS, .reason = "one by one" },
	{ "all at once", 0, .verdict = VERDICT_FAIL, .reason = "came back together" },
	{ "nearly at once", 5, .verdict = VERDICT_FAIL, .reason = "came back together" },
	{ "one is missing", 40, CROWD - 1, .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "not all of the agents" },
	{ "one agent", 40, .one = true, .verdict = VERDICT_NOT_APPLICABLE,
	  .reason = "one agent, not many" },
	{ "no fault", 40, .no_fault = true, .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "never reached" },
	{ "not reached", 40, .stops = true, .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "before the step" },
};

static void connect_at(struct scene *scene, int64_t ms, int number)
{
	char client[16];

	snprintf(client, sizeof(client), "dc-1-%02d", number);
	scene_add(scene, ms, "mqtt.connect", json_pack("{s:s}", "client", client));
}

static void play(struct scene *scene, const struct row *row)
{
	int count = row->count ? row->count : CROWD;

	scene_init(scene, SCENE_CROWD(""));
	scene_works(scene, 100);
	/* Their first time does not count, nor does their third. */
	for (int i = 1; i <= CROWD; i++)
		connect_at(scene, 200, row->one ? 1 : i);
	if (!row->stops)
		scene_step(scene, 1000, "begin");
	if (!row->no_fault)
		scene_reached(scene, 1000, "cloud.http-status");
	for (int i = 1; i <= count; i++)
		connect_at(scene, 1100 + row->apart * (i - 1), row->one ? 1 : i);
	for (int i = 1; i <= count; i++)
		connect_at(scene, 3500, row->one ? 1 : i);
	scene_end(scene, 4000);
	scene_judge(scene);
}

START_TEST(a_crowd_must_not_come_back_at_once)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene s;
		play(&s, &rows[i]);
		scene_says_of(&s, rows[i].name, "spread", rows[i].verdict, rows[i].reason);
		scene_done(&s);
	}
}
END_TEST

START_TEST(the_densest_window_is_told)
{
	const json_t *finding = NULL;
	struct scene s;
	play(&s, &rows[0]);
	scene_verdict(&s, "spread", "OWN-3", &finding);
	ck_assert_str_eq(json_text_of(finding, "found", ""),
			 "6 of 40 within 200 ms, all within 1560 ms");
	scene_done(&s);
}
END_TEST

TEST_MAIN("conformance.expect_spread", a_crowd_must_not_come_back_at_once,
	  the_densest_window_is_told)
