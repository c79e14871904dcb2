/* testbed.h: the world of one scenario, wired: printers, cloud, wire, agent, journal, truth.
 *
 * Lives in a worker process of its own whose current folder is the evidence folder. */
#ifndef CONFORMANCE_TESTBED_H
#define CONFORMANCE_TESTBED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "conformance/match.h"
#include "conformance/program.h"
#include "conformance/scenario.h"

struct testbed; /* opaque */

struct testbed_options {
	const struct scenario *scenario; /* borrowed */
	const struct program *program;   /* the agent; borrowed */
	bool twin;
	uint64_t seed;
	bool keep_world;        /* after the steps wait for SIGINT, to look around */
	const char *out_folder; /* where evidence of the run lies: a trap in the agent's view */
};

/* Makes everything and starts the journal; the agent is not started yet. The process must have one
 * thread; it ends up in the world's namespaces. */
struct testbed *testbed_new(const struct testbed_options *options, struct error *err);

/* Starts the agent, plays the steps, ends the agent, takes the last look, writes the evidence files
 * (all but scenario, result and sums). 0, or negative: a harness error. */
int testbed_run(struct testbed *testbed, struct error *err);
void testbed_free(struct testbed *testbed);

/* ---- what steps do ---- */

/* Waits until count observations match, counted from the step labelled since (NULL: the start; "":
 * from now). -ETIMEDOUT if they do not come, the agent ends or the scenario's deadline passes. */
int testbed_wait(struct testbed *testbed, const struct match *match, int64_t count,
		 const char *since, int64_t within_ms);
int testbed_observe(struct testbed *testbed, int64_t for_ms);
int testbed_printer(struct testbed *testbed, const char *device, const char *action,
		    const struct yaml *with, struct error *err);
int testbed_fault(struct testbed *testbed, const char *device, const char *fault,
		  const struct yaml *with, struct error *err);
int testbed_clear(struct testbed *testbed, const char *device, const char *fault,
		  struct error *err);

struct testbed_command {
	const char *user, *device, *operation;
	int64_t expires_ms; /* negative: already expired */
	bool unchecked;     /* the service does not hold it back */
};
int testbed_command(struct testbed *testbed, const struct testbed_command *command,
		    struct error *err);
/* One of cloud_actions; about the agent under test unless the parameters name another. */
int testbed_cloud(struct testbed *testbed, const char *action, const struct yaml *with,
		  struct error *err);
int testbed_agent(struct testbed *testbed, const char *action,
		  struct error *err); /* kill, restart */

#endif
