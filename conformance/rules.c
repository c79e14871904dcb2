/* rules.c: what must hold in every scenario, whatever it is about. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "conformance/canary.h"
#include "conformance/declared.h"
#include "conformance/designation.h"
#include "conformance/judge.h"
#include "conformance/secret.h"
#include "conformance/wire.h"
#include "sim/world/world.h"

/* Everything the rules look at, made once. */
struct rules {
	struct judge *judge;
	struct flow_table *flows;
	struct wire_facts facts;
	uint64_t broken; /* bit i: wire_rules[i] has a breach */
};

/* NET-n of this kind of agent for a protocol; NULL where it has none. */
static const char *net_row(enum agent_kind kind, size_t protocol)
{
	static const char *const rows[AGENT_KINDS][4] = {
		/* SNMP     HTTPS    MQTT     ENPC */
		[AGENT_DC] = { "NET-1", "NET-2", "NET-3", "NET-4" },
		[AGENT_ES] = { NULL, "NET-5", "NET-6", NULL },
		[AGENT_MOBILE] = { NULL, "NET-7", NULL, NULL },
		[AGENT_PC] = { NULL, "NET-8", NULL, NULL },
	};
	return rows[kind][protocol];
}

static enum agent_kind kind_of(const struct rules *rules)
{
	return (enum agent_kind)rules->judge->evidence->scenario->agent;
}

static size_t find(const struct rules *rules, const char *kind, size_t from)
{
	struct match match = { .kind = kind };
	return judge_find(rules->judge, &match, NULL, from);
}

static void add(struct rules *rules, const char *rule, const char *requirement,
		enum verdict verdict, const char *reason, bool frame, uint64_t number)
{
	struct finding finding = {
		.requirement = requirement,
		.rule = rule,
		.verdict = verdict,
		.reason = reason,
		.standing = true,
	};
	if (number)
		judge_refer(&finding, frame, number);
	judge_add(rules->judge, &finding);
}

/* ---- the wire ---- */

static void on_breach(void *arg, const struct wire_breach *breach)
{
	struct rules *rules = arg;
	struct finding finding = {
		.requirement = breach->requirement,
		.standing = true,
		.rule = breach->rule->name,
		.verdict = VERDICT_FAIL,
		.reason = breach->text,
		.expected = breach->expected,
		.found = breach->found,
	};
	rules->broken |= UINT64_C(1) << (breach->rule - wire_rules);
	judge_refer(&finding, true, breach->frame);
	judge_add(rules->judge, &finding);
}

static void check_wire(struct rules *rules)
{
	const struct scenario *scenario = rules->judge->evidence->scenario;
	size_t count = scenario->printers.count;
	AUTO_FREE uint32_t *all = alloc_zero(count, sizeof(*all));
	struct designation designation;

	designation_init(&designation, rules->judge);
	struct wire_policy policy = {
		.agent = (enum wire_agent)scenario->agent,
		.resolver = WORLD_DNS_IP,
		.broadcast = 0x0affffff,
		/* .8 to .15: the three declared names are .10, .11 and .12. */
		.cloud_net = WORLD_CLOUD_NET | 8,
		.cloud_mask = 0xfffffff8,
		.designated = designation.designated,
		.designated_count = designation.count,
		.closed = designation.closed,
		.closed_count = designation.closed_count,
		.printers = all,
		.printer_count = count,
		.discovery = scenario->discovers,
	};

	for (size_t i = 0; i < count; i++)
		all[i] = scenario_printer(scenario, i)->address;
	wire_check(&rules->judge->evidence->capture, rules->flows, &policy, &rules->facts,
		   on_breach, rules);
	designation_done(&designation);
}

/* What an agent must have done before the absence of a breach shows anything. */
static bool was_tried(const struct rules *rules, const struct wire_rule *rule)
{
	if (!strncmp(rule->name, "tls", 3))
		return rules->facts.tls_connections > 0;
	if (!strcmp(rule->name, "designated-only"))
		return kind_of(rules) == AGENT_DC && rules->facts.snmp > 0;
	return rules->facts.connections > 0 || rules->facts.snmp > 0;
}

static void kept(struct rules *rules, const struct wire_rule *rule, const char *requirement)
{
	const struct wire_facts *facts = &rules->facts;
	bool tried = was_tried(rules, rule);
	bool blind = facts->bytes_unseen > 0;
	AUTO_FREE char *reason =
		!tried  ? alloc_text("the agent did nothing that this rule is about")
		: blind ? alloc_printf("%" PRIu64 " bytes of the agent are missing in the capture",
				       facts->bytes_unseen)
			: alloc_printf("%s: %" PRIu64 " connections, %" PRIu64
				       " bytes inside TLS, %" PRIu64 " SNMP and %" PRIu64
				       " ENPC requests to designated printers",
				       rule->title, facts->connections, facts->bytes, facts->snmp,
				       facts->enpc);
	uint64_t frame = facts->first_hello ? facts->first_hello : facts->first_frame;
	add(rules, rule->name, requirement, tried && !blind ? VERDICT_PASS : VERDICT_INCONCLUSIVE,
	    reason, true, frame);
}

static void judge_wire_rules(struct rules *rules)
{
	check_wire(rules);
	for (size_t i = 0; wire_rules[i].name; i++) {
		const struct wire_rule *rule = &wire_rules[i];
		if (rules->broken >> i & 1)
			continue;
		/* An ES Agent designates nothing: it reads its own device. */
		if (!strcmp(rule->name, "designated-only") && kind_of(rules) != AGENT_DC)
			continue;
		if (rule->requirement)
			kept(rules, rule, rule->requirement);
		for (size_t k = 0; rule->also && rule->also[k]; k++)
			kept(rules, rule, rule->also[k]);
	}
}

/* Each port that the agent's table declares, when it was used and nothing else was. */
static void judge_declared_ports(struct rules *rules)
{
	const struct wire_facts *facts = &rules->facts;
	size_t http = find(rules, "http.request", 0), mqtt = find(rules, "mqtt.connect", 0);
	const struct {
		bool used;
		bool frame;
		uint64_t number;
		const char *what;
	} protocols[] = {
		{ facts->snmp > 0, true, facts->first_snmp, "SNMP went to UDP port 161 only" },
		{ http != SIZE_MAX, false, http + 1, "HTTPS went to TCP port 443 only" },
		{ mqtt != SIZE_MAX, false, mqtt + 1, "MQTT went over TLS to TCP port 443 only" },
		{ facts->enpc > 0, true, facts->first_enpc, "ENPC went to UDP port 3289 only" },
	};
	if (facts->breaches)
		return; /* told by the rule that was broken */
	for (size_t i = 0; i < COUNT_OF(protocols); i++) {
		const char *row = net_row(kind_of(rules), i);
		if (row && protocols[i].used)
			add(rules, "declared-ports", row, VERDICT_PASS, protocols[i].what,
			    protocols[i].frame, protocols[i].number);
	}
}

/* ---- listeners ---- */

/* A line that shows an open door; NULL if it shows none. */
static char *open_door(const json_t *line)
{
	const char *kind = json_text_of(line, "kind", "");
	const char *protocol = json_text_of(line, "protocol", "");
	int64_t port = json_int_of(line, "port", 0);

	if (!strcmp(kind, "socket.listen"))
		return alloc_printf("the agent listens on %s port %" PRId64, protocol, port);
	/* UDP-Lite too, and whatever else is not TCP: what is bound to a port receives on it. */
	if (!strcmp(kind, "socket.bind") && port && strcmp(protocol, "tcp") != 0)
		return alloc_printf("the agent bound %s port %" PRId64 " to receive on it",
				    protocol, port);
	if (!strcmp(kind, "world.sockets") && json_array_size(json_object_get(line, "listening"))) {
		AUTO_FREE char *rows = json_text(json_object_get(line, "listening"));
		return alloc_printf("a listening socket was there at the end: %s", rows);
	}
	return NULL;
}

static void judge_listeners(struct rules *rules)
{
	static const char *const kinds[] = { "socket.listen", "socket.bind", "world.sockets" };
	const char *row = net_row(kind_of(rules), 1);
	size_t looked = find(rules, "world.sockets", 0);

	for (size_t k = 0; k < COUNT_OF(kinds); k++) {
		for (size_t i = find(rules, kinds[k], 0); i != SIZE_MAX;
		     i = find(rules, kinds[k], i + 1)) {
			AUTO_FREE char *door = open_door(judge_line(rules->judge, i));
			if (door) {
				add(rules, "no-listener", row, VERDICT_FAIL, door, false, i + 1);
				return;
			}
		}
	}
	bool shown = rules->facts.connections > 0 && looked != SIZE_MAX;
	add(rules, "no-listener", row, shown ? VERDICT_PASS : VERDICT_INCONCLUSIVE,
	    shown ? "no socket was opened for others to come in"
		  : "the agent was not seen at work, or the last look at its sockets is missing",
	    false, looked == SIZE_MAX ? 0 : looked + 1);
}

/* ---- print data ---- */

static void on_mark(void *arg, const struct canary_hit *hit)
{
	struct rules *rules = arg;
	AUTO_FREE char *reason = alloc_printf("the agent sent %s (%s, %s)", hit->mark->what,
					      hit->encoding, hit->where);
	add(rules, "no-print-data", "COL-7", VERDICT_FAIL, reason, true, hit->frame);
}

/* What the cloud itself told the agent comes back in answers: that is no leak. */
static bool was_told(const struct rules *rules, const char *text)
{
	for (size_t i = find(rules, "mark.told", 0); i != SIZE_MAX;
	     i = find(rules, "mark.told", i + 1))
		if (!strcmp(json_text_of(judge_line(rules->judge, i), "text", ""), text))
			return true;
	return false;
}

static size_t collect_marks(const struct rules *rules, struct canary_mark **marks)
{
	size_t count = 0;

	*marks = NULL;
	for (size_t i = find(rules, "mark", 0); i != SIZE_MAX; i = find(rules, "mark", i + 1)) {
		const json_t *line = judge_line(rules->judge, i);
		if (was_told(rules, json_text_of(line, "text", "")))
			continue;
		*marks = alloc_grow(*marks, count + 1, sizeof(**marks));
		(*marks)[count++] = (struct canary_mark){
			.text = json_text_of(line, "text", ""),
			.what = json_text_of(line, "what", "a mark"),
		};
	}
	return count;
}

static void judge_marks(struct rules *rules)
{
	struct error err = { 0 };
	struct canary_mark *marks;
	size_t count = collect_marks(rules, &marks);
	struct canary *canary = count ? canary_new(marks, count, &err) : NULL;
	size_t before = json_array_size(rules->judge->findings);
	bool whole = canary && canary_search_capture(canary, &rules->judge->evidence->capture,
						     rules->flows, on_mark, rules);
	bool clean = json_array_size(rules->judge->findings) == before;

	if (clean && whole && rules->judge->activity.uploads) {
		AUTO_FREE char *reason =
			alloc_printf("none of %zu marks in document names, owners and neighbours "
				     "is in any byte that left the agent",
				     count);
		add(rules, "no-print-data", "COL-7", VERDICT_PASS, reason, false,
		    rules->judge->activity.first_upload + 1);
	} else if (clean) {
		add(rules, "no-print-data", "COL-7", VERDICT_INCONCLUSIVE,
		    !count   ? "no mark was planted"
		    : !whole ? "the bytes could not be searched wholly"
			     : "nothing was uploaded that could have held print data",
		    false, 0);
	}
	canary_free(canary);
	free(marks);
}

/* ---- JSON ---- */

static void judge_json(struct rules *rules)
{
	struct match refused = { .kind = "upload.refused" };
	size_t at = judge_find(rules->judge, &refused, NULL, 0);

	if (at != SIZE_MAX) {
		AUTO_FREE char *reason = alloc_printf(
			"an upload was refused: %s", json_text_of(judge_line(rules->judge, at),
								  "why", "it breaks the contract"));
		add(rules, "json", "SND-3", VERDICT_FAIL, reason, false, at + 1);
		return;
	}
	size_t uploads = rules->judge->activity.uploads;
	AUTO_FREE char *reason =
		uploads ? alloc_printf("all %zu uploads are sound JSON of the declared shape",
				       uploads)
			: alloc_text("nothing was uploaded");
	add(rules, "json", "SND-3", uploads ? VERDICT_PASS : VERDICT_INCONCLUSIVE, reason, false,
	    uploads ? rules->judge->activity.first_upload + 1 : 0);
}

/* ---- the agent as a program ---- */

static char *died_how(const json_t *line)
{
	const char *signal = json_text_of(line, "signal", NULL);
	if (signal)
		return alloc_printf("the agent died of %s", signal);
	if (json_object_get(line, "signal"))
		return alloc_printf("the agent died of signal %" PRId64,
				    json_int_of(line, "signal", 0));
	return alloc_printf("the agent ended %s with exit code %" PRId64,
			    json_is_true(json_object_get(line, "asked")) ? "as it was told, but"
									 : "by itself",
			    json_int_of(line, "code", -1));
}

/* Processes that outlived it do no harm here, where the world ends them; on a customer's machine
 * they would stay. */
static bool judge_left(struct rules *rules)
{
	size_t at = find(rules, "agent.left", 0);
	if (at == SIZE_MAX)
		return false;
	const json_t *line = judge_line(rules->judge, at);
	int64_t count = json_int_of(line, "count", 0);
	AUTO_FREE char *reason = alloc_printf(
		"the agent ended and left %" PRId64 " process%s behind: %s%s", count,
		count == 1 ? "" : "es", json_text_of(line, "name", "?"), count > 1 ? ", …" : "");
	add(rules, "life", "OWN-1", VERDICT_WARN, reason, false, at + 1);
	return true;
}

static void judge_life(struct rules *rules)
{
	size_t killed = find(rules, "agent.killed", 0);
	size_t last = SIZE_MAX;

	if (killed != SIZE_MAX) {
		AUTO_FREE char *reason =
			alloc_printf("the agent had to be ended: %s",
				     json_text_of(judge_line(rules->judge, killed), "why", ""));
		add(rules, "life", "OWN-1", VERDICT_FAIL, reason, false, killed + 1);
		return;
	}
	for (size_t i = find(rules, "agent.exit", 0); i != SIZE_MAX;
	     i = find(rules, "agent.exit", i + 1)) {
		const json_t *line = judge_line(rules->judge, i);
		bool asked = json_is_true(json_object_get(line, "asked"));
		bool crashed = json_is_true(json_object_get(line, "crashed"));
		last = i;
		if (asked && !crashed && json_int_of(line, "code", 0) == 0)
			continue;
		AUTO_FREE char *how = died_how(line);
		add(rules, "life", "OWN-1", VERDICT_FAIL, how, false, i + 1);
		return;
	}
	if (judge_left(rules))
		return;
	bool worked = rules->judge->activity.collections || rules->judge->activity.connections;
	bool shown = last != SIZE_MAX && worked;
	add(rules, "life", "OWN-1", shown ? VERDICT_PASS : VERDICT_INCONCLUSIVE,
	    shown ? "the agent ended when it was told to"
		  : "the agent was not seen at work and ending",
	    false, last == SIZE_MAX ? 0 : last + 1);
}

/* Folders and files that no agent has any business to write: the machine's configuration, people's
 * homes, and whatever is named like evidence. */
static bool is_grave(const char *path)
{
	static const char *const folders[] = { "/etc/", "/root/", "/home/", "/boot/", "/sys/" };
	static const char *const names[] = { EVIDENCE_JOURNAL, EVIDENCE_TRUTH, EVIDENCE_CAPTURE,
					     EVIDENCE_RESULT, EVIDENCE_SUMS };
	const char *slash = strrchr(path, '/');

	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (!strncmp(path, folders[i], strlen(folders[i])))
			return true;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (slash && !strcmp(slash + 1, names[i]))
			return true;
	return false;
}

/* The gravest attempt to write outside its own folders; SIZE_MAX if there was none. */
static size_t gravest_write(const struct rules *rules, bool *grave)
{
	size_t first = find(rules, "file.write", 0);

	*grave = false;
	for (size_t i = first; i != SIZE_MAX; i = find(rules, "file.write", i + 1)) {
		if (is_grave(json_text_of(judge_line(rules->judge, i), "path", ""))) {
			*grave = true;
			return i;
		}
	}
	return first;
}

static void judge_files(struct rules *rules)
{
	bool grave;
	size_t touched = gravest_write(rules, &grave);
	size_t looked = find(rules, "world.files", 0);

	if (touched != SIZE_MAX) {
		AUTO_FREE char *reason = alloc_printf(
			"the agent tried to change %s, which is not its own (the world "
			"is read-only there)",
			json_text_of(judge_line(rules->judge, touched), "path", "?"));
		add(rules, "evidence-untouched", "OWN-2", grave ? VERDICT_FAIL : VERDICT_WARN,
		    reason, false, touched + 1);
		return;
	}
	bool shown = looked != SIZE_MAX &&
		     (rules->judge->activity.collections || rules->judge->activity.connections);
	add(rules, "evidence-untouched", "OWN-2", shown ? VERDICT_PASS : VERDICT_INCONCLUSIVE,
	    shown ? "no file was changed or opened for writing outside the agent's own folders"
		  : "the agent was not seen at work, or the watch on its files is missing",
	    false, looked == SIZE_MAX ? 0 : looked + 1);
}

void judge_standing_rules(struct judge *judge)
{
	struct rules rules = { .judge = judge };
	struct error err = { 0 };

	rules.flows = flow_table_new(&judge->evidence->capture);
	(void)err;
	judge_wire_rules(&rules);
	judge_declared_ports(&rules);
	judge_listeners(&rules);
	judge_marks(&rules);
	judge_json(&rules);
	judge_life(&rules);
	judge_files(&rules);
	judge_secrets(judge);
	judge_declared(judge);
	flow_table_free(rules.flows);
}
