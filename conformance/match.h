/* match.h: which observations are meant: a kind and some of its fields.
 *
 *	for: mqtt.subscribe
 *	where: {topic: ecsp/v1/agents/dc-0001/commands, granted: [0, 1]}
 *
 * A name that begins with "/" is a JSON pointer into the observation. A list means any of; where
 * the observation holds a list, one member must match. "*" (in quotes) matches any value that is
 *there. */
#ifndef CONFORMANCE_MATCH_H
#define CONFORMANCE_MATCH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/yaml.h"

struct match {
	const char *kind;         /* borrowed; NULL: any */
	const struct yaml *where; /* borrowed; NULL: no condition */
};

bool match_is(const struct match *match, const json_t *observation);

/* Does a JSON value equal what stands in the file? (The rule for a single field.) */
bool match_value(const struct yaml *want, const json_t *value);

/* What is meant, for people: "mqtt.subscribe where topic is …". Caller frees. */
char *match_describe(const struct match *match);

/* YAML as JSON: unquoted numbers and truth values keep their type. Caller owns. */
json_t *match_json(const struct yaml *node);

#endif
