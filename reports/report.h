/* report.h: drawings of one result.json. Nothing is judged here and no clock is read: the same
 * document gives the same bytes.
 *
 * The document is described by result.schema.json. A reader ignores members that it does not know.
 */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include <jansson.h>

#include "base/buf.h"
#include "base/error.h"

/* The guideline has this many clauses and data items; each is a row, tested or not. */
enum { REPORT_REQUIREMENTS = 44, REPORT_ITEMS = 44 };

/* A document larger than this is refused when read; its drawings need at most ten times as much. */
enum { REPORT_RESULT_MAX = 64 << 20 };

struct report_writer {
	const char *name; /* of the option of `ecsp report` */
	const char *file; /* below --out */
	/* Appends to out. 0, -EINVAL when report_check refuses the document, -EFBIG when out is
	 * too small for the report (what it then holds is of no use). */
	int (*write)(const json_t *result, struct buf *out, struct error *err);
};

extern const struct report_writer report_writers[]; /* ends with name NULL */

const struct report_writer *report_writer_find(const char *name); /* NULL if there is none */

/* Is this a result that can be drawn, and does its summary agree with what it sums up? 0 or
 * -EINVAL; the sentence starts with the JSON pointer of the culprit. */
int report_check(const json_t *result, struct error *err);

int report_html(const json_t *result, struct buf *out, struct error *err);
int report_junit(const json_t *result, struct buf *out, struct error *err);
int report_csv(const json_t *result, struct buf *out, struct error *err);

#endif
