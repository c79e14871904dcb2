#include "reports/html.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "reports/evidence.h"

/* One shape: drawn in the colour of the verdict, or in the colour of the paper on top of it. */
struct stroke {
	const char *class;
	const char *path;
};

/* On a grid of 16; loud when something is wrong, quiet when not. */
static const struct stroke symbols[VERDICT_COUNT][2] = {
	[VERDICT_ERROR] = { { "solid", "M8 0.5 15.5 8 8 15.5 0.5 8Z" },
			    { "paper", "M8 4.2V8.8M8 11.1V11.3" } },
	[VERDICT_FAIL] = { { "solid", "M1 1H15V15H1Z" },
			   { "paper", "M4.8 4.8 11.2 11.2M11.2 4.8 4.8 11.2" } },
	[VERDICT_INCONCLUSIVE] = { { "solid", "M8 0.8A7.2 7.2 0 1 1 7.99 0.8Z" },
				   { "paper", "M5.7 6.2C5.7 3.1 10.4 3.2 10.3 6 10.2 7.7 8 7.6 8 "
					      "9.5M8 11.9V12.1" } },
	[VERDICT_WARN] = { { "solid", "M8 1 15.6 14.6H0.4Z" },
			   { "paper", "M8 5.8V9.8M8 12.1V12.3" } },
	[VERDICT_PASS] = { { "line", "M2.8 8.6 6.4 12.2 13.2 4.4" }, { NULL, NULL } },
	[VERDICT_NOT_APPLICABLE] = { { "line", "M4 8H12" }, { NULL, NULL } },
	[VERDICT_NOT_RUN] = { { "line", "M5.5 4.5V11.5M10.5 4.5V11.5" }, { NULL, NULL } },
	[VERDICT_NOT_TESTED] = { { "line", "M8 4.6A3.4 3.4 0 1 1 7.99 4.6Z" }, { NULL, NULL } },
};

void html_symbols(struct markup *m)
{
	markup_begin(m, "svg");
	markup_attr(m, "class", "symbols");
	markup_attr(m, "aria-hidden", "true");
	for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
		markup_begin(m, "symbol");
		markup_attrf(m, "id", "v-%s", verdict_kinds[verdict].key);
		markup_attr(m, "viewBox", "0 0 16 16");
		for (size_t i = 0; i < 2 && symbols[verdict][i].path; i++) {
			markup_begin(m, "path");
			markup_attr(m, "class", symbols[verdict][i].class);
			markup_attr(m, "d", symbols[verdict][i].path);
			markup_end(m);
		}
		markup_end(m);
	}
	markup_end(m);
}

enum verdict html_verdict(const json_t *row)
{
	return verdict_of(json_text_of(row, "verdict", NULL));
}

void html_symbol(struct markup *m, enum verdict verdict)
{
	markup_begin(m, "svg");
	markup_attrf(m, "class", "v v-%s", verdict_kinds[verdict].key);
	markup_attr(m, "aria-hidden", "true");
	markup_begin(m, "use");
	markup_attrf(m, "href", "#v-%s", verdict_kinds[verdict].key);
	markup_end(m);
	markup_end(m);
}

void html_badge(struct markup *m, enum verdict verdict)
{
	markup_begin(m, "span");
	markup_attrf(m, "class", "badge v-%s", verdict_kinds[verdict].key);
	html_symbol(m, verdict);
	markup_text(m, verdict_kinds[verdict].name);
	markup_end(m);
}

void html_hidden(struct markup *m, const char *text)
{
	markup_element(m, "span", "hidden", text);
}

void html_mark(struct markup *m, enum verdict verdict)
{
	html_symbol(m, verdict);
	html_hidden(m, verdict_kinds[verdict].name);
}

void html_link(struct markup *m, const char *class, const char *prefix, const char *id)
{
	markup_begin(m, "a");
	if (class)
		markup_attr(m, "class", class);
	markup_attrf(m, "href", "#%s%s", prefix, id);
	markup_text(m, id);
	markup_end(m);
}

void html_evidence(struct markup *m, const json_t *evidence, const char *folder)
{
	struct buf path, spot;
	buf_init(&path, EVIDENCE_TEXT_MAX);
	buf_init(&spot, EVIDENCE_TEXT_MAX);
	evidence_path(evidence, folder, &path);
	evidence_spot(evidence, &spot);
	markup_begin(m, "a");
	markup_attr(m, "class", "evidence");
	markup_attr(m, "href", buf_text(&path));
	markup_text(m, json_text_of(evidence, "file", ""));
	markup_text(m, buf_text(&spot));
	markup_end(m);
	buf_done(&spot);
	buf_done(&path);
}

void html_command(struct markup *m, const json_t *result, const char *folder)
{
	markup_begin(m, "p");
	markup_attr(m, "class", "replay");
	markup_text(m, "Judge this evidence again: ");
	markup_begin(m, "code");
	markup_textf(m, "ecsp judge %s/%s",
		     json_text_of(json_object_get(result, "run"), "out", "reports/out"), folder);
	markup_end(m);
	markup_end(m);
}

void html_section(struct markup *m, const char *id, const char *title, const char *note)
{
	AUTO_FREE char *heading = alloc_printf("%s-title", id);
	markup_begin(m, "section");
	markup_attr(m, "id", id);
	markup_attr(m, "aria-labelledby", heading);
	markup_begin(m, "h2");
	markup_attr(m, "id", heading);
	markup_text(m, title);
	markup_end(m);
	if (note)
		markup_element(m, "p", "note", note);
}

void html_scroll(struct markup *m, const char *class, const char *label)
{
	markup_begin(m, "div");
	markup_attrf(m, "class", "scroll %s", class);
	markup_attr(m, "role", "region");
	markup_attr(m, "tabindex", "0");
	markup_attr(m, "aria-label", label);
}

void html_head(struct markup *m, const char *scope, const char *class)
{
	markup_begin(m, "th");
	markup_attr(m, "scope", scope);
	if (class)
		markup_attr(m, "class", class);
}

void html_head_text(struct markup *m, const char *scope, const char *class, const char *text)
{
	html_head(m, scope, class);
	markup_text(m, text);
	markup_end(m);
}

void html_cell(struct markup *m, const char *class, const char *text)
{
	markup_element(m, "td", class, text);
}

void html_legend(struct markup *m, const enum verdict *verdicts, size_t count)
{
	markup_begin(m, "ul");
	markup_attr(m, "class", "legend");
	for (size_t i = 0; i < count; i++) {
		markup_begin(m, "li");
		html_badge(m, verdicts[i]);
		markup_end(m);
	}
	markup_end(m);
}
