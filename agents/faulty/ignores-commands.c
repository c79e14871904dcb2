/* ignores-commands: takes commands and does nothing. Replaces agents/common/command.c. */
#include "agents/common/command.h"

/* The good one under another name. */
enum command_reading good_command_parse(const char *text, size_t size, struct command *command);
#define command_parse good_command_parse
#include "agents/common/command.c"
#undef command_parse

enum command_reading command_parse(const char *text, size_t size, struct command *command)
{
	good_command_parse(text, size, command);
	return COMMAND_NONSENSE;
}
