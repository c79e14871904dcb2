/* ecsp fault: let a printer of a living fleet, or its cloud, misbehave. */
#include <errno.h>

#include "base/json.h"
#include "conformance/asker.h"
#include "conformance/control.h"

static bool clear; /* --clear */

static json_t *ask_fault(char **words, int count, struct error *err)
{
	if (clear)
		return json_pack("{s:s,s:s,s:s*}", "ask", "clear", "name", words[0], "fault",
				 words[1]);
	if (count < 2) {
		error_set(err, EINVAL, "expected %s; ecsp list faults shows them",
			  cmd_fault.arguments);
		return NULL;
	}
	json_t *parameters = control_pairs(words + 2, count - 2, err);
	return parameters ? json_pack("{s:s,s:s,s:s,s:o}", "ask", "fault", "name", words[0],
				      "fault", words[1], "parameters", parameters)
			  : NULL;
}

static int run_fault(int argc, char **argv)
{
	static const struct asker asker = {
		.command = &cmd_fault,
		.option = { "clear", OPTION_FLAG, &clear, NULL, "behave again; needs no FAULT" },
		.words_min = 1,
		.request = ask_fault,
	};
	return asker_run(&asker, argc, argv);
}

const struct command_row cmd_fault = {
	.name = "fault",
	.arguments = "PRINTER|cloud FAULT [NAME=VALUE ...]",
	.help = "let a printer of a living fleet, or its cloud, misbehave",
	.run = run_fault,
};
