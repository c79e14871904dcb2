#include "reports/html.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "reports/evidence.h"

/* Columns, in the order of every table about agents. */
static const struct {
	const char *kind;
	const char *title;
} columns[] = {
	{ "dc", "DC agent" },
	{ "es", "ES agent" },
	{ "mobile", "Mobile app" },
	{ "pc", "PC app" },
};
enum { COLUMN_COUNT = sizeof(columns) / sizeof(columns[0]) };

static const json_t *find_cell(const json_t *item, const char *kind)
{
	size_t i;
	json_t *cell;
	json_array_foreach (json_object_get(item, "cells"), i, cell)
		if (!strcmp(json_text_of(cell, "agent", ""), kind))
			return cell;
	return NULL;
}

/* Reasons that many cells share ("from other parties only") stand once beneath the table. The notes
 * are reason -> number, in the order of their first use. */
static void add_note_sign(struct markup *m, json_t *notes, const char *reason)
{
	if (!json_object_get(notes, reason))
		json_object_set_new(notes, reason,
				    json_integer((json_int_t)json_object_size(notes) + 1));
	markup_begin(m, "sup");
	markup_begin(m, "a");
	markup_attrf(m, "href", "#note-%" PRId64, json_int_of(notes, reason, 0));
	markup_attr(m, "title", reason);
	markup_textf(m, "%" PRId64, json_int_of(notes, reason, 0));
	markup_end(m);
	markup_end(m);
}

static void add_notes(struct markup *m, const json_t *notes)
{
	const char *reason;
	json_t *number;
	markup_begin(m, "ol");
	markup_attr(m, "class", "notes");
	json_object_foreach ((json_t *)notes, reason, number) {
		markup_begin(m, "li");
		markup_attrf(m, "id", "note-%" JSON_INTEGER_FORMAT, json_integer_value(number));
		markup_text(m, reason);
		markup_end(m);
	}
	markup_end(m);
}

/* "journal line 40": the name of the scenario stands before it, the kind of file says itself. */
static void add_spot(struct markup *m, const json_t *evidence)
{
	struct buf spot;
	const char *file = json_text_of(evidence, "file", "");
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;
	buf_init(&spot, EVIDENCE_TEXT_MAX);
	evidence_spot(evidence, &spot);
	markup_begin(m, "a");
	markup_attr(m, "class", "evidence");
	markup_attr(m, "href", file);
	markup_textf(m, "%.*s%s", (int)strcspn(name, "."), name, buf_text(&spot));
	markup_end(m);
	buf_done(&spot);
}

static void add_cell(struct markup *m, const json_t *cell, json_t *notes)
{
	enum verdict verdict = html_verdict(cell);
	bool tested = verdict_is_tested(verdict);
	const char *scenario = json_text_of(cell, "scenario", NULL);
	const char *reason = json_text_of(cell, "reason", NULL);
	const json_t *evidence = json_object_get(cell, "evidence");
	markup_begin(m, "td");
	markup_attrf(m, "class", "cell%s", tested ? "" : " quiet");
	html_badge(m, verdict);
	if (reason && !tested)
		add_note_sign(m, notes, reason);
	if (scenario) {
		markup_text(m, " ");
		html_link(m, "id", "s-", scenario);
	}
	if (evidence) {
		markup_text(m, " ");
		add_spot(m, evidence);
	}
	if (reason && verdict_is_trouble(verdict))
		markup_element(m, "span", "why", reason);
	markup_end(m);
}

/* A body of its own, so that its heading is the heading of these rows only. */
static void begin_category(struct markup *m, const char *category)
{
	markup_begin(m, "tbody");
	markup_begin(m, "tr");
	markup_attr(m, "class", "group");
	markup_begin(m, "th");
	markup_attr(m, "scope", "rowgroup");
	markup_attrf(m, "colspan", "%d", COLUMN_COUNT + 2);
	markup_begin(m, "span");
	markup_text(m, category);
	markup_end(m);
	markup_end(m);
	markup_end(m);
}

static void add_item(struct markup *m, const json_t *item, json_t *notes)
{
	markup_begin(m, "tr");
	html_head_text(m, "row", "stick id", json_text_of(item, "item", ""));
	html_cell(m, "name", json_text_of(item, "name", ""));
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		add_cell(m, find_cell(item, columns[i].kind), notes);
	markup_end(m);
}

static void add_heads(struct markup *m)
{
	markup_begin(m, "thead");
	markup_begin(m, "tr");
	html_head_text(m, "col", "stick", "Item");
	html_head_text(m, "col", "name", "Name");
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		html_head_text(m, "col", NULL, columns[i].title);
	markup_end(m);
	markup_end(m);
}

void html_items(struct markup *m, const json_t *result)
{
	AUTO_JSON json_t *notes = json_object();
	const char *category = "";
	size_t i;
	json_t *item;
	html_section(m, "items", "Data items",
		     "Every data item of the guideline's appendix, for each kind of agent. An item "
		     "passes when the value that was sent is the value that the device had.");
	html_scroll(m, "tall", "Data items and kinds of agent");
	markup_begin(m, "table");
	markup_attr(m, "class", "items");
	markup_element(m, "caption", "hidden", "Data items by kind of agent");
	add_heads(m);
	json_array_foreach (json_object_get(result, "items"), i, item) {
		bool first = !i || strcmp(category, json_text_of(item, "category", ""));
		category = json_text_of(item, "category", "");
		if (first && i)
			markup_end(m);
		if (first)
			begin_category(m, category);
		add_item(m, item, notes);
	}
	markup_end(m);
	markup_end(m);
	markup_end(m);
	add_notes(m, notes);
	markup_end(m);
}
