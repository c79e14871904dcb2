/* invents-results: answers a command that nobody gave. Stands before command_result. */
#include "agents/common/command.h"

#include <stdio.h>

/* The linker (--wrap) puts the second in the place of the first. */
char *__real_command_result(const struct command *command, const struct outcome *outcome);
char *__wrap_command_result(const struct command *command, const struct outcome *outcome);

char *__wrap_command_result(const struct command *command, const struct outcome *outcome)
{
	struct command other = *command;

	snprintf(other.id, sizeof(other.id), "c-made-up");
	return __real_command_result(&other, outcome);
}
