/* asks-anybody: asks whatever address the service names, admitted by the user or not. Stands before
 * setup_apply. */
#include "agents/common/setup.h"
#include "base/buf.h"

/* The linker (--wrap) puts the second in the place of the first. */
void __real_setup_apply(const struct setup *setup, struct config *effective);
void __wrap_setup_apply(const struct setup *setup, struct config *effective);

void __wrap_setup_apply(const struct setup *setup, struct config *effective)
{
	__real_setup_apply(setup, effective);
	/* As if the net had been admitted that the printers are in. */
	if (effective->admitted_count && effective->target_count &&
	    effective->targets[0] != effective->admitted[0]) {
		effective->targets = alloc_grow(effective->targets, effective->target_count + 1,
						sizeof(uint32_t));
		effective->targets[effective->target_count++] = effective->admitted[0] + 1;
	}
}
