/* agent.h: what every agent does alike: keeps records until the cloud has them, takes commands,
 * answers them. A kind of agent (dc, es) reads devices and works on them. */
#ifndef AGENTS_COMMON_AGENT_H
#define AGENTS_COMMON_AGENT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "agents/common/command.h"
#include "agents/common/config.h"
#include "base/error.h"
#include "base/loop.h"

struct agent; /* opaque */

struct agent_kind {
	const char *type;  /* A02: "dc", "es" */
	const char *about; /* for --help */
	bool on_pc;        /* has A06-A09 */
	struct config_needs needs;
	void *(*start)(struct agent *agent, struct error *err); /* NULL: fatal */
	void (*stop)(void *kind);                               /* and frees */
	/* agent_config has other intervals or targets now. */
	void (*configured)(void *kind);
	/* Carry it out and call agent_outcome or agent_record once, now or later. */
	void (*command)(void *kind, const struct command *command);
};

struct loop *agent_loop(struct agent *agent);
/* What counts now, and stays at this address: the agent's own configuration, and what the service
 * may change of it. */
const struct config *agent_config(struct agent *agent);

/* A record is ready; taken over. command: it answers that one, else NULL. */
void agent_record(struct agent *agent, const char *collection, cJSON *record,
		  const struct command *command);

void agent_outcome(struct agent *agent, const struct command *command,
		   const struct outcome *outcome);

/* For program.c. */
struct agent *agent_new(struct loop *loop, const struct config *config,
			const struct agent_kind *kind, struct error *err);
void agent_stop(struct agent *agent);
bool agent_stopped(struct agent *agent);
void agent_free(struct agent *agent);

#endif
