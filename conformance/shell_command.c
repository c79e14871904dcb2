/* ecsp shell: a shell, or a command, inside a living world. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/command.h"
#include "conformance/control.h"
#include "conformance/options.h"
#include "sim/world/join.h"

static int become(char **words)
{
	const char *shell = getenv("SHELL");
	char *const interactive[] = { (char *)(shell && *shell ? shell : "/bin/sh"), NULL };
	char *const *command = *words ? words : interactive;

	signal(SIGPIPE, SIG_DFL);
	execvp(command[0], command);
	fprintf(stderr, "ecsp shell: cannot run %s: %s\n", command[0], strerror(errno));
	return EXIT_USAGE;
}

static int enter(const json_t *answer, struct error *err)
{
	const json_t *about = json_object_get(answer, "about");
	const char *name;
	json_t *value;

	if (!about)
		return error_set(err, EPROTO, "this world does not say how to enter it");
	json_object_foreach (json_object_get(about, "environment"), name, value)
		if (setenv(name, json_string_value(value), 1) < 0)
			return error_set(err, errno, "%s: %s", name, strerror(errno));
	return json_is_true(json_object_get(about, "network"))
		       ? join_enter((pid_t)json_int_of(about, "pid", 0), err)
		       : 0;
}

static int run_shell(int argc, char **argv)
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
		return command_usage(&cmd_shell, &err);
	if (help)
		return command_help(&cmd_shell, rows);
	argv[1 + rest] = NULL;
	AUTO_JSON json_t *request = json_pack("{s:s}", "ask", "about");
	AUTO_JSON json_t *answer = control_ask(control, request, &err);
	if (!answer || enter(answer, &err) < 0)
		return command_usage(&cmd_shell, &err);
	return become(argv + 1);
}

const struct command_row cmd_shell = {
	.name = "shell",
	.arguments = "[-- COMMAND ...]",
	.help = "a shell, or a command, inside the network of a living world",
	.run = run_shell,
};
