/* makes-up-diagnosis: says that all is well where a device cannot tell. Stands before
 * command_result. */
#include "agents/common/command.h"

#include "ecsp/ecsp.h"

/* The linker (--wrap) puts the second in the place of the first. */
char *__real_command_result(const struct command *command, const struct outcome *outcome);
char *__wrap_command_result(const struct command *command, const struct outcome *outcome);

char *__wrap_command_result(const struct command *command, const struct outcome *outcome)
{
	static const struct outcome fine = { ECSP_DONE, NULL, "ok" };

	return __real_command_result(command,
				     command->operation == OPERATION_DIAGNOSE ? &fine : outcome);
}
