/* polls-decoy: also asks the neighbours of the designated printers. Replaces
 * agents/common/targets.c. */
#include "agents/common/targets.h"

#include "base/buf.h"

uint32_t *targets_list(const struct config *config, size_t *count)
{
	uint32_t *list = alloc_zero(config->target_count * 2, sizeof(uint32_t));

	*count = 0;
	for (size_t i = 0; i < config->target_count; i++) {
		list[(*count)++] = config->targets[i];
		list[(*count)++] = config->targets[i] + 1;
	}
	return list;
}

bool targets_designated(const struct config *config, uint32_t address)
{
	(void)config;
	(void)address;
	return true;
}
