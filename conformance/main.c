/* The program: finds the sub-command and hands over. */
#include <signal.h>
#include <string.h>

#include "conformance/command.h"

static const struct command_row *const commands[] = {
	&cmd_test,   &cmd_judge,  &cmd_report, &cmd_lint,  &cmd_list, &cmd_selftest,
	&cmd_import, &cmd_record, &cmd_up,     &cmd_set,   &cmd_do,   &cmd_fault,
	&cmd_state,  &cmd_shell,  &cmd_replay, &cmd_sweep,
};

static void help(FILE *out)
{
	fputs("usage: ecsp COMMAND [ARGUMENT ...]\n"
	      "Tries printer-to-cloud agents in simulated worlds and judges what they do.\n\n",
	      out);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->help);
	fputs("\necsp COMMAND --help tells more. Exit codes: 0 good, 1 fail, 2 usage, 3 "
	      "inconclusive,\n"
	      "4 harness error, 5 other than the baseline, 6 too few cases.\n",
	      out);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		help(stdout);
		return EXIT_GOOD;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("ecsp " ECSP_VERSION);
		return EXIT_GOOD;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i]->name, argv[1]))
			return commands[i]->run(argc - 1, argv + 1);
	fprintf(stderr, "ecsp: found '%s', expected a command; ecsp --help lists them\n", argv[1]);
	return EXIT_USAGE;
}
