#include "agents/common/roster.h"

#include <string.h>

#include "base/test.h"

#define COMMON                                                                                     \
	"\"api\":\"https://a\",\"mqtt\":\"mqtts://a\",\"ca\":\"/dev/null\",\"secret\":\"all\","    \
	"\"state\":\"/state\""

static const struct config_needs needs = { .panel = true };
static struct roster roster;

static int parse(const char *text, struct error *err)
{
	return roster_parse(&roster, text, "agent.json", &needs, err);
}

static void takes(const char *text)
{
	struct error err = { 0 };

	ck_assert_msg(parse(text, &err) == 0, "%s", error_text(&err));
}

static void refuses(const char *text, const char *why)
{
	struct error err = { 0 };

	ck_assert_int_lt(parse(text, &err), 0);
	ck_assert_msg(strstr(err.text, why) != NULL, "\"%s\" does not say \"%s\"", err.text, why);
	roster_done(&roster);
}

static void setup(void)
{
	static const char *const names[] = { "API",   "MQTT",  "CA",        "ID",     "SECRET",
					     "STATE", "PANEL", "COMMUNITY", "TARGETS" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char name[32];
		snprintf(name, sizeof(name), "ECSP_%s", names[i]);
		unsetenv(name);
	}
}

START_TEST(a_file_without_instances_is_one_agent)
{
	setup();
	takes("{" COMMON ",\"id\":\"es-1\",\"panel\":\"/p\"}");
	ck_assert_uint_eq(roster.count, 1);
	ck_assert(!roster.many);
	ck_assert_str_eq(roster.configs[0].state, "/state");
	roster_done(&roster);
}
END_TEST

START_TEST(an_instance_has_what_is_common_its_own_and_a_folder)
{
	setup();
	takes("{" COMMON ",\"pollMs\":70,\"instances\":[{\"id\":\"one\",\"panel\":\"/p1\"},"
	      "{\"id\":\"two\",\"secret\":\"own\",\"panel\":\"/p2\",\"state\":\"/far\","
	      "\"pollMs\":90}]}");
	ck_assert_uint_eq(roster.count, 2);
	ck_assert(roster.many);
	ck_assert_str_eq(roster.configs[0].secret, "all");
	ck_assert_str_eq(roster.configs[0].state, "/state/one");
	ck_assert_int_eq(roster.configs[0].poll_ms, 70);
	ck_assert_str_eq(roster.configs[1].secret, "own");
	ck_assert_str_eq(roster.configs[1].state, "/far");
	ck_assert_int_eq(roster.configs[1].poll_ms, 90);
	roster_done(&roster);
}
END_TEST

START_TEST(a_count_makes_as_many_and_numbers_them)
{
	setup();
	takes("{" COMMON ",\"instances\":[{\"count\":3,\"first\":9,\"id\":\"es-###\","
	      "\"secret\":\"s#-#\",\"panel\":\"/p/#.sock\",\"targets\":[\"10.16.0.#\"]}]}");
	ck_assert_uint_eq(roster.count, 3);
	ck_assert_str_eq(roster.configs[0].id, "es-009");
	ck_assert_str_eq(roster.configs[1].id, "es-010");
	ck_assert_str_eq(roster.configs[1].secret, "s10-10");
	ck_assert_str_eq(roster.configs[2].panel, "/p/11.sock");
	ck_assert_str_eq(roster.configs[2].state, "/state/es-011");
	ck_assert_uint_eq(roster.configs[2].targets[0], 0x0a10000b);
	roster_done(&roster);
}
END_TEST

START_TEST(without_a_count_a_number_sign_is_itself)
{
	setup();
	takes("{" COMMON ",\"instances\":[{\"id\":\"one\",\"secret\":\"a#b\",\"panel\":\"/p\"}]}");
	ck_assert_str_eq(roster.configs[0].secret, "a#b");
	roster_done(&roster);
}
END_TEST

START_TEST(what_an_instance_has_of_its_own_wins_over_the_environment)
{
	setup();
	setenv("ECSP_ID", "me", 1);
	setenv("ECSP_SECRET", "mine", 1);
	takes("{" COMMON ",\"instances\":[{\"id\":\"one\",\"panel\":\"/p\"}]}");
	ck_assert_str_eq(roster.configs[0].id, "one");
	ck_assert_str_eq(roster.configs[0].secret, "mine");
	roster_done(&roster);
	setup();
}
END_TEST

START_TEST(a_mistake_is_told_with_its_place)
{
	static const struct {
		const char *instances, *why;
	} rows[] = {
		{ "7", "instances: expected an array" },
		{ "[]", "instances: expected at least one" },
		{ "[7]", "instances[0]: expected an object" },
		{ "[{\"panel\":\"/p\"}]", "instances[0]: id is missing" },
		{ "[{\"id\":\"a\"}]", "instances[0]: panel is missing" },
		{ "[{\"id\":\"a\",\"panel\":\"/p\",\"mqtt\":\"mqtts://b\"}]",
		  "instances[0]: mqtt: all instances have the same" },
		{ "[{\"id\":\"a\",\"panel\":\"/p\"},{\"id\":\"b\",\"panl\":\"/p\"}]",
		  "instances[1]: panl: there is no such key" },
		{ "[{\"count\":-1,\"id\":\"a\",\"panel\":\"/p\"}]", "instances[0]: count" },
		{ "[{\"count\":0,\"id\":\"a\",\"panel\":\"/p\"}]", "at least one" },
		{ "[{\"count\":2,\"id\":\"a\",\"panel\":\"/p\"}]", "found id \"a\" twice" },
		{ "[{\"count\":2,\"id\":\"a#\",\"panel\":\"/p\",\"state\":\"/s\"}]",
		  "found state \"/s\" twice" },
	};

	setup();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[1024];
		snprintf(text, sizeof(text), "{" COMMON ",\"instances\":%s}", rows[i].instances);
		refuses(text, rows[i].why);
	}
	refuses("{" COMMON ",\"instances\":[{\"id\":\"a\",\"panel\":\"/p\"}],\"startOverMs\":-1}",
		"startOverMs");
}
END_TEST

START_TEST(a_file_that_is_no_object_is_refused)
{
	setup();
	refuses("", "agent.json");
	refuses("[]", "agent.json");
	refuses("{} trailing", "agent.json");
	refuses("{", "agent.json");
}
END_TEST

TEST_MAIN("agents.common.roster", a_file_without_instances_is_one_agent,
	  an_instance_has_what_is_common_its_own_and_a_folder,
	  a_count_makes_as_many_and_numbers_them, without_a_count_a_number_sign_is_itself,
	  what_an_instance_has_of_its_own_wins_over_the_environment,
	  a_mistake_is_told_with_its_place, a_file_that_is_no_object_is_refused)
