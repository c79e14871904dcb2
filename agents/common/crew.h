/* crew.h: the agents of one process on one loop: each starts in its turn, is tried again by itself
 * when it cannot, and is in nobody's way. */
#ifndef AGENTS_COMMON_CREW_H
#define AGENTS_COMMON_CREW_H

#include "agents/common/agent.h"
#include "agents/common/roster.h"

struct crew; /* opaque */

/* All borrowed until crew_free. */
struct crew *crew_new(struct loop *loop, const struct roster *roster,
		      const struct agent_kind *kind);

/* Nobody works, and nobody will: all were tried often enough. */
bool crew_failed(const struct crew *crew);

void crew_stop(struct crew *crew);
bool crew_stopped(const struct crew *crew);
void crew_free(struct crew *crew);

#endif
