/* obeys-expired: carries out commands whose time has passed. Stands before command_expired. */
#include "agents/common/command.h"

/* The linker (--wrap) puts the second in the place of the first. */
bool __real_command_expired(const struct command *command, int64_t now);
bool __wrap_command_expired(const struct command *command, int64_t now);

bool __wrap_command_expired(const struct command *command, int64_t now)
{
	(void)command;
	(void)now;
	return false;
}
