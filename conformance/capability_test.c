#include "conformance/capability.h"

#include "base/test.h"
#include "conformance/judge_fixture.h"

#define SCENE                                                                                      \
	"format: ecsp-scenario/1\nid: t.scene\ntitle: t\npurpose: p\nagent: dc\n"                  \
	"needs: configuration\n"                                                                   \
	"printers: [{name: lobby, profile: sc-t-24, address: 10.16.0.10}]\n"                       \
	"steps: [{observe: {for: 1s}}]\n"                                                          \
	"expect: [{seen: {for: configuration.reported}, requirement: OWN-4}]\n"

static const struct row {
	bool lacks, sent, reported;
	const char *rule, *words;
	enum verdict verdict;
} rows[] = {
	{ false, true, true, "seen", "was seen", VERDICT_PASS },
	{ false, true, false, "seen", "not seen often enough", VERDICT_FAIL },
	{ false, false, false, "needs", "never asked", VERDICT_INCONCLUSIVE },
	{ true, false, false, "needs", "no time for it", VERDICT_NOT_APPLICABLE },
	{ true, true, true, "needs", "says it lacks", VERDICT_FAIL },
};

START_TEST(what_an_agent_lacks_is_not_held_against_it)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene s;
		AUTO_FREE char *name = alloc_printf("row %zu", i);
		scene_init(&s, SCENE);
		if (rows[i].lacks)
			json_object_set_new(json_array_get(s.evidence.journal, 0), "lacks",
					    json_pack("{s:s}", "configuration", "no time for it"));
		scene_works(&s, 100);
		if (rows[i].sent)
			scene_line(&s, 200, "configuration.sent", "{'agent':'dc-1','text':'{}'}");
		if (rows[i].reported)
			scene_line(&s, 300, "configuration.reported", "{'outcome':'applied'}");
		scene_end(&s, 1000);
		scene_judge(&s);
		scene_says_of(&s, name, rows[i].rule, rows[i].verdict, rows[i].words);
		scene_done(&s);
	}
}
END_TEST

#define SCENE_5                                                                                    \
	"format: ecsp-scenario/1\nid: t.scene\ntitle: t\npurpose: p\nagent: dc\n"                  \
	"needs: mqtt5\n"                                                                           \
	"printers: [{name: lobby, profile: sc-t-24, address: 10.16.0.10}]\n"                       \
	"steps: [{observe: {for: 1s}}]\n"                                                          \
	"expect: [{seen: {for: mqtt.connect}, requirement: REM-2}]\n"

static void speaks(const char *name, const char *connect, const char *rule, enum verdict verdict,
		   const char *words)
{
	struct scene s;

	scene_init(&s, SCENE_5);
	scene_works(&s, 100);
	scene_line(&s, 200, "mqtt.connect", connect);
	scene_end(&s, 1000);
	scene_judge(&s);
	scene_says_of(&s, name, rule, verdict, words);
	scene_done(&s);
}

START_TEST(an_agent_of_another_version_shows_nothing_of_mqtt_5)
{
	speaks("5.0", "{'version':5}", "seen", VERDICT_PASS, "was seen");
	speaks("3.1.1", "{'version':4}", "needs", VERDICT_INCONCLUSIVE, "never spoke");
}
END_TEST

TEST_MAIN("conformance.capability", what_an_agent_lacks_is_not_held_against_it,
	  an_agent_of_another_version_shows_nothing_of_mqtt_5)
