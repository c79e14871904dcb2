/* table.h: where a printer keeps the items, as data: which OIDs, which names, which types.
 * docs/printer-extension.md has the same in words. */
#ifndef AGENTS_DC_TABLE_H
#define AGENTS_DC_TABLE_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "agents/common/snmp.h"
#include "ecsp/ecsp.h"

/* Beginnings of object identifiers. */
#define OID(...)                                                                                   \
	{                                                                                          \
		{ __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t)            \
	}
#define OID_EPSON     1, 3, 6, 1, 4, 1, 1248, 1, 2, 2
#define OID_EXTENSION ECSP_EXTENSION_OID, 1
#define OID_SUPPLIES  1, 3, 6, 1, 2, 1, 43, 11, 1, 1 /* RFC 3805, prtMarkerSuppliesEntry */

enum column_kind {
	COLUMN_TEXT,
	COLUMN_NUMBER,  /* not negative */
	COLUMN_TIME,    /* RFC 3339 text */
	COLUMN_SETTING, /* text or number, as the device has it */
	COLUMN_MAKER,   /* MFG of an IEEE 1284 device id */
	COLUMN_STATUS,  /* the status block, or lines of text */
	COLUMN_CLOCK,   /* DateAndTime (RFC 2579) */
};

struct column {
	struct snmp_oid oid; /* of a table: the row's number follows */
	const char *member;  /* NULL: of no use in a record */
	enum column_kind kind;
};

/* A walk finds its end by what comes behind it, and behind every table may come a job table of
 * one row, whose eighth value is a document's name: no more than seven values at once (COL-7). */
enum { TABLE_COLUMNS_MAX = 8, TABLE_ROWS_MAX = 64, TABLE_WALK_MOST = 7 };

struct table {
	const char *member;    /* of the record */
	struct snmp_oid index; /* the column that is walked to find the rows */
	int most;              /* values asked for at once in that walk */
	size_t count;
	struct column columns[TABLE_COLUMNS_MAX];
	/* Makes the record's member of rows; rows that lack a column are left out before. */
	void (*finish)(cJSON *record, const char *member, cJSON *rows);
};

extern const struct column scalar_columns[];
extern const size_t scalar_count;
extern const struct column status_column;
extern const struct column self_diagnosis_column;

/* In the order in which they are finished. */
extern const struct table *const tables[];
extern const size_t table_count;

extern const struct table table_supplies; /* supplies.c */
extern const struct table table_jobs;     /* jobs.c */

/* The plain finish: rows become an array. Takes over rows. */
void table_rows(cJSON *record, const char *member, cJSON *rows);

#endif
