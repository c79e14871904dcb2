#include "conformance/declared.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "conformance/judge_fixture.h"

#define QUIET SCENE_ONE("- seen: {for: upload.stored}\n    requirement: SND-1\n")

/* One more observation, and what is said of it. words NULL: nothing is wrong with it. */
static const struct {
	const char *kind, *fields, *requirement, *words;
} rows[] = {
	{ "snmp.request",
	  "{'device':'lobby','pdu':'get','community':'public','oids':['1.3.6.1.4.1.32473.1.3.4.1.8."
	  "1']}",
	  "COL-7", "document names or owners" },
	{ "snmp.request",
	  "{'device':'lobby','pdu':'getbulk','community':'public','oids':['1.3.6.1.4.1.32473.1.3.4."
	  "1.7']}",
	  NULL, NULL },
	{ "snmp.request", "{'device':'lobby','pdu':'set','community':'public','oids':[]}", "COL-1",
	  "no reading" },
	{ "snmp.request", "{'device':'lobby','pdu':'get','community':'private','oids':[]}", "COL-1",
	  "not given" },
	{ "dns.query", "{'name':'mqtt.ecsp.example','type':'A'}", NULL, NULL },
	{ "dns.query", "{'name':'10.0.16.10.in-addr.arpa','type':'PTR'}", NULL, NULL },
	{ "dns.query", "{'name':'secret.attacker.example','type':'A'}", "NET-2",
	  "no declared name" },
	{ "http.request", "{'method':'GET','path':'/v1/certificate'}", NULL, NULL },
	{ "http.request", "{'method':'POST','path':'/v1/telemetry'}", "SND-1", "not declared" },
	{ "http.request", "{'method':'GET','path':'/v1/certificate?leak=1'}", "SND-1",
	  "not declared" },
	{ "tls.hello", "{'connection':2,'sni':'exfil.attacker.example'}", "NET-2",
	  "no declared name" },
	{ "tls.hello", "{'connection':2,'sni':null}", "NET-2", "no name" },
	{ "mqtt.connect", "{'client':'somebody'}", "REM-2", "not its id" },
	{ "command.result-refused", "{'why':'unknown command'}", "REM-3", "nobody had asked" },
	{ "tls.failed", "{'why':'decryption failed or bad record mac'}", "TLS-1", "no TLS" },
	{ "tls.failed", "{'why':'the client refused'}", NULL, NULL },
};

START_TEST(what_is_not_declared_is_a_breach)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene s;
		const json_t *finding = NULL;
		scene_init(&s, QUIET);
		scene_truth(&s, 0, "{}");
		scene_works(&s, 100);
		scene_line(&s, 300, rows[i].kind, rows[i].fields);
		scene_end(&s, 800);
		scene_judge(&s);
		if (rows[i].words) {
			scene_says_of(&s, rows[i].kind, "declared-only", VERDICT_FAIL,
				      rows[i].words);
			scene_verdict(&s, "declared-only", rows[i].requirement, &finding);
			ck_assert_msg(finding != NULL, "row %zu: %s", i, rows[i].requirement);
		} else {
			scene_says_of(&s, rows[i].kind, "declared-only", VERDICT_PASS,
				      "declared ones");
		}
		scene_done(&s);
	}
}
END_TEST

START_TEST(an_agent_that_said_nothing_has_shown_nothing)
{
	struct scene s;
	scene_init(&s, QUIET);
	scene_truth(&s, 0, "{}");
	scene_end(&s, 800);
	scene_judge(&s);
	scene_says(&s, "declared-only", VERDICT_INCONCLUSIVE, "not seen to speak");
	scene_done(&s);
}
END_TEST

TEST_MAIN("conformance.declared", what_is_not_declared_is_a_breach,
	  an_agent_that_said_nothing_has_shown_nothing)
