/* html.h: the parts of report.html, each a function that writes one piece of the page.
 *
 * Every result here has passed report_check. Colour never speaks alone: a verdict is a symbol and a
 * word, the word hidden from the eye only where a legend stands beside the table. */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include <jansson.h>
#include <stdbool.h>

#include "base/markup.h"
#include "reports/tally.h"
#include "reports/verdict.h"

/* Page: html_page.c */
void html_summary(struct markup *m, const json_t *result, const struct tally *tally);
/* html_trouble.c */
void html_trouble(struct markup *m, const json_t *result, const struct tally *tally);
void html_not_run(struct markup *m, const json_t *result);
/* html_requirements.c, html_items.c */
void html_requirements(struct markup *m, const json_t *result);
void html_items(struct markup *m, const json_t *result);
/* html_scenario.c, html_timeline.c */
void html_scenarios(struct markup *m, const json_t *result);
void html_timeline(struct markup *m, const json_t *timeline, const char *folder);
/* html_sign.c */
void html_sign(struct markup *m, const json_t *result, const struct tally *tally);

/* Bricks: html_bricks.c */
void html_symbols(struct markup *m); /* the SVG symbols; once a page */
void html_symbol(struct markup *m, enum verdict verdict);
void html_badge(struct markup *m, enum verdict verdict); /* symbol and word */
void html_mark(struct markup *m, enum verdict verdict);  /* symbol; the word for screen readers */
void html_hidden(struct markup *m, const char *text);    /* for screen readers only */
void html_link(struct markup *m, const char *class, const char *prefix, const char *id);
void html_evidence(struct markup *m, const json_t *evidence, const char *folder);
void html_command(struct markup *m, const json_t *result, const char *folder);
enum verdict html_verdict(const json_t *row); /* of its member "verdict" */

/* A section with its heading; ended by markup_end. */
void html_section(struct markup *m, const char *id, const char *title, const char *note);
/* A box that scrolls by itself, reachable by keyboard; ended by markup_end. */
void html_scroll(struct markup *m, const char *class, const char *label);
/* <th scope=…>; ended by markup_end. */
void html_head(struct markup *m, const char *scope, const char *class);
void html_head_text(struct markup *m, const char *scope, const char *class, const char *text);
/* A cell with nothing but text. */
void html_cell(struct markup *m, const char *class, const char *text);
/* Verdict, symbol and word, of all kinds in the table beneath. */
void html_legend(struct markup *m, const enum verdict *verdicts, size_t count);

#endif
