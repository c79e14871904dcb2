#include "agents/common/targets.h"

#include <string.h>

#include "base/buf.h"

uint32_t *targets_list(const struct config *config, size_t *count)
{
	*count = config->target_count;
	if (!*count)
		return NULL;
	return (uint32_t *)(void *)alloc_bytes(config->targets,
					       config->target_count * sizeof(uint32_t));
}

bool targets_designated(const struct config *config, uint32_t address)
{
	for (size_t i = 0; i < config->target_count; i++)
		if (config->targets[i] == address)
			return true;
	return false;
}
