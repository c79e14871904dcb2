/* options.h: a sub-command's options as a table: parsed, explained by --help, listed for shells. */
#ifndef CONFORMANCE_OPTIONS_H
#define CONFORMANCE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum option_type {
	OPTION_FLAG,   /* bool */
	OPTION_TEXT,   /* const char *, borrowed from argv */
	OPTION_NUMBER, /* int64_t in [min, max] */
	OPTION_MANY,   /* struct option_many: may be given again */
};

struct option_many {
	const char *values[16];
	int count;
};

struct option_row {
	const char *name; /* without the dashes; NULL ends the table */
	enum option_type type;
	void *value;
	const char *argument; /* its name in the help, NULL for flags */
	const char *help;
	int64_t min, max; /* OPTION_NUMBER */
};

/* Parses; what is no option is moved to the front of argv from index 1 on and counted in *rest. A
 * lone "--" ends the options. -EINVAL with a sentence on a mistake; *help set on --help. */
int options_parse(const struct option_row *rows, int argc, char **argv, int *rest, bool *help,
		  struct error *err);
void options_help(const struct option_row *rows);

#endif
