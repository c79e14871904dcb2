/* command.h: the sub-commands of the program, one file each (NAME_command.c). */
#ifndef CONFORMANCE_COMMAND_H
#define CONFORMANCE_COMMAND_H

/* Exit codes: other people's scripts rely on them. Where several hold: 2, 4, 1, 3, 6, 5. */
enum exit_code {
	EXIT_GOOD = 0,
	EXIT_FAIL = 1,
	EXIT_USAGE = 2,
	EXIT_INCONCLUSIVE = 3,
	EXIT_HARNESS = 4,
	EXIT_DRIFT = 5,
	EXIT_TOO_FEW = 6,
};

struct command_row {
	const char *name;
	const char *arguments; /* for the help */
	const char *help;
	int (*run)(int argc, char **argv); /* argv[0] is the sub-command; returns the exit code */
};

extern const struct command_row cmd_test, cmd_judge, cmd_report, cmd_lint, cmd_list, cmd_selftest,
	cmd_import, cmd_record;
extern const struct command_row cmd_up, cmd_set, cmd_do, cmd_fault, cmd_state, cmd_shell,
	cmd_replay;
extern const struct command_row cmd_sweep;

/* Usage line, help and options of a command, on standard output. Returns EXIT_GOOD. */
struct option_row;
int command_help(const struct command_row *command, const struct option_row *rows);
/* A mistake in the call, on standard error. Returns EXIT_USAGE. */
struct error;
int command_usage(const struct command_row *command, const struct error *err);

#endif
