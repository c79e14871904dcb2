/* ecsp state: what the printers of a living fleet really are, one JSON object a line. */
#include <errno.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/command.h"
#include "conformance/control.h"
#include "conformance/options.h"

static int print(const json_t *answer)
{
	size_t i;
	json_t *row;

	json_array_foreach (json_object_get(answer, "printers"), i, row) {
		AUTO_FREE char *text = json_text(row);
		if (puts(text) == EOF)
			return EXIT_HARNESS;
	}
	return fflush(stdout) ? EXIT_HARNESS : EXIT_GOOD;
}

static int run_state(int argc, char **argv)
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
		return command_usage(&cmd_state, &err);
	if (help)
		return command_help(&cmd_state, rows);
	if (rest > 1) {
		error_set(&err, EINVAL, "found '%s' too many, expected %s", argv[2],
			  cmd_state.arguments);
		return command_usage(&cmd_state, &err);
	}
	AUTO_JSON json_t *request =
		json_pack("{s:s,s:s}", "ask", "state", "name", rest ? argv[1] : "*");
	AUTO_JSON json_t *answer = control_ask(control, request, &err);
	return answer ? print(answer) : command_usage(&cmd_state, &err);
}

const struct command_row cmd_state = {
	.name = "state",
	.arguments = "[PRINTER]",
	.help = "print what the printers of a living fleet really are, as JSON",
	.run = run_state,
};
