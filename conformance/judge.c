#include "conformance/judge.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/capability.h"
#include "conformance/expect.h"
#include "conformance/lateness.h"
#include "conformance/timeline.h"

enum { HUNG_UP_MS = 1000, STOOD_STILL_MS = 1000 };

/* ---- findings ---- */

void judge_refer(struct finding *finding, bool frame, uint64_t number)
{
	if (finding->evidence_count < FINDING_EVIDENCE_MAX)
		finding->evidence[finding->evidence_count++] = (struct reference){ frame, number };
}

static json_t *references(const struct finding *finding)
{
	json_t *list = json_array();
	for (size_t i = 0; i < finding->evidence_count; i++) {
		const struct reference *at = &finding->evidence[i];
		json_array_append_new(
			list, json_pack("{s:s,s:I}", "file",
					at->frame ? EVIDENCE_CAPTURE : EVIDENCE_JOURNAL,
					at->frame ? "frame" : "line", (json_int_t)at->number));
	}
	return list;
}

void judge_add(struct judge *judge, const struct finding *finding)
{
	const struct requirement *requirement =
		catalogue_find(judge->catalogue, finding->requirement);
	enum verdict verdict = finding->verdict;
	int level = requirement ? requirement->level : LEVEL_MUST;

	/* RFC 2119: what should be, and is not, is a warning. */
	if (verdict == VERDICT_FAIL && level != LEVEL_MUST)
		verdict = VERDICT_WARN;
	json_t *json = json_object();
	json_object_set_new(json, "requirement", json_string(finding->requirement));
	json_object_set_new(json, "level", json_string(level_names[level]));
	json_object_set_new(json, "verdict", json_string(verdict_name(verdict)));
	json_object_set_new(json, "rule", json_string(finding->rule));
	if (finding->standing)
		json_object_set_new(json, "standing", json_true());
	json_object_set_new(json, "reason",
			    json_lossy_text(finding->reason, strlen(finding->reason)));
	if (finding->expected)
		json_object_set_new(json, "expected",
				    json_lossy_text(finding->expected, strlen(finding->expected)));
	if (finding->found)
		json_object_set_new(json, "found",
				    json_lossy_text(finding->found, strlen(finding->found)));
	if (finding->item)
		json_object_set_new(json, "items", json_pack("[s]", finding->item));
	json_object_set_new(json, "evidence", references(finding));
	json_array_append_new(judge->findings, json);
}

void judge_add_each(struct judge *judge, const struct expectation *expectation,
		    struct finding *finding)
{
	for (size_t i = 0; i < expectation->requirements.count; i++) {
		finding->requirement = ((char **)expectation->requirements.items)[i];
		judge_add(judge, finding);
	}
}

enum verdict judge_worst(const json_t *findings)
{
	enum verdict worst = VERDICT_COUNT;
	size_t i;
	json_t *finding;

	json_array_foreach (findings, i, finding)
		worst = verdict_worse(worst,
				      verdict_parse(json_text_of(finding, "verdict", "error")));
	return worst == VERDICT_COUNT ? VERDICT_INCONCLUSIVE : worst;
}

/* ---- asking the evidence ---- */

const json_t *judge_line(const struct judge *judge, size_t index)
{
	return json_array_get(judge->evidence->journal, index);
}

size_t judge_find(const struct judge *judge, const struct match *match, const struct window *window,
		  size_t from)
{
	size_t count = json_array_size(judge->evidence->journal);

	for (size_t i = from; i < count; i++) {
		const json_t *line = judge_line(judge, i);
		int64_t ns = json_int_of(line, "ns", 0);
		if (window && (ns < window->from || ns > window->until))
			continue;
		if (match_is(match, line))
			return i;
	}
	return SIZE_MAX;
}

/* When a labelled step began; false if the run never got there. */
static bool label_time(const struct judge *judge, const char *label, int64_t *ns)
{
	size_t i;
	json_t *line;

	json_array_foreach (judge->evidence->journal, i, line) {
		if (strcmp(json_text_of(line, "kind", ""), "step") == 0 &&
		    strcmp(json_text_of(line, "label", ""), label) == 0) {
			*ns = json_int_of(line, "ns", 0);
			return true;
		}
	}
	return false;
}

bool judge_window(const struct judge *judge, const char *since, const char *until,
		  struct window *window)
{
	*window = (struct window){ 0, INT64_MAX };
	if (since && !label_time(judge, since, &window->from))
		return false;
	if (until && !label_time(judge, until, &window->until))
		return false;
	return window->from < window->until; /* of no time at all nothing can be said */
}

size_t judge_fault_reached(const struct judge *judge, const char *fault)
{
	static const struct match reached = { .kind = "fault.reached" };
	for (size_t i = judge_find(judge, &reached, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &reached, NULL, i + 1))
		if (!strcmp(json_text_of(judge_line(judge, i), "fault", ""), fault))
			return i;
	return SIZE_MAX;
}

static bool is_collection(const json_t *line)
{
	const char *kind = json_text_of(line, "kind", "");
	if (strcmp(kind, "panel.request") == 0)
		return true;
	return (strcmp(kind, "snmp.request") == 0 || strcmp(kind, "enpc.request") == 0) &&
	       json_is_true(json_object_get(line, "designated"));
}

static struct activity measure(const struct evidence *evidence)
{
	struct activity activity = { .first_collection = SIZE_MAX, .first_upload = SIZE_MAX };
	size_t i;
	json_t *line;

	json_array_foreach (evidence->journal, i, line) {
		const char *kind = json_text_of(line, "kind", "");
		if (is_collection(line) && activity.collections++ == 0)
			activity.first_collection = i;
		if (strcmp(kind, "tls.hello") == 0)
			activity.connections++;
		if (strcmp(kind, "upload.stored") == 0 && activity.uploads++ == 0)
			activity.first_upload = i;
	}
	return activity;
}

/* ---- the whole ---- */

/* The capture must hold what was recorded: the frames that were counted, and the plaintext. */
static const char *capture_gap(const struct evidence *evidence, const json_t *counters)
{
	const json_t *written = NULL;
	size_t i;
	json_t *line;

	json_array_foreach (evidence->journal, i, line) {
		if (strcmp(json_text_of(line, "kind", ""), "capture.written") == 0)
			written = line;
		if (strcmp(json_text_of(line, "kind", ""), "world.sockets") == 0 &&
		    json_int_of(line, "missed", 0) > 0)
			return "the kernel had more to tell of ended sockets than was heard";
	}
	if ((json_int_t)evidence->capture.frame_count !=
	    json_int_of(counters, "recordedFrames", -1))
		return "the capture holds other frames than were counted";
	if (!written ||
	    (json_int_t)evidence->capture.piece_count != json_int_of(written, "pieces", -1))
		return "the capture holds other plaintext than was recorded";
	return NULL;
}

/* A wire that is not wholly recorded shows nothing that did not happen. */
static const char *evidence_gap(const struct evidence *evidence)
{
	const json_t *counters = NULL;
	size_t i;
	json_t *line;

	json_array_foreach (evidence->journal, i, line)
		if (strcmp(json_text_of(line, "kind", ""), "world.counters") == 0)
			counters = line;
	if (!counters)
		return "the kernel's frame counters are missing, so the recording cannot be known "
		       "to be whole";
	if (json_int_of(counters, "kernelFrames", -1) !=
	    json_int_of(counters, "recordedFrames", -2))
		return "the kernel counted other frames than were recorded";
	if (json_int_of(counters, "dropped", -1) != 0)
		return "frames were lost before the recorder";
	return capture_gap(evidence, counters);
}

/* Passes become inconclusive, for a reason that concerns them all; worse verdicts stay. */
static void weaken(json_t *findings, const char *why)
{
	size_t i;
	json_t *finding;

	json_array_foreach (findings, i, finding) {
		if (verdict_parse(json_text_of(finding, "verdict", "error")) < VERDICT_PASS)
			continue;
		AUTO_FREE char *reason =
			alloc_printf("%s; but %s", json_text_of(finding, "reason", ""), why);
		json_object_set_new(finding, "verdict",
				    json_string(verdict_name(VERDICT_INCONCLUSIVE)));
		json_object_set_new(finding, "reason", json_string(reason));
	}
}

static size_t count_kind(const struct judge *judge, const char *kind)
{
	struct match match = { .kind = kind };
	size_t count = 0;
	for (size_t i = judge_find(judge, &match, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &match, NULL, i + 1))
		count++;
	return count;
}

/* Did the agent itself end the connection before even a slow cloud would have answered? */
static bool hung_up(const struct judge *judge, size_t asked)
{
	static const struct match closed = { .kind = "tls.closed" };
	const json_t *question = judge_line(judge, asked);
	int64_t connection = json_int_of(question, "connection", -1);
	int64_t limit = json_int_of(question, "ns", 0) + HUNG_UP_MS * INT64_C(1000000);

	for (size_t i = judge_find(judge, &closed, NULL, asked); connection >= 0 && i != SIZE_MAX;
	     i = judge_find(judge, &closed, NULL, i + 1)) {
		const json_t *line = judge_line(judge, i);
		if (json_int_of(line, "connection", -2) == connection)
			return json_int_of(line, "ns", 0) < limit &&
			       strstr(json_text_of(line, "why", ""), "by the client");
	}
	return false;
}

static size_t count_questions(const struct judge *judge, const char *kind)
{
	struct match match = { .kind = kind };
	size_t count = 0;
	for (size_t i = judge_find(judge, &match, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &match, NULL, i + 1))
		count += !hung_up(judge, i);
	return count;
}

/* A simulator that never answered, though it was not told to be silent, is broken: that is an error
 * of the harness and not the agent's failure. */
static void check_simulators(struct judge *judge)
{
	static const struct {
		const char *asked, *answers[3];
		const char *reason;
	} rows[] = {
		{ "snmp.request",
		  { "snmp.response", "snmp.ignored" }, /* a wrong community is the agent's */
		  "the simulated printers never answered SNMP" },
		{ "enpc.request", { "enpc.reply" }, "the simulated printers never answered ENPC" },
		{ "panel.request", { "panel.answer" }, "the simulated panel never answered" },
		{ "tls.hello",
		  { "tls.ready", "tls.failed" },
		  "the simulated cloud never answered" },
		{ "http.request", { "http.response" }, "the simulated cloud never answered HTTP" },
		{ "mqtt.connect", { "mqtt.connack" }, "the simulated cloud never answered MQTT" },
	};
	if (count_kind(judge, "fault.armed"))
		return;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t answers = 0;
		for (size_t k = 0; rows[i].answers[k]; k++)
			answers += count_kind(judge, rows[i].answers[k]);
		/* One question may be cut off by the end of the run. */
		if (answers || count_questions(judge, rows[i].asked) < 2)
			continue;
		judge_add(judge, &(struct finding){ .requirement = "OWN-1",
						    .rule = "harness",
						    .verdict = VERDICT_ERROR,
						    .standing = true,
						    .reason = rows[i].reason });
	}
}

static json_t *covered(const json_t *findings)
{
	json_t *ids = json_object(); /* a set that keeps its order */
	size_t i;
	json_t *finding;

	json_array_foreach (findings, i, finding)
		json_object_set_new(ids, json_text_of(finding, "requirement", ""), json_true());
	json_t *list = json_array();
	const char *id;
	json_t *yes;
	json_object_foreach (ids, id, yes)
		json_array_append_new(list, json_string(id));
	json_decref(ids);
	return list;
}

static void interrupted(struct judge *judge)
{
	const json_t *end = judge_line(judge, json_array_size(judge->evidence->journal) - 1);
	const char *reason = json_text_of(end, "reason", "");

	if (strcmp(reason, "interrupted") == 0)
		weaken(judge->findings, "the run was interrupted");
	if (strcmp(reason, "deadline") == 0)
		weaken(judge->findings, "the scenario's deadline passed");
	static const struct match broken = { .kind = "world.error" };
	size_t at = judge_find(judge, &broken, NULL, 0);
	if (at != SIZE_MAX)
		judge_add(judge,
			  &(struct finding){ .requirement = "OWN-1",
					     .rule = "harness",
					     .verdict = VERDICT_ERROR,
					     .standing = true,
					     .reason = json_text_of(judge_line(judge, at), "why",
								    "the world failed"),
					     .evidence = { { false, at + 1 } },
					     .evidence_count = 1 });
	if (strcmp(reason, "harness error") == 0)
		judge_add(judge,
			  &(struct finding){
				  .requirement = "OWN-1",
				  .rule = "harness",
				  .verdict = VERDICT_ERROR,
				  .reason = json_text_of(end, "error", "the harness failed"),
				  .evidence = { { false,
						  json_array_size(judge->evidence->journal) } },
				  .evidence_count = 1,
			  });
}

static bool stood_still(const struct judge *judge)
{
	const struct window whole = { 0, INT64_MAX };

	return lateness_in(judge, &whole) >= STOOD_STILL_MS * INT64_C(1000000);
}

json_t *judge_evidence(const struct evidence *evidence, const struct catalogue *catalogue,
		       const struct binding *binding)
{
	struct judge judge = {
		.catalogue = catalogue,
		.binding = binding,
		.evidence = evidence,
		.activity = measure(evidence),
		.findings = json_array(),
	};
	const struct scenario *scenario = evidence->scenario;

	bool given = capability_is_given(&judge);
	for (size_t i = 0; given && i < evidence->part->expectation_count; i++) {
		const struct expectation *expectation = &evidence->part->expectations[i];
		expectation->kind->judge(&judge, expectation);
	}
	judge_standing_rules(&judge);
	check_simulators(&judge);
	const char *gap = evidence_gap(evidence);
	if (!gap && stood_still(&judge))
		gap = "the harness stood still for more than a second, and who waited for it may "
		      "have given up for that";
	if (gap)
		weaken(judge.findings, gap);
	interrupted(&judge);
	json_t *end = json_array_get(evidence->journal, json_array_size(evidence->journal) - 1);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:f,s:I,s:o,s:o,s:o}", "id", scenario->id, "title",
			 scenario->title, "purpose", scenario->purpose, "agent",
			 agent_names[scenario->agent], "verdict",
			 verdict_name(judge_worst(judge.findings)), "seconds",
			 (double)json_int_of(end, "ns", 0) / 1e9, "seed",
			 (json_int_t)json_int_of(evidence->start, "seed", 0), "covers",
			 covered(judge.findings), "timeline", timeline_of(evidence), "findings",
			 judge.findings);
}
