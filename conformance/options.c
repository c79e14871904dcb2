#include "conformance/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/form.h"

static const struct option_row *find(const struct option_row *rows, const char *name, size_t size)
{
	for (; rows->name; rows++)
		if (strlen(rows->name) == size && !strncmp(rows->name, name, size))
			return rows;
	return NULL;
}

static int unknown(const struct option_row *rows, const char *word, struct error *err)
{
	const char *names[33] = { NULL };
	size_t count = 0;
	for (; rows->name && count < 32; rows++)
		names[count++] = rows->name;
	const char *near = form_nearest(word + 2, names);
	return error_set(err, EINVAL, "found '%s', expected an option of this command%s%s%s", word,
			 near ? ": did you mean '--" : "; see --help", near ? near : "",
			 near ? "'?" : "");
}

static int set(const struct option_row *row, const char *text, struct error *err)
{
	char *end;

	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)row->value = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)row->value = text;
		return 0;
	case OPTION_NUMBER:
		errno = 0;
		long long number = strtoll(text, &end, 10);
		if (end == text || *end || errno || number < row->min || number > row->max)
			return error_set(err, EINVAL,
					 "found --%s '%s', expected a number from %lld to %lld",
					 row->name, text, (long long)row->min, (long long)row->max);
		*(int64_t *)row->value = number;
		return 0;
	case OPTION_MANY:
		break;
	}
	struct option_many *many = row->value;
	if (many->count == (int)(sizeof(many->values) / sizeof(many->values[0])))
		return error_set(err, EINVAL, "found --%s too often", row->name);
	many->values[many->count++] = text;
	return 0;
}

/* "--name value" or "--name=value". Advances *at past a value of its own. */
static int parse_one(const struct option_row *rows, int argc, char **argv, int *at,
		     struct error *err)
{
	const char *word = argv[*at];
	const char *equals = strchr(word, '=');
	size_t size = equals ? (size_t)(equals - word) - 2 : strlen(word) - 2;
	const struct option_row *row = find(rows, word + 2, size);

	if (!row)
		return unknown(rows, word, err);
	if (row->type == OPTION_FLAG && equals)
		return error_set(err, EINVAL, "found '%s', expected --%s without a value", word,
				 row->name);
	if (row->type == OPTION_FLAG || equals)
		return set(row, equals ? equals + 1 : NULL, err);
	if (*at + 1 >= argc)
		return error_set(err, EINVAL, "found --%s at the end, expected %s behind it",
				 row->name, row->argument);
	return set(row, argv[++*at], err);
}

int options_parse(const struct option_row *rows, int argc, char **argv, int *rest, bool *help,
		  struct error *err)
{
	bool options = true;

	*rest = 0;
	*help = false;
	for (int i = 1; i < argc; i++) {
		int status = 0;
		if (options && !strcmp(argv[i], "--"))
			options = false;
		else if (options && (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")))
			*help = true;
		else if (options && !strncmp(argv[i], "--", 2))
			status = parse_one(rows, argc, argv, &i, err);
		else if (options && argv[i][0] == '-' && argv[i][1])
			return error_set(err, EINVAL,
					 "found '%s', expected an option such as --help", argv[i]);
		else
			argv[1 + (*rest)++] = argv[i];
		if (status < 0)
			return status;
	}
	return 0;
}

void options_help(const struct option_row *rows)
{
	for (; rows->name; rows++) {
		char left[48];
		snprintf(left, sizeof(left), "--%s %s", rows->name,
			 rows->argument ? rows->argument : "");
		printf("  %-26s %s\n", left, rows->help);
	}
	printf("  %-26s %s\n", "--help", "this text");
}
