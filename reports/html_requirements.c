/* html_requirements.c: the matrix of clauses and scenarios.
 *
 * On a screen each scenario is a column, or each family where there are too many to look at; on
 * paper, where a box cannot scroll, the same facts stand in one column as words. */
#include "reports/html.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "reports/family.h"

enum { COLUMNS_MAX = 24, WORDS_MAX = 256 };

static const enum verdict shown[] = { VERDICT_PASS,      VERDICT_WARN,  VERDICT_INCONCLUSIVE,
				      VERDICT_FAIL,      VERDICT_ERROR, VERDICT_NOT_APPLICABLE,
				      VERDICT_NOT_TESTED };

/* What the columns are: families, or NULL and then each scenario. */
struct columns {
	const json_t *scenarios;
	json_t *families; /* names; owned */
};

static void add_family_heads(struct markup *m, const json_t *families)
{
	size_t i;
	json_t *name;
	json_array_foreach (families, i, name) {
		html_head(m, "col", "turn wide");
		markup_element(m, "span", NULL, json_string_value(name));
		markup_end(m);
	}
}

static void add_heads(struct markup *m, const struct columns *columns)
{
	const json_t *scenarios = columns->families ? NULL : columns->scenarios;
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
	add_family_heads(m, columns->families);
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

static void add_family_cross(struct markup *m, const json_t *row, const char *name)
{
	struct family family;
	struct buf words;
	family_init(&family, name, json_object_get(row, "scenarios"));
	markup_begin(m, "td");
	markup_attr(m, "class", "cross");
	if (family.all) {
		buf_init(&words, WORDS_MAX);
		family_words(&family, &words);
		markup_begin(m, "a");
		markup_attrf(m, "href", "#s-%s", family.id);
		markup_attrf(m, "title", "%s: %s", name, buf_text(&words));
		html_mark(m, family.worst);
		markup_begin(m, "small");
		markup_textf(m, "%zu", family.all);
		markup_end(m);
		markup_end(m);
		buf_done(&words);
	}
	markup_end(m);
}

static void add_crossings(struct markup *m, const json_t *row, const struct columns *columns)
{
	const json_t *scenarios = columns->families ? NULL : columns->scenarios;
	size_t i;
	json_t *scenario, *name;
	json_array_foreach (columns->families, i, name)
		add_family_cross(m, row, json_string_value(name));
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

/* Of a family how many went how; by name only what a reader has to look at. */
static void add_family_paper(struct markup *m, const json_t *row, const json_t *families)
{
	const char *between = "";
	size_t i;
	json_t *name, *brief;
	json_array_foreach (families, i, name) {
		struct family family;
		struct buf words;
		family_init(&family, json_string_value(name), json_object_get(row, "scenarios"));
		if (!family.all)
			continue;
		buf_init(&words, WORDS_MAX);
		family_words(&family, &words);
		markup_textf(m, "%s%s: %s", between, json_string_value(name), buf_text(&words));
		between = "; ";
		buf_done(&words);
	}
	json_array_foreach (json_object_get(row, "scenarios"), i, brief)
		if (verdict_is_trouble(html_verdict(brief)))
			markup_textf(m, "; %s (%s)", json_text_of(brief, "id", ""),
				     json_text_of(brief, "verdict", ""));
}

static void add_paper(struct markup *m, const json_t *row, const json_t *families)
{
	const json_t *briefs = families ? NULL : json_object_get(row, "scenarios");
	size_t i;
	json_t *brief;
	markup_begin(m, "td");
	markup_attr(m, "class", "paper-only");
	add_family_paper(m, row, families);
	json_array_foreach (briefs, i, brief)
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

static void add_row(struct markup *m, const json_t *row, bool first, const struct columns *columns)
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
	add_crossings(m, row, columns);
	add_paper(m, row, columns->families);
	markup_end(m);
}

void html_requirements(struct markup *m, const json_t *result)
{
	const json_t *rows = json_object_get(result, "requirements");
	struct columns columns = { .scenarios = json_object_get(result, "scenarios") };
	const json_t *before = NULL;
	size_t i;
	json_t *row;
	if (json_array_size(columns.scenarios) > COLUMNS_MAX)
		columns.families = family_list(columns.scenarios);
	html_section(
		m, "requirements", "Requirements",
		columns.families
			? "Every clause of the guideline and the families of scenarios that tried "
			  "it: how many did, and the worst of their verdicts. A clause that no "
			  "scenario tried says why."
			: "Every clause of the guideline and the scenarios that tried it. A clause "
			  "that no scenario tried says why.");
	html_legend(m, shown, sizeof(shown) / sizeof(shown[0]));
	html_scroll(m, "tall", "Requirements and scenarios");
	markup_begin(m, "table");
	markup_attr(m, "class", "matrix");
	markup_element(m, "caption", "hidden", "Requirements and the scenarios that tried them");
	add_heads(m, &columns);
	markup_begin(m, "tbody");
	json_array_foreach (rows, i, row) {
		add_row(m, row, !same_chapter(row, before), &columns);
		before = row;
	}
	markup_end(m);
	markup_end(m);
	markup_end(m);
	markup_end(m);
	json_decref(columns.families);
}
