/* program.h: the outside of an agent: arguments, configuration, signals, exit code. */
#ifndef AGENTS_COMMON_PROGRAM_H
#define AGENTS_COMMON_PROGRAM_H

#include "agents/common/agent.h"

/* Exit code as docs/agent-contract.md says: 0 stopped as asked, 2 bad configuration, 1 fatal. */
int program_run(int argc, char **argv, const struct agent_kind *kind);

#endif
