/* sentry.h: who listens. Three witnesses: the filter stops every bind and listen of the agent until
 * it is noted; the kernel tells of the end of every socket, which no system call gets past; and a
 * last dump shows what listens still. */
#ifndef SIM_WORLD_SENTRY_H
#define SIM_WORLD_SENTRY_H

#include "base/loop.h"
#include "sim/tap.h"
#include "sim/world/inject.h"
#include "sim/world/network.h"

struct sentry; /* opaque */

struct sentry_options {
	struct loop *loop; /* all borrowed */
	struct tap *tap;
	const struct network *network;
	struct inject *inject; /* asked about every call of the agent that is reported */
};

struct sentry *sentry_new(const struct sentry_options *options);
void sentry_free(struct sentry *sentry);

/* Watches a filter (filter_install); takes the descriptor over, in place of the one before. */
void sentry_watch(struct sentry *sentry, int filter);

/* Reads what is still to be read: "socket.*". */
void sentry_drain(struct sentry *sentry);

/* "world.sockets": what listens now. */
void sentry_report(struct sentry *sentry);

#endif
