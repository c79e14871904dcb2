/* asks-removed: goes on with the printers that the service took out of the designation. Stands
 * before setup_apply. */
#include "agents/common/setup.h"
#include "base/buf.h"

/* The linker (--wrap) puts the second in the place of the first. */
void __real_setup_apply(const struct setup *setup, struct config *effective);
void __wrap_setup_apply(const struct setup *setup, struct config *effective);

void __wrap_setup_apply(const struct setup *setup, struct config *effective)
{
	struct config before = *effective;
	uint32_t *targets = NULL;
	size_t count = before.target_count;

	if (count)
		targets = (uint32_t *)(void *)alloc_bytes(before.targets, count * sizeof(*targets));
	__real_setup_apply(setup, effective);
	for (size_t i = 0; i < count; i++) {
		effective->targets = alloc_grow(effective->targets, effective->target_count + 1,
						sizeof(*targets));
		effective->targets[effective->target_count++] = targets[i];
	}
	free(targets);
}
