/* oid.h: object identifiers as arrays of sub-identifiers, and as dotted text. */
#ifndef SIM_PRINTER_OID_H
#define SIM_PRINTER_OID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	OID_MAX = 128, /* RFC 3416, 2.1: at most 128 sub-identifiers */
	OID_TEXT_MAX = 12 * OID_MAX,
};

struct oid {
	uint32_t id[OID_MAX];
	size_t count;
};

/* "1.3.6.1", digits and single dots only; false if it is anything else. */
bool oid_parse(const char *text, struct oid *oid);

/* Appends one sub-identifier; beyond OID_MAX it is dropped and false returned. */
bool oid_add(struct oid *oid, uint32_t id);

/* Lexicographic, as GETNEXT walks: < 0, 0, > 0. */
int oid_compare(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count);

/* Whether id stands below top, and is not top itself. */
bool oid_below(const uint32_t *id, size_t count, const struct oid *top);

/* Returns text, cut at OID_TEXT_MAX. */
const char *oid_format(const uint32_t *id, size_t count, char text[OID_TEXT_MAX]);

#endif
