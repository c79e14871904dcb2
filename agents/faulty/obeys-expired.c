/* obeys-expired: carries out commands whose time has passed. Replaces agents/common/command.c. */
#include "agents/common/command.h"

/* The good one under another name. */
bool good_command_expired(const struct command *command, int64_t now);
#define command_expired good_command_expired
#include "agents/common/command.c"
#undef command_expired

bool command_expired(const struct command *command, int64_t now)
{
	(void)command;
	(void)now;
	return false;
}
