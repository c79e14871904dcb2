/* sentry.h: who listens. Three witnesses: the filter stops every bind and listen of the agent until
 * it is noted; the kernel tells of the end of every socket, which no system call gets past; and a
 * last dump shows what listens still. */
#ifndef SIM_WORLD_SENTRY_H
#define SIM_WORLD_SENTRY_H

#include "base/loop.h"
#include "sim/tap.h"
#include "sim/world/network.h"

struct sentry; /* opaque */

/* loop, tap and network are borrowed. */
struct sentry *sentry_new(struct loop *loop, struct tap *tap, const struct network *network);
void sentry_free(struct sentry *sentry);

/* Watches a filter (filter_install); takes the descriptor over, in place of the one before. */
void sentry_watch(struct sentry *sentry, int filter);

/* Reads what is still to be read: "socket.*". */
void sentry_drain(struct sentry *sentry);

/* "world.sockets": what listens now. */
void sentry_report(struct sentry *sentry);

#endif
