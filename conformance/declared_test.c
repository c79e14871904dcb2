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

/* A login and its answer; the fault, if there is one, on connection 7. */
static const struct {
	const char *asked, *ask, *answered, *answer;
	bool forged;
	const char *requirement; /* NULL: nothing is wrong */
} logins[] = {
	{ "http.request", "{'method':'GET','path':'/v1/certificate','connection':7,'user':'dc-1'}",
	  "http.response", "{'connection':7,'status':401}", false, "SND-1" },
	{ "http.request", "{'method':'GET','path':'/v1/certificate','connection':7,'user':'dc-1'}",
	  "http.response", "{'connection':7,'status':403}", false, NULL },
	{ "http.request", "{'method':'GET','path':'/v1/certificate','connection':7,'user':'dc-1'}",
	  "http.response", "{'connection':7,'status':401}", true, NULL },
	{ "http.request", "{'method':'GET','path':'/v1/certificate','connection':7,'user':null}",
	  "http.response", "{'connection':7,'status':401}", false, NULL },
	{ "http.request", "{'method':'GET','path':'/v1/certificate','connection':8,'user':'dc-1'}",
	  "http.response", "{'connection':7,'status':401}", false, NULL },
	{ "mqtt.connect", "{'client':'dc-1','connection':7,'user':'dc-1'}", "mqtt.connack",
	  "{'connection':7,'code':4}", false, "REM-2" },
	{ "mqtt.connect", "{'client':'dc-1','connection':7,'user':'dc-1'}", "mqtt.connack",
	  "{'connection':7,'code':5}", false, "REM-2" },
	{ "mqtt.connect", "{'client':'dc-1','connection':7,'user':'dc-1'}", "mqtt.connack",
	  "{'connection':7,'code':5}", true, NULL },
	{ "mqtt.connect", "{'client':'dc-1','connection':7,'user':'dc-1'}", "mqtt.connack",
	  "{'connection':7,'code':3}", false, NULL },
};

START_TEST(a_login_that_is_refused_was_made_with_a_password_that_was_not_given)
{
	for (size_t i = 0; i < COUNT_OF(logins); i++) {
		struct scene s;
		const json_t *finding = NULL;
		scene_init(&s, QUIET);
		scene_truth(&s, 0, "{}");
		scene_works(&s, 100);
		scene_line(&s, 300, logins[i].asked, logins[i].ask);
		if (logins[i].forged)
			scene_line(&s, 310, "fault.reached",
				   "{'connection':7,'fault':'cloud.http-status'}");
		scene_line(&s, 320, logins[i].answered, logins[i].answer);
		scene_end(&s, 800);
		scene_judge(&s);
		scene_says_of(&s, logins[i].answer, "declared-only",
			      logins[i].requirement ? VERDICT_FAIL : VERDICT_PASS,
			      logins[i].requirement ? "logged in as 'dc-1'" : "declared ones");
		if (logins[i].requirement)
			scene_verdict(&s, "declared-only", logins[i].requirement, &finding);
		ck_assert(!logins[i].requirement || finding);
		scene_done(&s);
	}
}
END_TEST

START_TEST(a_password_that_was_given_and_holds_no_more_is_no_breach)
{
	static const char *const changes[][2] = {
		{ "credentials.rotated", "{'agent':'dc-1'}" },
		{ "credentials.revoked", "{'agent':'dc-1'}" },
		{ "fault.armed", "{'fault':'cloud.revoked'}" },
		{ "fault.armed", "{'fault':'cloud.down'}" },
	};
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		bool told = !strstr(changes[i][1], "down");
		struct scene s;
		scene_init(&s, QUIET);
		scene_truth(&s, 0, "{}");
		scene_works(&s, 100);
		scene_line(&s, 200, changes[i][0], changes[i][1]);
		scene_line(&s, 300, logins[5].asked, logins[5].ask);
		scene_line(&s, 320, logins[5].answered, logins[5].answer);
		scene_end(&s, 800);
		scene_judge(&s);
		scene_says_of(&s, changes[i][1], "declared-only",
			      told ? VERDICT_PASS : VERDICT_FAIL,
			      told ? "declared ones" : "logged in as 'dc-1'");
		scene_done(&s);
	}
}
END_TEST

#define OURS                                                                                       \
	"format: ecsp-scenario/1\nid: t.scene\ntitle: t\npurpose: p\nagent: dc\n"                  \
	"config: {community: ours}\nprinters:\n"                                                   \
	"  - {name: lobby, profile: sc-t-24, address: 10.16.0.10, community: theirs}\n"            \
	"steps: []\nexpect:\n  - seen: {for: upload.stored}\n    requirement: SND-1\n"

START_TEST(the_community_that_the_agent_was_given_is_the_only_one)
{
	static const struct {
		const char *community;
		enum verdict verdict;
		const char *words;
	} communities[] = { { "ours", VERDICT_PASS, "are the declared ones" },
			    { "public", VERDICT_FAIL, "'public', which it was not given" },
			    { "theirs", VERDICT_FAIL, "'theirs', which it was not given" } };
	for (size_t i = 0; i < COUNT_OF(communities); i++) {
		struct scene s;
		AUTO_FREE char *request =
			alloc_printf("{'device':'lobby','pdu':'get','community':'%s','oids':[]}",
				     communities[i].community);
		scene_init(&s, OURS);
		scene_truth(&s, 0, "{}");
		scene_line(&s, 90, "tls.hello", "{'connection':1,'sni':'api.ecsp.example'}");
		scene_line(&s, 100, "snmp.request", request);
		scene_end(&s, 800);
		scene_judge(&s);
		scene_says_of(&s, communities[i].community, "declared-only", communities[i].verdict,
			      communities[i].words);
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

TEST_MAIN("conformance.declared", the_community_that_the_agent_was_given_is_the_only_one,
	  what_is_not_declared_is_a_breach,
	  a_login_that_is_refused_was_made_with_a_password_that_was_not_given,
	  a_password_that_was_given_and_holds_no_more_is_no_breach,
	  an_agent_that_said_nothing_has_shown_nothing)
