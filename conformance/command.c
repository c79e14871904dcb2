#include "conformance/command.h"

#include <stdio.h>

#include "base/error.h"
#include "conformance/options.h"

int command_help(const struct command_row *command, const struct option_row *rows)
{
	printf("usage: ecsp %s %s\n%s\n\n", command->name, command->arguments, command->help);
	options_help(rows);
	return EXIT_GOOD;
}

int command_usage(const struct command_row *command, const struct error *err)
{
	fprintf(stderr, "ecsp %s: %s\n", command->name, error_text(err));
	return EXIT_USAGE;
}
