#include "conformance/cloud_action.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/loop.h"
#include "base/test.h"
#include "sim/cloud/cloud.h"

/* A cloud that nobody speaks to, and the kinds of what it said. */
struct bed {
	struct tap tap; /* first */
	struct loop *loop;
	struct cloud *cloud;
	char said[256];
};

static void seen(struct tap *tap, const char *kind, json_t *fields)
{
	struct bed *bed = (struct bed *)tap;
	snprintf(bed->said, sizeof(bed->said), "%s of %s", kind, json_text_of(fields, "agent", ""));
	json_decref(fields);
}

static void bed_init(struct bed *bed)
{
	struct error err = { 0 };

	*bed = (struct bed){ .tap = { seen }, .loop = loop_new() };
	bed->cloud = cloud_new(&(struct cloud_options){ .loop = bed->loop,
							.tap = &bed->tap,
							.store_path = ":memory:" },
			       &err);
	ck_assert_msg(bed->cloud, "%s", err.text);
	ck_assert_int_eq(cloud_add_agent(bed->cloud, "dc-0001", "secret", "dc", &err), 0);
}

static void bed_done(struct bed *bed)
{
	cloud_free(bed->cloud);
	loop_free(bed->loop);
}

/* What was refused, or "" when it was done. */
static char *do_it(struct bed *bed, const char *action, const char *parameters)
{
	struct error err = { 0 };
	AUTO_JSON json_t *rows = json_array();
	AUTO_JSON json_t *request = json_pack("{s:s,s:s}", "ask", "do", "action", action);

	json_object_set_new(request, "parameters", json_loads(parameters, 0, NULL));
	int status = cloud_action_ask(bed->cloud, request, rows, &err);
	return alloc_text(status < 0 ? error_text(&err) : "");
}

static const struct {
	const char *action, *parameters, *said, *refused;
} rows[] = {
	{ "rotate", "{\"agent\":\"dc-0001\",\"secret\":\"x\"}", "credentials.rotated of dc-0001" },
	{ "rotate", "{\"agent\":\"dc-0001\",\"secret\":\"x\",\"overlap\":\"5s\"}",
	  "credentials.rotated of dc-0001" },
	{ "rotate", "{\"agent\":\"dc-0001\"}", "", "found secret none" },
	{ "rotate", "{\"agent\":\"dc-0001\",\"secret\":\"\"}", "", "a secret of 0 bytes" },
	{ "rotate", "{\"secret\":\"x\"}", "", "found agent none" },
	{ "revoke", "{\"agent\":\"dc-0001\"}", "credentials.revoked of dc-0001" },
	{ "revoke", "{\"agent\":\"dc-0002\"}", "", "no agent dc-0002" },
	{ "restore", "{\"agent\":\"dc-0001\"}", "credentials.reinstated of dc-0001" },
	{ "renew", "{\"listener\":\"mqtt\"}", "certificate.renewed of " },
	{ "renew", "{\"listener\":\"https\"}", "certificate.renewed of " },
	{ "renew", "{\"listener\":\"snmp\"}", "", "found listener" },
	{ "renew", "{\"listener\":\"mqtt\",\"former\":true}", "", "no certificate was renewed" },
	{ "limit", "{\"requests\":5,\"per\":\"1s\"}", "" },
	{ "limit", "{\"requests\":0}", "" },
	{ "limit", "{\"requests\":-1}", "", "found requests -1" },
	{ "limit", "{}", "", "found requests none" },
	{ "configure", "{\"agent\":\"dc-0001\",\"interval\":\"5s\",\"poll\":\"100ms\"}",
	  "configuration.set of dc-0001" },
	{ "configure", "{\"agent\":\"dc-0001\",\"document\":\"{\"}",
	  "configuration.set of dc-0001" },
	{ "configure", "{\"agent\":\"dc-0001\",\"interval\":\"5ms\"}", "",
	  "/intervalMs: found too small a number" },
	{ "configure", "{\"agent\":\"nobody\",\"interval\":\"5s\"}", "", "no agent nobody" },
	{ "designate", "{\"agent\":\"dc-0001\",\"targets\":\"10.16.0.10 10.16.0.11\"}",
	  "configuration.set of dc-0001" },
	{ "designate", "{\"agent\":\"dc-0001\",\"targets\":\"\"}", "configuration.set of dc-0001" },
	{ "designate", "{\"agent\":\"dc-0001\",\"targets\":\"lobby\"}", "",
	  "/designated/0: found lobby, expected an IPv4 address" },
	{ "explode", "{}", "", "found action 'explode'" },
	{ "command", "{\"serial\":\"X1\"}", "", "found agent none" },
};

START_TEST(what_the_operator_asks_for_is_done_or_refused_with_a_sentence)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bed bed;
		bed_init(&bed);
		AUTO_FREE char *refused = do_it(&bed, rows[i].action, rows[i].parameters);
		const char *expected = rows[i].refused ? rows[i].refused : "";
		ck_assert_msg(*expected ? strstr(refused, expected) != NULL : !*refused,
			      "%s %s: %s", rows[i].action, rows[i].parameters, refused);
		ck_assert_str_eq(bed.said, rows[i].said);
		bed_done(&bed);
	}
}
END_TEST

START_TEST(a_scenario_need_not_name_its_own_agent)
{
	struct bed bed;
	struct error err = { 0 };
	AUTO_JSON json_t *none = json_object();

	bed_init(&bed);
	ck_assert_int_eq(cloud_action_do(bed.cloud, "dc-0001", "revoke", none, NULL, &err), 0);
	ck_assert_str_eq(bed.said, "credentials.revoked of dc-0001");
	bed_done(&bed);
}
END_TEST

TEST_MAIN("conformance.cloud_action", what_the_operator_asks_for_is_done_or_refused_with_a_sentence,
	  a_scenario_need_not_name_its_own_agent)
