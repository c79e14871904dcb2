#include "reports/html.h"

#include "base/json.h"

static void add_pair(struct markup *m, const char *name, const char *value)
{
	if (!value)
		return;
	markup_element(m, "dt", NULL, name);
	markup_begin(m, "dd");
	markup_element(m, "code", "value", value);
	markup_end(m);
}

static void add_evidence(struct markup *m, const json_t *list, const char *folder)
{
	size_t i;
	json_t *evidence;
	if (!json_array_size(list))
		return;
	markup_element(m, "dt", NULL, "evidence");
	markup_begin(m, "dd");
	json_array_foreach (list, i, evidence) {
		if (i)
			markup_text(m, ", ");
		html_evidence(m, evidence, folder);
	}
	markup_end(m);
}

static void add_finding(struct markup *m, const json_t *finding, const char *folder)
{
	const char *requirement = json_text_of(finding, "requirement", NULL);
	markup_begin(m, "li");
	markup_begin(m, "p");
	html_mark(m, html_verdict(finding));
	markup_text(m, " ");
	if (requirement)
		html_link(m, "id", "r-", requirement);
	else
		markup_element(m, "span", "id", "harness");
	markup_text(m, " ");
	markup_element(m, "bdi", NULL, json_text_of(finding, "reason", ""));
	markup_end(m);
	markup_begin(m, "dl");
	add_pair(m, "expected", json_text_of(finding, "expected", NULL));
	add_pair(m, "found", json_text_of(finding, "found", NULL));
	add_evidence(m, json_object_get(finding, "evidence"), folder);
	markup_end(m);
	markup_end(m);
}

static void add_case(struct markup *m, const json_t *result, const json_t *scenario)
{
	const char *folder = json_text_of(scenario, "folder", "");
	enum verdict verdict = html_verdict(scenario);
	size_t i;
	json_t *finding;
	markup_begin(m, "article");
	markup_attrf(m, "class", "case v-%s", verdict_kinds[verdict].key);
	markup_begin(m, "h3");
	html_badge(m, verdict);
	markup_text(m, " ");
	html_link(m, "id", "s-", json_text_of(scenario, "id", ""));
	markup_text(m, " ");
	markup_element(m, "span", "title", json_text_of(scenario, "title", ""));
	markup_end(m);
	markup_begin(m, "ul");
	json_array_foreach (json_object_get(scenario, "findings"), i, finding)
		if (verdict_is_trouble(html_verdict(finding)))
			add_finding(m, finding, folder);
	markup_end(m);
	html_command(m, result, folder);
	markup_end(m);
}

static const char *title_of(const struct tally *tally)
{
	if (tally->count[VERDICT_FAIL] || tally->count[VERDICT_ERROR] || tally->interrupted)
		return "What failed and why";
	if (tally->count[VERDICT_INCONCLUSIVE])
		return "What could not be shown and why";
	return tally->count[VERDICT_WARN] ? "What to look at" : "What failed and why";
}

static const char *note_of(const struct tally *tally)
{
	if (!tally->ran)
		return "No scenario was run: look at what was not run and why.";
	if (tally->interrupted)
		return "The run was cut short: what was not finished is listed as not run.";
	if (tally->worst > VERDICT_WARN)
		return "Nothing that ran failed.";
	return NULL;
}

void html_trouble(struct markup *m, const json_t *result, const struct tally *tally)
{
	html_section(m, "trouble", title_of(tally), note_of(tally));
	for (enum verdict verdict = VERDICT_ERROR; verdict <= VERDICT_WARN; verdict++) {
		size_t i;
		json_t *scenario;
		json_array_foreach (json_object_get(result, "scenarios"), i, scenario)
			if (html_verdict(scenario) == verdict)
				add_case(m, result, scenario);
	}
	markup_end(m);
}

void html_not_run(struct markup *m, const json_t *result)
{
	size_t i;
	json_t *row;
	const json_t *rows = json_at(result, "/run/notRun");
	html_section(m, "not-run", "Not run",
		     json_array_size(rows) ? NULL : "Every scenario that was asked for ran.");
	if (json_array_size(rows)) {
		markup_begin(m, "table");
		markup_attr(m, "class", "plain");
		markup_begin(m, "thead");
		markup_begin(m, "tr");
		html_head_text(m, "col", NULL, "Scenario");
		html_head_text(m, "col", NULL, "Why it was not run");
		markup_end(m);
		markup_end(m);
		markup_begin(m, "tbody");
		json_array_foreach (rows, i, row) {
			markup_begin(m, "tr");
			html_head(m, "row", "id");
			html_mark(m, VERDICT_NOT_RUN);
			markup_text(m, " ");
			markup_text(m, json_text_of(row, "id", ""));
			markup_end(m);
			html_cell(m, NULL, json_text_of(row, "reason", ""));
			markup_end(m);
		}
		markup_end(m);
		markup_end(m);
	}
	markup_end(m);
}
