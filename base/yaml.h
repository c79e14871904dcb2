/* yaml.h: a YAML file as a tree that remembers where everything stood. The only user of libfyaml.
 *
 * Aliases and duplicate keys are refused; depth and size are limited. Scalars keep their text. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_kind kind;
	const char *file; /* borrowed from the root */
	int line, column; /* 1-based */
	char *key;        /* name in the parent map, NULL elsewhere */
	int key_line, key_column;
	char *text;          /* scalars only */
	bool quoted;         /* scalars only: 'x' or "x", so not a number, a truth value or null */
	struct yaml **items; /* children in file order, for lists and maps */
	size_t count;
};

enum { YAML_FILE_MAX = 4 << 20 };

struct yaml *yaml_read(const char *path, struct error *err);
/* text need not end in NUL; file is the name used in errors. */
struct yaml *yaml_parse(const char *text, size_t size, const char *file, struct error *err);
void yaml_free(struct yaml *root); /* the root only */

const struct yaml *yaml_get(const struct yaml *map, const char *key); /* NULL if absent */

/* An error at this node: error_at with its place. Returns -EINVAL. */
int yaml_error(const struct yaml *node, struct error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same at the node's name: for a name that is wrong, not its value. */
int yaml_key_error(const struct yaml *node, struct error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
