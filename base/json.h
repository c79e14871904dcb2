/* json.h: JSON of the harness, by jansson: strict, 64-bit integers, duplicates refused.
 *
 * json_t references are owned as jansson says; AUTO_JSON drops one at the end of the scope. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/buf.h"
#include "base/error.h"

static inline void cleanup_json(json_t **json)
{
	json_decref(*json);
}

#define AUTO_JSON __attribute__((cleanup(cleanup_json)))

/* Strict parse: no duplicates, no trailing data, any value allowed at the top. name goes into
 * errors. */
json_t *json_read_text(const char *text, size_t size, const char *name, struct error *err);
json_t *json_read_file(const char *path, size_t max, struct error *err);

/* Text of a value: one line, keys in insertion order. Caller frees. */
char *json_text(const json_t *json);

int json_write_file(const char *path, const json_t *json,
		    struct error *err); /* indented, newline */

/* Member text of an object, or fallback when absent or not a string. Borrowed. */
const char *json_text_of(const json_t *object, const char *key, const char *fallback);
int64_t json_int_of(const json_t *object, const char *key, int64_t fallback);

/* RFC 6901 pointer ("/a/0/b", "" is the whole); borrowed, NULL if nothing is there. */
json_t *json_at(const json_t *json, const char *pointer);

/* Sets a string even when bytes are not UTF-8 (they become U+FFFD): for what came from outside. */
json_t *json_lossy_text(const void *bytes, size_t size);
json_t *json_hex(const void *bytes, size_t size);

#endif
