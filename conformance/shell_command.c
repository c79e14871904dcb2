/* ecsp shell: a shell, or a command, inside a living world. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "conformance/asker.h"
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

static json_t *ask_about(char **words, int count, struct error *err)
{
	(void)words;
	(void)count;
	(void)err;
	return json_pack("{s:s}", "ask", "about");
}

static int enter(char **words, const json_t *answer, struct error *err)
{
	const json_t *about = json_object_get(answer, "about");
	const char *name;
	json_t *value;

	if (!about)
		return error_set(err, EPROTO, "this world does not say how to enter it");
	json_object_foreach (json_object_get(about, "environment"), name, value)
		if (setenv(name, json_string_value(value), 1) < 0)
			return error_set(err, errno, "%s: %s", name, strerror(errno));
	bool network = json_is_true(json_object_get(about, "network"));
	int status = network ? join_enter((pid_t)json_int_of(about, "pid", 0), err) : 0;
	return status < 0 ? status : become(words);
}

static int run_shell(int argc, char **argv)
{
	static const struct asker asker = { .command = &cmd_shell,
					    .request = ask_about,
					    .answered = enter };
	return asker_run(&asker, argc, argv);
}

const struct command_row cmd_shell = {
	.name = "shell",
	.arguments = "[-- COMMAND ...]",
	.help = "a shell, or a command, inside the network of a living world",
	.run = run_shell,
};
