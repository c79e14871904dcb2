/* capability.h: parts of the contract that an agent can do without, as its manifest says (`lacks`).
 * A scenario that `needs` one is not about an agent without it. */
#ifndef CONFORMANCE_CAPABILITY_H
#define CONFORMANCE_CAPABILITY_H

#include "conformance/judge.h"

bool capability_is_known(const char *name);

/* Is what the scenario expects to be judged? If not, each requirement of it has a finding that says
 * why. */
bool capability_is_given(struct judge *judge);

#endif
