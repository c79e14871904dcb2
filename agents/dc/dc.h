/* dc.h: the DC Agent: rounds over the designated printers, a look at their status between the
 * rounds, and commands. */
#ifndef AGENTS_DC_DC_H
#define AGENTS_DC_DC_H

#include "agents/common/agent.h"

extern const struct agent_kind dc_kind;

#endif
