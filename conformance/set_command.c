/* ecsp set, ecsp do: change printers of a living fleet, or let its cloud send a command. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "conformance/asker.h"
#include "conformance/control.h"

static json_t *ask_set(char **words, int count, struct error *err)
{
	json_t *values = control_pairs(words + 1, count - 1, err);
	return values ? json_pack("{s:s,s:s,s:o}", "ask", "set", "name", words[0], "values", values)
		      : NULL;
}

static json_t *ask_do(char **words, int count, struct error *err)
{
	json_t *parameters = control_pairs(words + 2, count - 2, err);
	return parameters ? json_pack("{s:s,s:s,s:s,s:o}", "ask", "do", "name", words[0], "action",
				      words[1], "parameters", parameters)
			  : NULL;
}

/* What the cloud made, one a line; printers say nothing but their names, which the caller knows. */
static int print_made(char **words, const json_t *answer, struct error *err)
{
	size_t i;
	json_t *row;

	(void)err;
	if (strcmp(words[0], "cloud") != 0)
		return EXIT_GOOD;
	json_array_foreach (json_object_get(answer, "printers"), i, row)
		puts(json_string_value(row));
	return EXIT_GOOD;
}

static int run_set(int argc, char **argv)
{
	static const struct asker asker = {
		.command = &cmd_set, .words_min = 2, .request = ask_set, .answered = print_made
	};
	return asker_run(&asker, argc, argv);
}

static int run_do(int argc, char **argv)
{
	static const struct asker asker = {
		.command = &cmd_do, .words_min = 2, .request = ask_do, .answered = print_made
	};
	return asker_run(&asker, argc, argv);
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
