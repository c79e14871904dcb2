#include "agents/common/command.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct command command;

	if (command_parse((const char *)data, size, &command) != COMMAND_NONSENSE && !command.id[0])
		abort();
	return 0;
}
