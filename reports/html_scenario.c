#include "reports/html.h"

#include <inttypes.h>

#include "base/json.h"

static void add_summary(struct markup *m, const json_t *scenario)
{
	struct buf seconds;
	buf_init(&seconds, TALLY_SECONDS_MAX);
	tally_seconds(json_number_value(json_object_get(scenario, "seconds")), &seconds);
	markup_begin(m, "summary");
	html_badge(m, html_verdict(scenario));
	markup_element(m, "span", "id", json_text_of(scenario, "id", ""));
	markup_element(m, "span", "title", json_text_of(scenario, "title", ""));
	markup_element(m, "span", "seconds", buf_text(&seconds));
	markup_end(m);
	buf_done(&seconds);
}

static void add_name_list(struct markup *m, const char *before, const char *prefix,
			  const json_t *names)
{
	size_t i;
	json_t *name;
	if (!json_array_size(names))
		return;
	markup_text(m, before);
	json_array_foreach (names, i, name) {
		markup_text(m, i ? ", " : "");
		if (prefix)
			html_link(m, "id", prefix, json_string_value(name));
		else
			markup_element(m, "span", "id", json_string_value(name));
	}
}

static void add_facts(struct markup *m, const json_t *scenario)
{
	const json_t *twin = json_object_get(scenario, "twin");
	markup_begin(m, "p");
	markup_attr(m, "class", "facts");
	markup_textf(m, "Agent %s · seed %" PRId64, json_text_of(scenario, "agent", ""),
		     json_int_of(scenario, "seed", 0));
	add_name_list(m, " · tries ", "r-", json_object_get(scenario, "covers"));
	if (twin) {
		markup_text(m, " · the same without the fault (");
		markup_element(m, "span", "id", json_text_of(twin, "id", ""));
		markup_text(m, "): ");
		html_badge(m, html_verdict(twin));
	}
	markup_end(m);
}

static void add_value(struct markup *m, const json_t *finding, const char *key)
{
	const char *value = json_text_of(finding, key, NULL);
	markup_begin(m, "td");
	if (value)
		markup_element(m, "code", "value", value);
	markup_end(m);
}

static void add_reason(struct markup *m, const json_t *finding)
{
	const char *rule = json_text_of(finding, "rule", NULL);
	markup_begin(m, "td");
	markup_attr(m, "class", "reason");
	markup_element(m, "bdi", NULL, json_text_of(finding, "reason", ""));
	markup_begin(m, "span");
	markup_attr(m, "class", "source");
	if (rule)
		markup_textf(m, " rule %s", rule);
	add_name_list(m, rule ? ", items " : " items ", NULL, json_object_get(finding, "items"));
	markup_end(m);
	markup_end(m);
}

static void add_evidence(struct markup *m, const json_t *finding, const char *folder)
{
	size_t i;
	json_t *evidence;
	markup_begin(m, "td");
	json_array_foreach (json_object_get(finding, "evidence"), i, evidence) {
		if (i)
			markup_text(m, " ");
		html_evidence(m, evidence, folder);
	}
	markup_end(m);
}

static void add_finding(struct markup *m, const json_t *finding, const char *folder)
{
	const char *requirement = json_text_of(finding, "requirement", NULL);
	markup_begin(m, "tr");
	if (!verdict_is_trouble(html_verdict(finding)))
		markup_attr(m, "class", "calm");
	html_head(m, "row", "id");
	if (requirement)
		html_link(m, NULL, "r-", requirement);
	else
		markup_text(m, "harness");
	markup_end(m);
	html_cell(m, "level", json_text_of(finding, "level", ""));
	markup_begin(m, "td");
	html_badge(m, html_verdict(finding));
	markup_end(m);
	add_reason(m, finding);
	add_value(m, finding, "expected");
	add_value(m, finding, "found");
	add_evidence(m, finding, folder);
	markup_end(m);
}

/* On paper only what is to be looked at has room; what is left out is said. */
static void add_left_out(struct markup *m, const json_t *findings)
{
	size_t i, calm = 0;
	json_t *finding;

	json_array_foreach (findings, i, finding)
		calm += !verdict_is_trouble(html_verdict(finding));
	if (!calm)
		return;
	markup_begin(m, "p");
	markup_attr(m, "class", "note paper-only");
	markup_textf(m, "%zu of %zu findings are not printed: nothing is wrong with them.", calm,
		     json_array_size(findings));
	markup_end(m);
}

static void add_findings(struct markup *m, const json_t *scenario)
{
	static const char *const heads[] = { "Clause",   "Level", "Verdict", "Reason",
					     "Expected", "Found", "Evidence" };
	const json_t *findings = json_object_get(scenario, "findings");
	size_t i;
	json_t *finding;
	if (!json_array_size(findings)) {
		markup_element(m, "p", "note", "The judge found nothing to say here.");
		return;
	}
	html_scroll(m, "", "Findings");
	markup_begin(m, "table");
	markup_attr(m, "class", "findings");
	markup_element(m, "caption", "hidden", "Findings");
	markup_begin(m, "thead");
	markup_begin(m, "tr");
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		html_head_text(m, "col", NULL, heads[i]);
	markup_end(m);
	markup_end(m);
	markup_begin(m, "tbody");
	json_array_foreach (findings, i, finding)
		add_finding(m, finding, json_text_of(scenario, "folder", ""));
	markup_end(m);
	markup_end(m);
	markup_end(m);
	if (verdict_is_trouble(html_verdict(scenario)))
		add_left_out(m, findings);
}

static void add_files(struct markup *m, const char *folder)
{
	/* docs/evidence.md: what lies in the folder of a scenario. */
	static const char *const files[] = { "scenario.yaml",  "journal.jsonl", "truth.jsonl",
					     "capture.pcapng", "agent.log",     "SHA256SUMS" };
	markup_begin(m, "p");
	markup_attr(m, "class", "files");
	markup_text(m, "Evidence:");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		markup_text(m, " ");
		markup_begin(m, "a");
		markup_attr(m, "class", "evidence");
		markup_attrf(m, "href", "%s/%s", folder, files[i]);
		markup_text(m, files[i]);
		markup_end(m);
	}
	markup_end(m);
}

static void add_scenario(struct markup *m, const json_t *result, const json_t *scenario)
{
	const char *folder = json_text_of(scenario, "folder", "");
	const json_t *timeline = json_object_get(scenario, "timeline");
	enum verdict verdict = html_verdict(scenario);
	markup_begin(m, "details");
	markup_attrf(m, "id", "s-%s", json_text_of(scenario, "id", ""));
	markup_attrf(m, "class", "scenario v-%s", verdict_kinds[verdict].key);
	if (verdict_is_trouble(verdict))
		markup_attr(m, "open", "");
	add_summary(m, scenario);
	markup_element(m, "p", "purpose", json_text_of(scenario, "purpose", ""));
	add_facts(m, scenario);
	if (timeline)
		html_timeline(m, timeline, folder);
	add_findings(m, scenario);
	add_files(m, folder);
	html_command(m, result, folder);
	markup_end(m);
}

void html_scenarios(struct markup *m, const json_t *result)
{
	const json_t *scenarios = json_object_get(result, "scenarios");
	size_t i;
	json_t *scenario;
	html_section(m, "scenarios", "Scenarios",
		     json_array_size(scenarios) ? NULL : "No scenario was run.");
	markup_element(m, "p", "note paper-only",
		       "What passed is one line here, unless it was opened before printing. "
		       "Purpose, course, findings and evidence of each are in the page itself.");
	json_array_foreach (scenarios, i, scenario)
		add_scenario(m, result, scenario);
	markup_end(m);
}
