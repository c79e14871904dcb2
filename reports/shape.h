/* shape.h: what a JSON document must look like, as const tables, and the walk that holds it to
 * that.
 *
 * Errors name the JSON pointer (RFC 6901) of the culprit, what was found and what was expected.
 * Members that no table names are passed over: a newer writer may say more. */
#ifndef REPORTS_SHAPE_H
#define REPORTS_SHAPE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum shape_type {
	SHAPE_TEXT,   /* any text; with words: one of them; with valid: one that it accepts */
	SHAPE_COUNT,  /* integer from 0 */
	SHAPE_INT,    /* integer */
	SHAPE_NUMBER, /* from 0 */
	SHAPE_BOOL,
	SHAPE_OBJECT, /* members */
	SHAPE_LIST,   /* of each, at least min, at most max (0: no limit) */
	SHAPE_MAP,    /* any names, each value of the shape each */
};

struct shape_member;

struct shape {
	enum shape_type type;
	const char *expected;     /* in words */
	const char *const *words; /* NULL-terminated */
	bool (*valid)(const char *text);
	const struct shape_member *members; /* ends with name NULL */
	const struct shape *each;
	size_t min, max;
};

struct shape_member {
	const char *name;
	const struct shape *shape;
	bool optional;
};

/* 0 or -EINVAL. */
int shape_check(const struct shape *shape, const json_t *json, struct error *err);

#endif
