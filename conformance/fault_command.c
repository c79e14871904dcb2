/* ecsp fault: let a printer of a living fleet, or its cloud, misbehave. */
#include <errno.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/command.h"
#include "conformance/control.h"
#include "conformance/options.h"

static json_t *make_request(bool clear, char **words, int count, struct error *err)
{
	if (clear)
		return json_pack("{s:s,s:s,s:s*}", "ask", "clear", "name", words[0], "fault",
				 count > 1 ? words[1] : NULL);
	json_t *parameters = control_pairs(words + 2, count - 2, err);
	return parameters ? json_pack("{s:s,s:s,s:s,s:o}", "ask", "fault", "name", words[0],
				      "fault", words[1], "parameters", parameters)
			  : NULL;
}

static int run_fault(int argc, char **argv)
{
	AUTO_FREE char *path = control_default_path();
	const char *control = path;
	bool clear = false;
	const struct option_row rows[] = {
		{ "clear", OPTION_FLAG, &clear, NULL, "behave again; needs no FAULT" },
		{ "control", OPTION_TEXT, &control, "PATH", "socket that ecsp up has named" },
		{ NULL },
	};
	struct error err = { 0 };
	int rest;
	bool help;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(&cmd_fault, &err);
	if (help)
		return command_help(&cmd_fault, rows);
	if (rest < (clear ? 1 : 2)) {
		error_set(&err, EINVAL, "expected %s; ecsp list faults shows them",
			  cmd_fault.arguments);
		return command_usage(&cmd_fault, &err);
	}
	AUTO_JSON json_t *request = make_request(clear, argv + 1, rest, &err);
	AUTO_JSON json_t *answer = request ? control_ask(control, request, &err) : NULL;
	return answer ? EXIT_GOOD : command_usage(&cmd_fault, &err);
}

const struct command_row cmd_fault = {
	.name = "fault",
	.arguments = "PRINTER|cloud FAULT [NAME=VALUE ...]",
	.help = "let a printer of a living fleet, or its cloud, misbehave",
	.run = run_fault,
};
