/* never-ends: waits for the cloud before it ends, and the cloud is away. Stands before agent_stop.
 */
#include "agents/common/agent.h"

#include <unistd.h>

#include "agents/faulty/unbound.h"

/* The linker (--wrap) puts the second in the place of the first. */
void __real_agent_stop(struct agent *agent);
void __wrap_agent_stop(struct agent *agent);

void __wrap_agent_stop(struct agent *agent)
{
	(void)agent;
	for (;;)
		pause();
}
