/* junit.c: junit.xml, in the form that Jenkins and GitLab read: one suite, a case for each
 * scenario.
 *
 * The name of a case is the id of the scenario and its class the kind of agent; both stay the same
 * from run to run, so that a reader can draw a history. */
#include <errno.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/markup.h"
#include "reports/evidence.h"
#include "reports/report.h"
#include "reports/tally.h"

enum { STAMP = 19 }; /* characters of a time without fraction and zone */

/* The element inside a case; NULL: the case passed. */
static const char *const outcomes[VERDICT_COUNT] = {
	[VERDICT_ERROR] = "error",        [VERDICT_FAIL] = "failure",
	[VERDICT_INCONCLUSIVE] = "error", [VERDICT_NOT_APPLICABLE] = "skipped",
	[VERDICT_NOT_RUN] = "skipped",
};

/* What the run itself did wrong; it becomes a case of its own. NULL: nothing. */
static const char *run_trouble(const struct tally *tally)
{
	if (tally->interrupted)
		return "The run was cut short.";
	if (!tally->ran)
		return "No scenario was run, so nothing is shown to hold.";
	return NULL;
}

static void add_totals(struct markup *m, const struct tally *tally, const json_t *result)
{
	size_t errors = tally->count[VERDICT_ERROR] + tally->count[VERDICT_INCONCLUSIVE];
	size_t skipped = tally->count[VERDICT_NOT_APPLICABLE] + tally->count[VERDICT_NOT_RUN];
	size_t trouble = run_trouble(tally) ? 1 : 0;
	markup_attr(m, "name", "ecsp");
	markup_attrf(m, "tests", "%zu", tally->ran + tally->count[VERDICT_NOT_RUN] + trouble);
	markup_attrf(m, "failures", "%zu", tally->count[VERDICT_FAIL]);
	markup_attrf(m, "errors", "%zu", errors + trouble);
	markup_attrf(m, "skipped", "%zu", skipped);
	markup_attrf(m, "time", "%.3f", json_number_value(json_at(result, "/run/seconds")));
}

static void begin_case(struct markup *m, const json_t *scenario)
{
	const char *agent = json_text_of(scenario, "agent", NULL);
	AUTO_FREE char *class = agent ? alloc_printf("ecsp.%s", agent) : alloc_text("ecsp");
	markup_begin(m, "testcase");
	markup_attr(m, "classname", class);
	markup_attr(m, "name", json_text_of(scenario, "id", ""));
	markup_attrf(m, "time", "%.3f", json_number_value(json_object_get(scenario, "seconds")));
}

static void add_finding(struct buf *out, const json_t *finding, const char *folder)
{
	const char *expected = json_text_of(finding, "expected", NULL);
	const char *found = json_text_of(finding, "found", NULL);
	buf_printf(out, "%s %s: %s\n", json_text_of(finding, "requirement", "harness"),
		   json_text_of(finding, "verdict", ""), json_text_of(finding, "reason", ""));
	if (expected)
		buf_printf(out, "  expected: %s\n", expected);
	if (found)
		buf_printf(out, "  found: %s\n", found);
	size_t i;
	json_t *evidence;
	json_array_foreach (json_object_get(finding, "evidence"), i, evidence) {
		buf_add_text(out, "  evidence: ");
		evidence_text(evidence, folder, out);
		buf_add_u8(out, '\n');
	}
}

/* The findings that say what the scenario says, or worse: those that made its verdict. */
static void add_reasons(struct buf *out, const json_t *scenario, enum verdict verdict,
			const char **message)
{
	size_t i;
	json_t *finding;
	json_array_foreach (json_object_get(scenario, "findings"), i, finding) {
		if (verdict_of(json_text_of(finding, "verdict", NULL)) > verdict)
			continue;
		if (!*message)
			*message = json_text_of(finding, "reason", "");
		add_finding(out, finding, json_text_of(scenario, "folder", ""));
	}
}

static void add_scenario(struct markup *m, const json_t *scenario)
{
	enum verdict verdict = verdict_of(json_text_of(scenario, "verdict", NULL));
	const char *message = NULL;
	struct buf details;
	buf_init(&details, m->out->max);
	begin_case(m, scenario);
	if (verdict != VERDICT_PASS)
		add_reasons(&details, scenario, verdict, &message);
	if (outcomes[verdict]) {
		markup_begin(m, outcomes[verdict]);
		markup_attrf(m, "message", "%s: %s", verdict_kinds[verdict].name,
			     message ? message : json_text_of(scenario, "title", ""));
		if (verdict < VERDICT_WARN)
			markup_attr(m, "type", verdict_kinds[verdict].name);
		markup_text(m, buf_text(&details));
		markup_end(m);
	} else if (verdict == VERDICT_WARN) {
		markup_element(m, "system-out", NULL, buf_text(&details));
	}
	markup_end(m);
	if (details.failed)
		m->out->failed = true;
	buf_done(&details);
}

static void add_not_run(struct markup *m, const json_t *not_run)
{
	begin_case(m, not_run);
	markup_begin(m, "skipped");
	markup_attrf(m, "message", "not run: %s", json_text_of(not_run, "reason", ""));
	markup_end(m);
	markup_end(m);
}

static void add_run_trouble(struct markup *m, const char *why)
{
	markup_begin(m, "testcase");
	markup_attr(m, "classname", "ecsp.run");
	markup_attr(m, "name", "run");
	markup_attr(m, "time", "0.000");
	markup_begin(m, "error");
	markup_attr(m, "message", why);
	markup_attr(m, "type", "error");
	markup_end(m);
	markup_end(m);
}

static void add_cases(struct markup *m, const json_t *result, const struct tally *tally)
{
	size_t i;
	json_t *row;
	if (run_trouble(tally))
		add_run_trouble(m, run_trouble(tally));
	json_array_foreach (json_object_get(result, "scenarios"), i, row)
		add_scenario(m, row);
	json_array_foreach (json_at(result, "/run/notRun"), i, row)
		add_not_run(m, row);
}

int report_junit(const json_t *result, struct buf *out, struct error *err)
{
	int rc = report_check(result, err);
	if (rc)
		return rc;
	struct tally tally;
	tally_init(&tally, result);
	struct markup m;
	markup_init(&m, out, false);
	m.indent = true;
	markup_raw(&m, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	markup_begin(&m, "testsuites");
	add_totals(&m, &tally, result);
	markup_begin(&m, "testsuite");
	add_totals(&m, &tally, result);
	/* The common schema has a time without a zone here; ours is UTC. */
	markup_attrf(&m, "timestamp", "%.*s", STAMP,
		     json_string_value(json_at(result, "/run/started")));
	add_cases(&m, result, &tally);
	markup_end(&m);
	markup_end(&m);
	buf_add_u8(out, '\n');
	if (out->failed)
		return error_set(err, EFBIG, "junit.xml would be larger than %zu bytes", out->max);
	return 0;
}
