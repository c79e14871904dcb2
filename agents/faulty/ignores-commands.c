/* ignores-commands: takes commands and does nothing. Stands before command_parse. */
#include "agents/common/command.h"

/* The linker (--wrap) puts the second in the place of the first. */
enum command_reading __real_command_parse(const char *text, size_t size, struct command *command);
enum command_reading __wrap_command_parse(const char *text, size_t size, struct command *command);

enum command_reading __wrap_command_parse(const char *text, size_t size, struct command *command)
{
	__real_command_parse(text, size, command);
	return COMMAND_NONSENSE;
}
