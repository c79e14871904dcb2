#include "conformance/declared.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/json.h"
#include "conformance/launch.h"
#include "ecsp/ecsp.h"
#include "sim/cloud/cloud.h"

/* Document name and owner in the job table of docs/printer-extension.md: print data. */
static const char *const print_data[] = { "1.3.6.1.4.1.32473.1.3.4.1.8",
					  "1.3.6.1.4.1.32473.1.3.4.1.9" };
/* Of the names that are declared for every agent, those with an account in a region have their own,
 * and no business with the others. */
static const char *const labels[] = { "api", "mqtt", "service" };

struct place {
	const struct judge *judge;
	const json_t *line;
	size_t index; /* of the line */
	const char *agent_id;
};

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcasecmp(words[i], word))
			return true;
	return false;
}

static bool is_declared_name(const struct place *place, const char *name)
{
	const char *region = place->judge->evidence->scenario->region;
	bool declared = false;

	for (size_t i = 0; i < COUNT_OF(labels) && !declared; i++) {
		AUTO_FREE char *host = region_host(labels[i], region);
		declared = !strcasecmp(host, name);
	}
	return declared;
}

/* Each check returns what is wrong with the observation, for the caller to free, or NULL. */

static char *asks_print_data(const struct place *place)
{
	size_t i;
	json_t *oid;

	json_array_foreach (json_object_get(place->line, "oids"), i, oid) {
		const char *text = json_is_string(oid) ? json_string_value(oid) : "";
		for (size_t k = 0; k < COUNT_OF(print_data); k++) {
			size_t size = strlen(print_data[k]);
			if (!strncmp(text, print_data[k], size) &&
			    (!text[size] || text[size] == '.'))
				return alloc_printf("the agent asked a printer for document names "
						    "or owners: %s",
						    text);
		}
	}
	return NULL;
}

static char *writes_printer(const struct place *place)
{
	static const char *const reads[] = { "get", "getnext", "getbulk" };
	const char *pdu = json_text_of(place->line, "pdu", "");
	if (is_one_of(pdu, reads, COUNT_OF(reads)))
		return NULL;
	return alloc_printf("the agent sent a printer the SNMP request '%s', which is no reading",
			    pdu);
}

/* A community is a password: another than its own is none of the agent's business, not even one
 * that the printer would take. */
static char *foreign_community(const struct place *place)
{
	const struct yaml *config = place->judge->evidence->scenario->config;
	const struct yaml *told = config ? yaml_get(config, "community") : NULL;
	const char *given = told && told->text ? told->text : LAUNCH_COMMUNITY;
	const char *community = json_text_of(place->line, "community", NULL);

	if (!community || /* v3: a user that the printer knows */ !strcmp(community, given))
		return NULL;
	return alloc_printf("the agent used the SNMP community '%s', which it was not given",
			    community);
}

static char *foreign_name(const struct place *place)
{
	const char *name = json_text_of(place->line, "name", "");
	size_t size = strlen(name);
	static const char reverse[] = ".in-addr.arpa";
	bool looks_back = size > sizeof(reverse) - 1 &&
			  !strcasecmp(name + size - (sizeof(reverse) - 1), reverse);
	if (looks_back || is_declared_name(place, name))
		return NULL;
	return alloc_printf("the agent asked the resolver for '%s', which is no declared name",
			    name);
}

/* All of them below /v1/agents/{agent}. */
static const struct {
	const char *method, *tail;
} declared_paths[] = {
	{ "PUT", "" },
	{ "POST", ECSP_PATH_RECORDS },
	{ "GET", ECSP_PATH_CONFIGURATION },
	{ "PUT", ECSP_PATH_APPLIED },
};

static char *foreign_path(const struct place *place)
{
	const char *method = json_text_of(place->line, "method", "");
	const char *path = json_text_of(place->line, "path", "");
	const struct scenario *scenario = place->judge->evidence->scenario;
	bool declared = !strcmp(method, "GET") && !strcmp(path, ECSP_PATH_CERTIFICATE);
	size_t below = strlen(ECSP_PATH_AGENTS);
	const char *id = strncmp(path, ECSP_PATH_AGENTS, below) ? "" : path + below;
	size_t size = strcspn(id, "/");

	for (size_t i = 0; i < COUNT_OF(declared_paths); i++)
		declared = declared || (!strcmp(method, declared_paths[i].method) &&
					launch_is_own(scenario, place->agent_id, id, size) &&
					!strcmp(id + size, declared_paths[i].tail));
	return declared ? NULL
			: alloc_printf("the agent sent %s %s, which is not declared", method, path);
}

static char *foreign_sni(const struct place *place)
{
	const char *sni = json_text_of(place->line, "sni", NULL);
	if (sni && is_declared_name(place, sni))
		return NULL;
	return alloc_printf("the agent opened TLS for %s%s, which is no declared name",
			    sni ? "the name " : "no name", sni ? sni : "");
}

static char *foreign_client(const struct place *place)
{
	const char *client = json_text_of(place->line, "client", "");
	if (launch_is_own(place->judge->evidence->scenario, place->agent_id, client,
			  strlen(client)))
		return NULL;
	return alloc_printf("the agent called itself '%s' at MQTT, which is not its id", client);
}

static int64_t connection_of(const json_t *line)
{
	return json_int_of(line, "connection", -1);
}

/* What a simulator answers out of malice says nothing about the login. */
static bool is_forged(const struct place *place)
{
	static const struct match reached = { .kind = "fault.reached" };
	int64_t connection = connection_of(place->line);

	for (size_t i = judge_find(place->judge, &reached, NULL, 0); i != SIZE_MAX;
	     i = judge_find(place->judge, &reached, NULL, i + 1))
		if (connection_of(judge_line(place->judge, i)) == connection)
			return true;
	return false;
}

/* What the agent was given may hold no more: then a refusal is not its doing. */
static bool was_changed(const struct place *place)
{
	for (size_t i = 0; i < place->index; i++) {
		const json_t *line = judge_line(place->judge, i);
		const char *kind = json_text_of(line, "kind", "");
		if (!strcmp(kind, "credentials.rotated") || !strcmp(kind, "credentials.revoked") ||
		    (!strcmp(kind, "fault.armed") &&
		     !strcmp(json_text_of(line, "fault", ""), "cloud.revoked")))
			return true;
	}
	return false;
}

/* The user of the request or CONNECT that is answered here; NULL if it named none. */
static const char *answered_user(const struct place *place, const char *kind)
{
	for (size_t i = place->index; i-- > 0;) {
		const json_t *line = judge_line(place->judge, i);
		if (!strcmp(json_text_of(line, "kind", ""), kind) &&
		    connection_of(line) == connection_of(place->line))
			return json_text_of(line, "user", NULL);
	}
	return NULL;
}

static char *refused_login(const struct place *place, const char *kind)
{
	const char *user = answered_user(place, kind);
	if (!user || is_forged(place) || was_changed(place))
		return NULL;
	return alloc_printf("the agent logged in as '%s' with a password that it was not given",
			    user);
}

static char *wrong_password(const struct place *place)
{
	return json_int_of(place->line, "status", 0) == 401 ? refused_login(place, "http.request")
							    : NULL;
}

/* MQTT 3.1.1, 3.2.2.3: 4 bad user name or password, 5 not authorized. */
static char *wrong_mqtt_password(const struct place *place)
{
	int64_t code = json_int_of(place->line, "code", 0);
	return code == 4 || code == 5 ? refused_login(place, "mqtt.connect") : NULL;
}

static char *refused_result(const struct place *place)
{
	return alloc_printf("the agent reported a result that nobody had asked for: %s",
			    json_text_of(place->line, "why", "it was refused"));
}

/* What OpenSSL at the cloud says of bytes that are no TLS although their frame looks like it. */
static char *is_no_tls(const struct place *place)
{
	static const char *const signs[] = { "bad record mac",    "wrong version number",
					     "http request",      "unexpected message",
					     "unexpected record", "bad record type" };
	const char *why = json_text_of(place->line, "why", "");
	for (size_t i = 0; i < COUNT_OF(signs); i++)
		if (strstr(why, signs[i]))
			return alloc_printf("the agent sent the cloud bytes that are no TLS: %s",
					    why);
	return NULL;
}

/* Requirement by kind of agent; NULL: the rule does not concern that kind. */
static const struct check {
	const char *kind; /* of the observation */
	char *(*wrong)(const struct place *place);
	const char *requirement[AGENT_KINDS];
} checks[] = {
	{ "snmp.request", asks_print_data, { "COL-7", "COL-7", "COL-7", "COL-7" } },
	{ "snmp.request", writes_printer, { "COL-1", "COL-1", "COL-1", "COL-1" } },
	{ "snmp.request", foreign_community, { "COL-1", "COL-1", "COL-1", "COL-1" } },
	{ "dns.query", foreign_name, { "NET-2", "NET-5", "NET-7", "NET-8" } },
	{ "http.request", foreign_path, { "SND-1", "SND-2", "NET-7", "NET-8" } },
	{ "tls.hello", foreign_sni, { "NET-2", "NET-5", "NET-7", "NET-8" } },
	{ "mqtt.connect", foreign_client, { "REM-2", "REM-2", "REM-2", "REM-2" } },
	{ "http.response", wrong_password, { "SND-1", "SND-2", "NET-7", "NET-8" } },
	{ "mqtt.connack", wrong_mqtt_password, { "REM-2", "REM-2", "REM-2", "REM-2" } },
	{ "command.result-refused", refused_result, { "REM-3", "REM-3", "REM-3", "REM-3" } },
	{ "tls.failed", is_no_tls, { "TLS-1", "TLS-1", "TLS-1", "TLS-1" } },
	{ "tls.closed", is_no_tls, { "TLS-1", "TLS-1", "TLS-1", "TLS-1" } },
};

static void add(struct judge *judge, const char *requirement, enum verdict verdict,
		const char *reason, bool frame, uint64_t number)
{
	struct finding finding = {
		.requirement = requirement,
		.rule = "declared-only",
		.verdict = verdict,
		.reason = reason,
		.standing = true,
	};
	if (number)
		judge_refer(&finding, frame, number);
	judge_add(judge, &finding);
}

/* Tells the first breach of each check. */
static size_t run_check(struct judge *judge, const struct check *check, const char *agent_id)
{
	struct match match = { .kind = check->kind };
	int kind = judge->evidence->scenario->agent;

	for (size_t i = judge_find(judge, &match, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &match, NULL, i + 1)) {
		struct place place = { judge, judge_line(judge, i), i, agent_id };
		AUTO_FREE char *wrong = check->wrong(&place);
		if (!wrong)
			continue;
		add(judge, check->requirement[kind], VERDICT_FAIL, wrong, false, i + 1);
		return 1;
	}
	return 0;
}

/* The password, as it is or as HTTP's login, may be inside TLS only. */
static size_t find_secret(struct judge *judge, const char *agent_id, const char *secret)
{
	AUTO_FREE char *login = alloc_printf("%s:%s", agent_id, secret);
	AUTO_FREE char *basic = base64_encode(login, strlen(login));
	const char *const marks[] = { secret, basic };

	for (size_t i = 0; *secret && i < judge->evidence->capture.frame_count; i++) {
		const struct capture_frame *frame = &judge->evidence->capture.frames[i];
		for (size_t k = 0; frame->from_agent && k < COUNT_OF(marks); k++) {
			if (!memmem(frame->data, frame->size, marks[k], strlen(marks[k])))
				continue;
			add(judge, "GEN-2", VERDICT_FAIL, "the agent's password left it in clear",
			    true, frame->number);
			return 1;
		}
	}
	return 0;
}

/* The first, and those that it was given later. */
static size_t check_secrets(struct judge *judge, const char *agent_id)
{
	static const struct match given = { .kind = "secret.given" };
	size_t breaches = find_secret(judge, agent_id,
				      json_text_of(judge->evidence->start, "agentSecret", ""));

	for (size_t i = judge_find(judge, &given, NULL, 0); i != SIZE_MAX && !breaches;
	     i = judge_find(judge, &given, NULL, i + 1))
		breaches = find_secret(judge, agent_id,
				       json_text_of(judge_line(judge, i), "secret", ""));
	return breaches;
}

void judge_declared(struct judge *judge)
{
	const char *agent_id = json_text_of(judge->evidence->start, "agentId", "");
	size_t breaches = check_secrets(judge, agent_id);

	for (size_t i = 0; i < COUNT_OF(checks); i++)
		breaches += run_check(judge, &checks[i], agent_id);
	if (breaches)
		return;
	bool shown = judge->activity.connections > 0;
	add(judge, judge->evidence->scenario->agent == AGENT_ES ? "SND-2" : "SND-1",
	    shown ? VERDICT_PASS : VERDICT_INCONCLUSIVE,
	    shown ? "names, paths, clients, logins and readings are the declared ones, and no "
		    "password is in clear"
		  : "the agent was not seen to speak to the cloud",
	    false, 0);
}
