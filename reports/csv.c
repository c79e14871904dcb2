/* csv.c: coverage.csv, a row for each data item and kind of agent. */
#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "reports/evidence.h"
#include "reports/report.h"

/* RFC 4180, 2: fields that hold a comma, a quote or a line break are quoted, quotes doubled. */
static void add_field(struct buf *out, const char *text, const char *end)
{
	bool quote = strpbrk(text, ",\"\r\n");
	if (quote)
		buf_add_u8(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_add_u8(out, '"');
		buf_add_u8(out, (uint8_t)*text);
	}
	if (quote)
		buf_add_u8(out, '"');
	buf_add_text(out, end);
}

static void add_row(struct buf *out, const json_t *item, const json_t *cell)
{
	struct buf place;
	buf_init(&place, EVIDENCE_TEXT_MAX);
	const json_t *evidence = json_object_get(cell, "evidence");
	if (evidence)
		evidence_text(evidence, NULL, &place);
	add_field(out, json_text_of(item, "item", ""), ",");
	add_field(out, json_text_of(cell, "agent", ""), ",");
	add_field(out, json_text_of(cell, "verdict", ""), ",");
	add_field(out, json_text_of(cell, "scenario", ""), ",");
	add_field(out, buf_text(&place), "\r\n");
	buf_done(&place);
}

int report_csv(const json_t *result, struct buf *out, struct error *err)
{
	int rc = report_check(result, err);
	if (rc)
		return rc;
	buf_add_text(out, "item,agent,verdict,scenario,evidence\r\n");
	size_t i, k;
	json_t *item, *cell;
	json_array_foreach (json_object_get(result, "items"), i, item)
		json_array_foreach (json_object_get(item, "cells"), k, cell)
			add_row(out, item, cell);
	if (out->failed)
		return error_set(err, EFBIG, "coverage.csv would be larger than %zu bytes",
				 out->max);
	return 0;
}
