/* html_requirements.c: the matrix of clauses and scenarios.
 *
 * On a screen each scenario is a column; on paper, where a box cannot scroll, the same facts stand
 * in one column as words. */
#include "reports/html.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"

static const enum verdict shown[] = { VERDICT_PASS,      VERDICT_WARN,  VERDICT_INCONCLUSIVE,
				      VERDICT_FAIL,      VERDICT_ERROR, VERDICT_NOT_APPLICABLE,
				      VERDICT_NOT_TESTED };

static void add_heads(struct markup *m, const json_t *scenarios)
{
	size_t i;
	json_t *scenario;
	markup_begin(m, "thead");
	markup_begin(m, "tr");
	html_head_text(m, "col", "stick", "Clause");
	html_head_text(m, "col", "verdict", "Verdict");
	html_head_text(m, "col", "clause", "What it says");
	json_array_foreach (scenarios, i, scenario) {
		html_head(m, "col", "turn");
		html_link(m, NULL, "s-", json_text_of(scenario, "id", ""));
		markup_end(m);
	}
	html_head_text(m, "col", "paper-only", "Shown by");
	markup_end(m);
	markup_end(m);
}

static void add_clause(struct markup *m, const json_t *row)
{
	const char *why = json_text_of(row, "why", NULL);
	markup_begin(m, "td");
	markup_attr(m, "class", "clause");
	markup_text(m, json_text_of(row, "text", ""));
	if (why) {
		markup_begin(m, "span");
		markup_attr(m, "class", "why");
		markup_text(m, why);
		markup_end(m);
	}
	markup_end(m);
}

static const json_t *find_brief(const json_t *row, const char *scenario)
{
	size_t i;
	json_t *brief;
	json_array_foreach (json_object_get(row, "scenarios"), i, brief)
		if (!strcmp(json_text_of(brief, "id", ""), scenario))
			return brief;
	return NULL;
}

static void add_crossings(struct markup *m, const json_t *row, const json_t *scenarios)
{
	size_t i;
	json_t *scenario;
	json_array_foreach (scenarios, i, scenario) {
		const char *id = json_text_of(scenario, "id", "");
		const json_t *brief = find_brief(row, id);
		markup_begin(m, "td");
		markup_attr(m, "class", "cross");
		if (brief) {
			markup_begin(m, "a");
			markup_attrf(m, "href", "#s-%s", id);
			markup_attrf(m, "title", "%s: %s", id, json_text_of(brief, "verdict", ""));
			html_mark(m, html_verdict(brief));
			markup_end(m);
		}
		markup_end(m);
	}
}

static void add_paper(struct markup *m, const json_t *row)
{
	size_t i;
	json_t *brief;
	markup_begin(m, "td");
	markup_attr(m, "class", "paper-only");
	json_array_foreach (json_object_get(row, "scenarios"), i, brief)
		markup_textf(m, "%s%s (%s)", i ? ", " : "", json_text_of(brief, "id", ""),
			     json_text_of(brief, "verdict", ""));
	markup_end(m);
}

/* Clauses of one chapter share the letters before the dash. */
static bool same_chapter(const json_t *row, const json_t *before)
{
	const char *id = json_text_of(row, "requirement", "");
	size_t letters = strcspn(id, "-") + 1;
	return before && !strncmp(id, json_text_of(before, "requirement", ""), letters);
}

static void add_row(struct markup *m, const json_t *row, bool first, const json_t *scenarios)
{
	const char *id = json_text_of(row, "requirement", "");
	enum verdict verdict = html_verdict(row);
	markup_begin(m, "tr");
	markup_attrf(m, "id", "r-%s", id);
	if (first || !verdict_is_tested(verdict))
		markup_attrf(m, "class", "%s%s", first ? "first " : "",
			     verdict_is_tested(verdict) ? "" : "quiet");
	html_head(m, "row", "stick");
	markup_element(m, "span", "id", id);
	markup_begin(m, "span");
	markup_attr(m, "class", "source");
	markup_textf(m, "%s, p. %" PRId64, json_text_of(row, "level", ""),
		     json_int_of(row, "page", 0));
	markup_end(m);
	markup_end(m);
	markup_begin(m, "td");
	markup_attr(m, "class", "verdict");
	html_badge(m, verdict);
	markup_end(m);
	add_clause(m, row);
	add_crossings(m, row, scenarios);
	add_paper(m, row);
	markup_end(m);
}

void html_requirements(struct markup *m, const json_t *result)
{
	const json_t *rows = json_object_get(result, "requirements");
	const json_t *scenarios = json_object_get(result, "scenarios");
	const json_t *before = NULL;
	size_t i;
	json_t *row;
	html_section(m, "requirements", "Requirements",
		     "Every clause of the guideline and the scenarios that tried it. A clause that "
		     "no scenario tried says why.");
	html_legend(m, shown, sizeof(shown) / sizeof(shown[0]));
	html_scroll(m, "tall", "Requirements and scenarios");
	markup_begin(m, "table");
	markup_attr(m, "class", "matrix");
	markup_element(m, "caption", "hidden", "Requirements and the scenarios that tried them");
	add_heads(m, scenarios);
	markup_begin(m, "tbody");
	json_array_foreach (rows, i, row) {
		add_row(m, row, !same_chapter(row, before), scenarios);
		before = row;
	}
	markup_end(m);
	markup_end(m);
	markup_end(m);
	markup_end(m);
}
