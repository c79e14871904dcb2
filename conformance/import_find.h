/* import_find.h: looking things up in a walk by dotted OID. */
#ifndef CONFORMANCE_IMPORT_FIND_H
#define CONFORMANCE_IMPORT_FIND_H

#include "sim/printer/mib.h"

/* A cell, NULL if the walk lacks it. row 0: oid names the cell itself. */
const struct mib_entry *find_cell(const struct mib *walk, const char *oid, uint32_t row);
/* Its text without bytes that do not print, NULL if it is absent or empty. Caller frees. */
char *find_text(const struct mib *walk, const char *oid, uint32_t row);
/* The text that replaces an absent one. Caller frees. */
char *find_text_or(const struct mib *walk, const char *oid, uint32_t row, const char *fallback);
int64_t find_number(const struct mib *walk, const char *oid, uint32_t row, int64_t fallback);
/* The cell below a column whose text or number is this; the last sub-identifier is its row. */
uint32_t find_row_named(const struct mib *walk, const char *column, const char *text);
uint32_t find_row_numbered(const struct mib *walk, const char *column, int64_t number);
/* The first cell below column, or the next behind last. NULL at the end. */
const struct mib_entry *find_next(const struct mib *walk, const char *column,
				  const struct mib_entry *last);
uint32_t row_of(const struct mib_entry *entry);

#endif
