/* judge_fixture.h: evidence made in memory, for tests of the judge: a scenario from text, journal
 * and truth from JSON (with ' for "), a capture whose every byte is chosen.
 *
 *	struct scene scene;
 *	scene_init(&scene, SCENE_ONE("- seen: {for: upload.stored}\n    requirement: SND-1\n"));
 *	scene_works(&scene, 100);
 *	scene_line(&scene, 500, "upload.stored", "{}");
 *	scene_judge(&scene);
 *	scene_says(&scene, "seen", VERDICT_PASS, "was seen");
 *	scene_done(&scene);
 */
#ifndef CONFORMANCE_JUDGE_FIXTURE_H
#define CONFORMANCE_JUDGE_FIXTURE_H

#include <check.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/wall.h"
#include "conformance/capture_fixture.h"
#include "conformance/data.h"
#include "conformance/journal.h"
#include "conformance/judge.h"

static const int64_t SCENE_MS = 1000000;
static const int64_t SCENE_WALL = INT64_C(1800000000000000000); /* 2027-01-15T08:00:00Z */

#define SCENE_TOP(agent)                                                                           \
	"format: ecsp-scenario/1\n"                                                                \
	"id: t.scene\n"                                                                            \
	"title: a scene\n"                                                                         \
	"purpose: to be judged\n"                                                                  \
	"agent: " agent "\n"                                                                       \
	"printers:\n"                                                                              \
	"  - {name: lobby, profile: sc-t-24, address: 10.16.0.10}\n"                               \
	"  - {name: neighbour, profile: sc-t-24, address: 10.16.0.11, decoy: true}\n"              \
	"steps:\n"                                                                                 \
	"  - fault: {name: cloud.http-status, with: {status: 503}}\n"                              \
	"  - fault: {name: printer.silent, device: lobby}\n"                                       \
	"  - observe: {for: 1s}\n"                                                                 \
	"    label: begin\n"                                                                       \
	"  - observe: {for: 1s}\n"                                                                 \
	"    label: over\n"                                                                        \
	"expect:\n"
#define SCENE_ONE(expectation) SCENE_TOP("dc") "  " expectation

struct scene {
	struct catalogue *catalogue;
	struct binding *binding;
	struct evidence evidence;
	struct buf capture;
	char *scenario;
	json_t *result; /* of scene_judge */
};

/* JSON text with ' for ", so that it can be read inside C. */
static inline json_t *scene_json(const char *text)
{
	struct error err = { 0 };
	AUTO_FREE char *copy = alloc_text(text);
	for (char *at = copy; *at; at++)
		*at = *at == '\'' ? '"' : *at;
	json_t *json = json_read_text(copy, strlen(copy), "scene", &err);
	ck_assert_msg(json != NULL, "%s: %s", text, err.text);
	return json;
}

/* One observation; its number follows. fields: an object. */
static inline void scene_add(struct scene *scene, int64_t ms, const char *kind, json_t *fields)
{
	json_t *line = json_pack("{s:I,s:I,s:s}", "n",
				 (json_int_t)json_array_size(scene->evidence.journal), "ns",
				 (json_int_t)(ms * SCENE_MS), "kind", kind);
	json_object_update(line, fields);
	json_decref(fields);
	json_array_append_new(scene->evidence.journal, line);
}

static inline void scene_line(struct scene *scene, int64_t ms, const char *kind, const char *fields)
{
	scene_add(scene, ms, kind, scene_json(fields));
}

/* What lobby really was from ms on. items: an object by item id. */
static inline void scene_truth(struct scene *scene, int64_t ms, const char *items)
{
	json_array_append_new(scene->evidence.truth,
			      json_pack("{s:I,s:s,s:s,s:s,s:I,s:o}", "ns",
					(json_int_t)(ms * SCENE_MS), "device", "lobby", "address",
					"10.16.0.10", "serial", "X1", "clockOffsetMs",
					(json_int_t)-5000, "items", scene_json(items)));
}

static inline void scene_init(struct scene *scene, const char *scenario)
{
	struct error err = { 0 };
	AUTO_FREE char *catalogue = data_path("conformance/requirements.yaml");
	AUTO_FREE char *binding = data_path("ecsp/bindings/reference.yaml");
	*scene = (struct scene){ 0 };
	scene->catalogue = catalogue_load(catalogue, &err);
	ck_assert_msg(scene->catalogue != NULL, "%s", error_text(&err));
	scene->binding = binding_load(binding, &err);
	ck_assert_msg(scene->binding != NULL, "%s", error_text(&err));
	scene->scenario = alloc_text(scenario);
	scene->evidence.scenario =
		scenario_parse(scenario, strlen(scenario), "scene.yaml", scene->catalogue, &err);
	ck_assert_msg(scene->evidence.scenario != NULL, "%s", error_text(&err));
	scene->evidence.part = &scene->evidence.scenario->main;
	scene->evidence.wall_ns = SCENE_WALL;
	scene->evidence.journal = json_array();
	scene->evidence.truth = json_array();
	fixture_init(&scene->capture);
	scene_add(scene, 0, "start",
		  json_pack("{s:I,s:s,s:I,s:s,s:s,s:{s:s,s:s,s:s}}", "wallNs",
			    (json_int_t)SCENE_WALL, "scenario", "t.scene", "seed", (json_int_t)1,
			    "agent", "dc", "agentId", "dc-1", "host", "name", "agent-host",
			    "system", "Linux", "release", "6.1"));
}

/* The agent asks lobby and connects: it is not idle. */
static inline void scene_works(struct scene *scene, int64_t ms)
{
	scene_line(scene, ms, "snmp.request",
		   "{'device':'lobby','designated':true,'pdu':'get','community':'public'}");
	scene_line(scene, ms + 1, "tls.hello",
		   "{'connection':1,'port':443,'sni':'api.ecsp.example'}");
	scene_line(scene, ms + 2, "agent.registered",
		   "{'agent':'dc-1','body':{'agent':{'version':'1.2'}}}");
}

static inline void scene_step(struct scene *scene, int64_t ms, const char *label)
{
	scene_add(scene, ms, "step", json_pack("{s:s,s:s}", "action", "observe", "label", label));
}

static inline void scene_reached(struct scene *scene, int64_t ms, const char *fault)
{
	scene_add(scene, ms, "fault.reached", json_pack("{s:s}", "fault", fault));
}

/* A record of lobby, read at `acquired`, stored at `stored`. more: its other members. */
struct scene_record {
	int64_t acquired, stored; /* ms */
	const char *id, *serial, *collection, *more;
};

static inline void scene_upload(struct scene *scene, const struct scene_record *record)
{
	char acquired[WALL_TEXT_MAX], sent[WALL_TEXT_MAX];
	json_t *body = scene_json(record->more ? record->more : "{}");
	json_object_set_new(body, "record", json_string(record->id));
	json_object_set_new(body, "serial", json_string(record->serial ? record->serial : "X1"));
	json_object_set_new(
		body, "acquired",
		json_string(wall_format(SCENE_WALL + record->acquired * SCENE_MS, acquired)));
	wall_format(SCENE_WALL + record->stored * SCENE_MS, sent);
	scene_add(scene, record->stored, "upload.stored",
		  json_pack("{s:s,s:{s:{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s},s:[o]}}", "key",
			    record->id, "body", "agent", "id", "dc-1", "type", "dc", "version",
			    "1.2", "collection",
			    record->collection ? record->collection : "scheduled", "sent", sent,
			    "hostname", "agent-host", "os", "Linux", "osVersion", "6.1",
			    "osProductType", "server", "records", body));
}

/* What the wire holds when an agent worked: DNS apart, one SNMP request and one TLS connection. */
static inline void scene_wire(struct scene *scene)
{
	static const uint16_t versions[] = { 0x0304, 0x0303 };
	static const char get[] = "\x30\x26\x02\x01\x01\x04\x06public\xa0\x19";
	struct fixture_ends snmp = { true, FIXTURE_PRINTER, 50000, 161 };
	struct fixture_ends https = { true, FIXTURE_CLOUD, 40000, 443 };
	struct buf up, down;

	fixture_udp(&scene->capture, &snmp, get, sizeof(get) - 1);
	buf_init(&up, 8192);
	buf_init(&down, 8192);
	fixture_client_hello(&up, 0x0303, versions, 2);
	buf_add(&up,
		"\x17\x03\x03\x00\x04"
		"abcd",
		9);
	fixture_server_hello(&down, 0x0303, 0x0304);
	fixture_connection(&scene->capture, &https, &up, &down);
	buf_done(&up);
	buf_done(&down);
}

/* The last look: sockets and counters as they should be, and the end. */
static inline void scene_end(struct scene *scene, int64_t ms)
{
	scene_line(scene, ms, "agent.exit", "{'code':0,'asked':true,'crashed':false}");
	scene_line(scene, ms, "world.sockets", "{'listening':[],'missed':0}");
	scene_line(scene, ms, "world.files", "{}");
	scene_line(scene, ms, "world.left", "{'files':3,'whole':true}");
	scene_line(scene, ms, "world.counters",
		   "{'kernelFrames':9,'recordedFrames':9,'dropped':0}");
	scene_line(scene, ms, "end", "{'reason':'steps done'}");
}

/* The counts that a run writes down, where the test did not say its own (9). */
static inline void scene_count(struct scene *scene)
{
	json_t *journal = scene->evidence.journal;
	json_int_t frames = (json_int_t)scene->evidence.capture.frame_count;
	size_t i, at = json_array_size(journal);
	json_t *line;
	bool written = false;

	json_array_foreach (journal, i, line) {
		written = written || !strcmp(json_text_of(line, "kind", ""), "capture.written");
		if (strcmp(json_text_of(line, "kind", ""), "world.counters") != 0)
			continue;
		at = i;
		if (json_int_of(line, "kernelFrames", 0) == 9 &&
		    json_int_of(line, "recordedFrames", 0) == 9) {
			json_object_set_new(line, "kernelFrames", json_integer(frames));
			json_object_set_new(line, "recordedFrames", json_integer(frames));
		}
	}
	if (written || at == json_array_size(journal))
		return;
	json_t *counts = json_pack(
		"{s:O,s:s,s:I}", "ns", json_object_get(json_array_get(journal, at), "ns"), "kind",
		"capture.written", "pieces", (json_int_t)scene->evidence.capture.piece_count);
	json_array_insert_new(journal, at, counts);
	json_array_foreach (journal, i, line)
		json_object_set_new(line, "n", json_integer((json_int_t)i));
}

static inline json_t *scene_judge(struct scene *scene)
{
	struct error err = { 0 };
	struct evidence *evidence = &scene->evidence;
	json_decref(scene->result);
	capture_done(&evidence->capture);
	ck_assert_msg(
		!capture_init(&evidence->capture, scene->capture.data, scene->capture.size, &err),
		"%s", error_text(&err));
	evidence->start = json_array_get(evidence->journal, 0);
	scene_count(scene);
	scene->result = judge_evidence(evidence, scene->catalogue, scene->binding);
	ck_assert_ptr_nonnull(scene->result);
	return json_object_get(scene->result, "findings");
}

/* The worst verdict of a rule's findings, of one requirement or (NULL) of any. VERDICT_COUNT if
 * there is none. *finding (may be NULL) is the one that decides. */
static inline enum verdict scene_verdict(const struct scene *scene, const char *rule,
					 const char *requirement, const json_t **finding)
{
	enum verdict worst = VERDICT_COUNT;
	size_t i;
	json_t *at;
	json_array_foreach (json_object_get(scene->result, "findings"), i, at) {
		enum verdict verdict = verdict_parse(json_text_of(at, "verdict", ""));
		if (strcmp(json_text_of(at, "rule", ""), rule) != 0 || verdict >= worst ||
		    (requirement && strcmp(json_text_of(at, "requirement", ""), requirement) != 0))
			continue;
		worst = verdict;
		if (finding)
			*finding = at;
	}
	return worst;
}

/* The rule's findings end as named, for a reason that says `words`. name: the row of a table. */
static inline void scene_says_of(const struct scene *scene, const char *name, const char *rule,
				 enum verdict verdict, const char *words)
{
	const json_t *finding = NULL;
	enum verdict found = scene_verdict(scene, rule, NULL, &finding);
	const char *reason = json_text_of(finding, "reason", "");
	ck_assert_msg(found == verdict, "%s: found %s (%s), expected %s", name, verdict_name(found),
		      reason, verdict_name(verdict));
	ck_assert_msg(strstr(reason, words) != NULL, "%s: found '%s', expected '%s'", name, reason,
		      words);
}

static inline void scene_says(const struct scene *scene, const char *rule, enum verdict verdict,
			      const char *words)
{
	scene_says_of(scene, rule, rule, verdict, words);
}

/* Journal lines (from 1) or frames that the deciding finding of a rule refers to. */
static inline int64_t scene_refers(const struct scene *scene, const char *rule, const char *what,
				   size_t index)
{
	const json_t *finding = NULL;
	scene_verdict(scene, rule, NULL, &finding);
	return json_int_of(json_array_get(json_object_get(finding, "evidence"), index), what, 0);
}

static inline void scene_done(struct scene *scene)
{
	json_decref(scene->result);
	scenario_free(scene->evidence.scenario);
	json_decref(scene->evidence.journal);
	json_decref(scene->evidence.truth);
	capture_done(&scene->evidence.capture);
	buf_done(&scene->capture);
	free(scene->scenario);
	binding_free(scene->binding);
	catalogue_free(scene->catalogue);
	*scene = (struct scene){ 0 };
}

/* ---- on disk ---- */

static inline void scene_put(const char *folder, const char *name, const void *data, size_t size)
{
	struct error err = { 0 };
	AUTO_FREE char *path = file_join(folder, name);
	ck_assert_msg(!file_write(path, data, size, &err), "%s", error_text(&err));
}

static inline void scene_put_lines(const char *folder, const char *name, const json_t *lines)
{
	struct buf text;
	size_t i;
	json_t *line;
	buf_init(&text, 1 << 24);
	json_array_foreach (lines, i, line) {
		AUTO_FREE char *one = json_text(line);
		buf_add_text(&text, one);
		buf_add_u8(&text, '\n');
	}
	scene_put(folder, name, buf_text(&text), text.size);
	buf_done(&text);
}

/* A ledger that knows every printer, as a run leaves it. */
static inline void scene_know_printers(const struct scene *scene)
{
	const struct scenario *scenario = scene->evidence.scenario;
	for (size_t i = 0; i < scenario->printers.count; i++) {
		const char *name = scenario_printer(scenario, i)->name;
		bool known = false;
		size_t k;
		json_t *line;
		json_array_foreach (scene->evidence.truth, k, line)
			known = known || !strcmp(json_text_of(line, "device", ""), name);
		if (!known)
			json_array_append_new(
				scene->evidence.truth,
				json_pack("{s:i,s:s,s:{}}", "ns", 0, "device", name, "items"));
	}
}

/* An evidence folder as a run leaves it, without the sums. */
static inline void scene_write(struct scene *scene, const char *folder)
{
	struct error err = { 0 };
	struct capture *capture = &scene->evidence.capture;
	capture_done(capture);
	ck_assert(!capture_init(capture, scene->capture.data, scene->capture.size, &err));
	scene_count(scene);
	scene_know_printers(scene);
	ck_assert_msg(!file_make_folders(folder, &err), "%s", error_text(&err));
	scene_put(folder, EVIDENCE_SCENARIO, scene->scenario, strlen(scene->scenario));
	scene_put(folder, EVIDENCE_CAPTURE, scene->capture.data, scene->capture.size);
	scene_put(folder, EVIDENCE_LOG, "", 0);
	scene_put_lines(folder, EVIDENCE_JOURNAL, scene->evidence.journal);
	scene_put_lines(folder, EVIDENCE_TRUTH, scene->evidence.truth);
}

#endif
