/* verb.h: what can be asked for by name with a few parameters: an action, a deliberate fault.
 *
 * A room keeps its verbs as rows of one const table; each row begins with a struct verb, and what
 * carries it out stands behind. Lint, lists and help read the same rows through a verb_list:
 *
 *	struct action { struct verb verb; action_run *run; };
 *	static const struct action rows[] = {
 *		{ { "ink", "sets the level of an ink", ink_parameters }, action_ink },
 *	};
 *	const struct verb_list device_actions = VERB_LIST(rows);
 */
#ifndef BASE_VERB_H
#define BASE_VERB_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum parameter_type {
	PARAMETER_INT,    /* a whole number */
	PARAMETER_NUMBER, /* may have decimals */
	PARAMETER_BOOL,
	PARAMETER_TEXT,     /* at most PARAMETER_TEXT_MAX bytes */
	PARAMETER_NAME,     /* one of names */
	PARAMETER_SCALAR,   /* a text or a whole number */
	PARAMETER_AMOUNTS,  /* a whole number, or an object name: whole number */
	PARAMETER_DURATION, /* a text such as "250ms" or "5s"; limits are milliseconds */
};

enum { PARAMETER_TEXT_MAX = 255 };

struct parameter {
	const char *name;
	enum parameter_type type;
	bool required;
	int64_t min, max;         /* of numbers; both 0: no limits */
	const char *const *names; /* PARAMETER_NAME, NULL-terminated */
	const char *help;         /* what it means and its unit; may be NULL */
};

struct verb {
	const char *name;
	const char *help;                   /* one line; begins in lower case, no full stop */
	const struct parameter *parameters; /* ends with name NULL; NULL: none */
};

struct verb_list {
	const void *rows;
	size_t stride, count;
};

#define VERB_LIST(table)                                                                           \
	{                                                                                          \
		(table), sizeof((table)[0]), sizeof(table) / sizeof((table)[0])                    \
	}

const struct verb *verb_at(const struct verb_list *list, size_t i); /* NULL behind the last */
const struct verb *verb_find(const struct verb_list *list, const char *name); /* NULL: unknown */
const char *verb_nearest(const struct verb_list *list, const char *word);     /* NULL: none near */

/* Holds parameters (an object; NULL: none given) to what the verb takes. -EINVAL with what was
 * found and expected; guilty (may be NULL) is set to the name of the parameter at fault, borrowed
 * from the verb or from parameters, NULL when one is missing. */
int verb_check(const struct verb *verb, const json_t *parameters, const char **guilty,
	       struct error *err);

/* A PARAMETER_DURATION that was checked, in milliseconds; fallback when it was not given. */
int64_t verb_duration(const json_t *parameters, const char *name, int64_t fallback);

/* {name, help, parameters[{name, type, required, min, max, names, help}]}. Caller owns. */
json_t *verb_describe(const struct verb *verb);

#endif
