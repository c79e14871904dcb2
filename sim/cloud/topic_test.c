#include "sim/cloud/topic.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

static struct mqtt_bytes bytes(const char *text)
{
	return (struct mqtt_bytes){ (const uint8_t *)text, strlen(text) };
}

static const struct {
	const char *filter, *topic;
	bool matches;
} rows[] = {
	/* 4.7.1 of either standard */
	{ "sport/tennis/player1/#", "sport/tennis/player1", true },
	{ "sport/tennis/player1/#", "sport/tennis/player1/ranking", true },
	{ "sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true },
	{ "sport/tennis/player1/#", "sport/tennis/player10", false },
	{ "sport/#", "sport", true },
	{ "#", "sport", true },
	{ "sport/tennis/+", "sport/tennis/player1", true },
	{ "sport/tennis/+", "sport/tennis/player1/ranking", false },
	{ "sport/+", "sport", false },
	{ "sport/+", "sport/", true },
	{ "+/+", "/finance", true },
	{ "/+", "/finance", true },
	{ "+", "/finance", false },
	{ "a/+/c", "a/b/c", true },
	{ "a/+/c", "a/b/d", false },
	{ "a/+/c", "a/b", false },
	{ "a", "a/b", false },
	{ "a/b", "a", false },
	{ "a/", "a/", true },
	{ "a/", "a", false },
	{ "a//b", "a//b", true },
	/* 4.7.2 */
	{ "#", "$SYS/x", false },
	{ "+/x", "$SYS/x", false },
	{ "$SYS/#", "$SYS/x", true },
};

START_TEST(a_filter_matches_level_by_level)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ck_assert_msg(topic_matches(rows[i].filter, rows[i].topic) == rows[i].matches,
			      "%s and %s", rows[i].filter, rows[i].topic);
}
END_TEST

START_TEST(a_wildcard_stands_alone_in_its_level)
{
	static const char *const good[] = { "#",     "+", "a/#",   "a/+",         "+/a",
					    "a/+/b", "/", "+/+/#", "$share/g/a/#" };
	static const char *const bad[] = { "",         "a#",        "#/a",       "a+",
					   "+a",       "a/#/b",     "a/+b",      "##",
					   "$share/g", "$share/g/", "$share//a", "$share/+/a" };

	for (size_t i = 0; i < COUNT_OF(good); i++)
		ck_assert_msg(topic_is_filter(bytes(good[i])), "%s", good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		ck_assert_msg(!topic_is_filter(bytes(bad[i])), "%s", bad[i]);
}
END_TEST

START_TEST(a_topic_is_an_agents_own_below_its_name)
{
	ck_assert(topic_is_of(bytes("ecsp/v1/agents/a/commands"), "a"));
	ck_assert(topic_is_of(bytes("ecsp/v1/agents/a/#"), "a"));
	ck_assert(!topic_is_of(bytes("ecsp/v1/agents/a/"), "a"));
	ck_assert(!topic_is_of(bytes("ecsp/v1/agents/ab/commands"), "a"));
	ck_assert(!topic_is_of(bytes("ecsp/v1/agents/+/commands"), "a"));
	ck_assert(!topic_is_of(bytes("#"), "a"));
	ck_assert(!topic_is_of(bytes("$share/g/ecsp/v1/agents/a/commands"), "a"));
}
END_TEST

START_TEST(a_topic_is_told_by_its_agent_and_its_tail)
{
	ck_assert(topic_is(bytes("ecsp/v1/agents/a/commands"), "a", "/commands"));
	ck_assert(!topic_is(bytes("ecsp/v1/agents/a/commands/x"), "a", "/commands"));
	ck_assert(!topic_is(bytes("ecsp/v1/agents/a/command"), "a", "/commands"));
	ck_assert(!topic_is(bytes("ecsp/v1/agents/ab/commands"), "a", "/commands"));
	ck_assert(!topic_is(bytes("ecsp/v2/agents/a/commands"), "a", "/commands"));
	ck_assert(!topic_is(bytes("ecsp/v1/agents/a"), "a", "/commands"));
}
END_TEST

TEST_MAIN("sim.cloud.topic", a_filter_matches_level_by_level, a_wildcard_stands_alone_in_its_level,
	  a_topic_is_an_agents_own_below_its_name, a_topic_is_told_by_its_agent_and_its_tail)
