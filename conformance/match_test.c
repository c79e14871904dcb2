#include "conformance/match.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/test.h"
#include "conformance/judge_fixture.h"

static struct yaml *where(const char *text)
{
	struct error err = { 0 };
	struct yaml *root = yaml_parse(text, strlen(text), "where", &err);
	ck_assert_msg(root != NULL, "%s: %s", text, error_text(&err));
	return root;
}

static const char observation[] =
	"{'kind':'mqtt.subscribe','topic':'a/b','granted':[0,1],'retain':false,'note':null,"
	"'body':{'agent':{'version':'1'},'rows':[{'n':7}]}}";

static const struct {
	const char *where;
	bool is;
} rows[] = {
	{ "topic: a/b", true },
	{ "topic: a/c", false },
	{ "missing: a", false },
	{ "{topic: a/b, retain: false}", true },
	{ "{topic: a/b, retain: true}", false },
	{ "retain: \"false\"", false },
	{ "topic: [x, a/b]", true },
	{ "topic: [x, y]", false },
	{ "granted: 1", true },
	{ "granted: 2", false },
	{ "granted: [2, 0]", true },
	{ "granted: \"1\"", false },
	{ "/body/agent/version: \"1\"", true },
	{ "/body/agent/version: 1", false },
	{ "/body/rows/0/n: 7", true },
	{ "/body/rows/1/n: 7", false },
	{ "note: null", true },
	{ "topic: null", false },
	{ "topic: \"*\"", true },
	{ "missing: \"*\"", false },
	{ "note: \"*\"", false },
	{ "/body/agent: {version: \"1\"}", true },
	{ "/body/agent: {version: \"2\"}", false },
};

START_TEST(an_observation_is_meant_when_every_field_matches)
{
	AUTO_JSON json_t *line = scene_json(observation);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct yaml *root = where(rows[i].where);
		struct match match = { "mqtt.subscribe", root };
		ck_assert_msg(match_is(&match, line) == rows[i].is, "%s", rows[i].where);
		match.kind = "mqtt.publish";
		ck_assert(!match_is(&match, line));
		match.kind = NULL;
		ck_assert(match_is(&match, line) == rows[i].is);
		yaml_free(root);
	}
}
END_TEST

START_TEST(what_is_meant_can_be_told)
{
	struct yaml *root = where("{topic: a/b, granted: [0, \"1\"]}");
	struct match match = { "mqtt.subscribe", root };
	AUTO_FREE char *text = match_describe(&match);
	ck_assert_str_eq(text, "mqtt.subscribe where topic is \"a/b\" and granted is [0,\"1\"]");
	AUTO_FREE char *any = match_describe(&(struct match){ 0 });
	ck_assert_str_eq(any, "any observation");
	yaml_free(root);
}
END_TEST

START_TEST(unquoted_numbers_and_truth_values_keep_their_type)
{
	struct yaml *root = where("{a: 1, b: -5, c: true, d: null, e: \"1\", f: 1x, g: 1.5, "
				  "h: 99999999999999999999, i: [1, {j: x}]}");
	AUTO_JSON json_t *json = match_json(root);
	AUTO_FREE char *text = json_text(json);
	ck_assert_str_eq(text, "{\"a\":1,\"b\":-5,\"c\":true,\"d\":null,\"e\":\"1\",\"f\":\"1x\","
			       "\"g\":1.5,\"h\":\"99999999999999999999\",\"i\":[1,{\"j\":\"x\"}"
			       "]}");
	yaml_free(root);
}
END_TEST

TEST_MAIN("conformance.match", an_observation_is_meant_when_every_field_matches,
	  what_is_meant_can_be_told, unquoted_numbers_and_truth_values_keep_their_type)
