/* ecsp set, ecsp do: change printers of a living fleet, or let its cloud send a command. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/command.h"
#include "conformance/control.h"
#include "conformance/options.h"

/* The words after the printer's name as a request; NULL on a mistake. */
typedef json_t *make_request(const char *name, char **words, int count, struct error *err);

static json_t *make_set(const char *name, char **words, int count, struct error *err)
{
	json_t *values = control_pairs(words, count, err);
	return values ? json_pack("{s:s,s:s,s:o}", "ask", "set", "name", name, "values", values)
		      : NULL;
}

static json_t *make_do(const char *name, char **words, int count, struct error *err)
{
	json_t *parameters = control_pairs(words + 1, count - 1, err);
	return parameters ? json_pack("{s:s,s:s,s:s,s:o}", "ask", "do", "name", name, "action",
				      words[0], "parameters", parameters)
			  : NULL;
}

/* What the cloud made, one a line; printers say nothing but their names, which the caller knows. */
static void print_made(const char *name, const json_t *answer)
{
	size_t i;
	json_t *row;

	if (strcmp(name, "cloud") != 0)
		return;
	json_array_foreach (json_object_get(answer, "printers"), i, row)
		puts(json_string_value(row));
}

static int run(const struct command_row *command, make_request *make, int argc, char **argv)
{
	AUTO_FREE char *path = control_default_path();
	const char *control = path;
	const struct option_row rows[] = {
		{ "control", OPTION_TEXT, &control, "PATH", "socket that ecsp up has named" },
		{ NULL },
	};
	struct error err = { 0 };
	int rest;
	bool help;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(command, &err);
	if (help)
		return command_help(command, rows);
	if (rest < 2) {
		error_set(&err, EINVAL, "expected %s", command->arguments);
		return command_usage(command, &err);
	}
	AUTO_JSON json_t *request = make(argv[1], argv + 2, rest - 1, &err);
	AUTO_JSON json_t *answer = request ? control_ask(control, request, &err) : NULL;
	if (!answer)
		return command_usage(command, &err);
	print_made(argv[1], answer);
	return EXIT_GOOD;
}

static int run_set(int argc, char **argv)
{
	return run(&cmd_set, make_set, argc, argv);
}

static int run_do(int argc, char **argv)
{
	return run(&cmd_do, make_do, argc, argv);
}

const struct command_row cmd_set = {
	.name = "set",
	.arguments = "PRINTER NAME=VALUE ...",
	.help = "change a printer of a living fleet: ink.K=8, supply.black=8, "
		"setting.panel.language=de",
	.run = run_set,
};

const struct command_row cmd_do = {
	.name = "do",
	.arguments = "PRINTER|cloud ACTION [NAME=VALUE ...]",
	.help = "let something happen to a printer of a living fleet: job seconds=5, jam, "
		"power-off; or to its cloud",
	.run = run_do,
};
