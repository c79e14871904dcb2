/* unbound.h: for faulty agents that do what the sandbox does not let an agent do. Stands before
 * sandbox_enter. */
#ifndef AGENTS_FAULTY_UNBOUND_H
#define AGENTS_FAULTY_UNBOUND_H

#include "agents/common/sandbox.h"

/* The linker (--wrap) puts this in the place of sandbox_enter. */
int __wrap_sandbox_enter(bool filtered, struct error *err);

int __wrap_sandbox_enter(bool filtered, struct error *err)
{
	(void)filtered;
	(void)err;
	return 0;
}

#endif
