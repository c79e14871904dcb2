/* form.h: what a YAML map must look like, as a const table, and the loader that holds it to that.
 *
 *	static const struct field fields[] = {
 *		{ "level", FIELD_INT, offsetof(struct supply, level), .required = true, .max = 100
 *}, { NULL },
 *	};
 *
 * Errors say what was found and what was expected, at file:line:column, with "did you mean" for
 * misspelt names. The same tables print JSON Schema for editors. */
#ifndef BASE_FORM_H
#define BASE_FORM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/yaml.h"

enum field_type {
	FIELD_TEXT,     /* char *, owned */
	FIELD_INT,      /* int64_t in [min, max]; max 0 and min 0 together: no limits */
	FIELD_BOOL,     /* bool: true or false */
	FIELD_DURATION, /* int64_t milliseconds from "250ms", "5s", "2m", "1h"; at most max if set
			 */
	FIELD_ENUM,     /* int: index into names */
	FIELD_IPV4,     /* uint32_t, host byte order */
	FIELD_FORM,     /* struct embedded at offset, described by form */
	FIELD_LIST,     /* struct form_list of structs described by form */
	FIELD_TEXTS,    /* struct form_list of char * */
	FIELD_NODE,     /* const struct yaml *, borrowed, any shape */
};

struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	bool required;
	int64_t min, max;         /* for lists: how many items (max 0: no limit) */
	const char *const *names; /* FIELD_ENUM, NULL-terminated */
	const struct form *form;  /* FIELD_FORM, FIELD_LIST */
	const char *help;         /* one line, for the schema */
};

struct form {
	const char *title;          /* "a supply" */
	size_t size;                /* sizeof the struct */
	const struct field *fields; /* ends with name NULL */
};

/* Items lie one after another: item i is at (char *)items + i * form->size. */
struct form_list {
	void *items;
	size_t count;
};

/* Fills out (zeroed or holding defaults beforehand). On error, form_done cleans up what is there.
 */
int form_load(const struct form *form, const struct yaml *map, void *out, struct error *err);
void form_done(const struct form *form, void *out);

/* JSON Schema 2020-12 of a form. Caller owns. */
json_t *form_schema(const struct form *form);

/* Nearest of names (NULL-terminated) to a misspelt word, or NULL if none is near. */
const char *form_nearest(const char *word, const char *const *names);

bool form_duration(const char *text, int64_t *ms);

#endif
