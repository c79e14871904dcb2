/* agent.h: the running program under test, seen from the worker: its start, output and end. */
#ifndef SIM_WORLD_AGENT_H
#define SIM_WORLD_AGENT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/loop.h"
#include "sim/tap.h"
#include "sim/world/inject.h"
#include "sim/world/jail.h"
#include "sim/world/network.h"
#include "sim/world/sentry.h"
#include "sim/world/world.h"

struct agent; /* opaque */

struct agent_options {
	struct loop *loop; /* all borrowed */
	struct tap *tap;
	const struct jail *jail;
	const struct network *network;
	const struct inject *inject;
	struct sentry *sentry;
};

struct agent *agent_new(const struct agent_options *options);
void agent_free(struct agent *agent);

int agent_start(struct agent *agent, const struct world_program *program, struct error *err);
bool agent_running(const struct agent *agent); /* its main process */
int agent_signal(struct agent *agent, int signal);
/* Somebody ends it on purpose: "agent.exit" says that it was asked to. */
void agent_expect_end(struct agent *agent);
/* Ends the tree and waits until the last process is gone. why: for "agent.killed", NULL: say
 * nothing. */
void agent_kill(struct agent *agent, const char *why);
/* The same for a program that should have ended by now: tells what it left behind ("agent.left").
 */
void agent_clear(struct agent *agent);

#endif
