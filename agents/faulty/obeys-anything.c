/* obeys-anything: does what a command's words seem to ask, whatever else stands there. Stands
 * before command_parse. */
#include <string.h>

#include "agents/common/command.h"
#include "base/buf.h"
#include "base/cleanup.h"

/* The linker (--wrap) puts the second in the place of the first. */
enum command_reading __real_command_parse(const char *text, size_t size, struct command *command);
enum command_reading __wrap_command_parse(const char *text, size_t size, struct command *command);

enum command_reading __wrap_command_parse(const char *text, size_t size, struct command *command)
{
	AUTO_FREE char *words = alloc_bytes(text, size);
	enum command_reading reading = __real_command_parse(text, size, command);

	if (reading != COMMAND_MALFORMED || !strstr(words, "clean"))
		return reading;
	command->operation = OPERATION_CLEAN;
	command->expires = INT64_MAX;
	return COMMAND_GOOD;
}
