/* launch.h: the contract with any program under test (docs/agent-contract.md): its configuration,
 * environment and files, and its start in the world. */
#ifndef CONFORMANCE_LAUNCH_H
#define CONFORMANCE_LAUNCH_H

#include "base/error.h"
#include "conformance/program.h"
#include "conformance/scenario.h"
#include "sim/world/world.h"

#define LAUNCH_HOST      "agent-host"           /* the agent's host name */
#define LAUNCH_COMMUNITY "public"               /* unless the scenario says another */
#define LAUNCH_PANEL     "/run/ecsp/panel.sock" /* an ES Agent's device, in its view */

/* All borrowed. */
struct launch {
	const struct scenario *scenario;
	const struct program *program;
	const char *id, *secret;
	const char *authority; /* PEM that HTTPS trusts */
	int output;            /* descriptor for its log */
};

/* Agent number (from 1) of a scenario's crowd, and its secret. Caller frees. */
char *launch_crowd_id(const char *id, int64_t number);
char *launch_crowd_secret(const char *secret, int64_t number);
/* Is it one of them, or the agent itself? size: bytes of text that are the id. */
bool launch_is_own(const struct scenario *scenario, const char *id, const char *text, size_t size);

int launch_agent(const struct launch *launch, struct world *world, struct error *err);

#endif
