/* testbed_parts.h: what a testbed consists of; for its own files alone (testbed*.c).
 *
 * testbed.c makes it, testbed_tap.c carries what simulators see and send, testbed_act.c does what
 * steps ask for, testbed_run.c is the run in time. */
#ifndef CONFORMANCE_TESTBED_PARTS_H
#define CONFORMANCE_TESTBED_PARTS_H

#include <stdio.h>

#include "conformance/journal.h"
#include "conformance/lateness.h"
#include "conformance/testbed.h"
#include "sim/cloud/cloud.h"
#include "sim/printer/drain.h"
#include "sim/printer/fleet.h"
#include "sim/tap.h"
#include "sim/world/world.h"

/* A tap that writes the ledger of truth. */
struct ledger {
	struct tap tap; /* first */
	struct testbed *testbed;
	FILE *file;
	int failed;
};

enum { TESTBED_DRAINS_MAX = 8 };

struct testbed {
	struct tap tap; /* first: everything simulators see passes here on its way to the journal */
	const struct scenario *scenario;
	const struct part *part;
	const struct program *program;
	struct testbed_options options;
	struct loop *loop;
	struct journal *journal;
	struct ledger ledger;
	struct lateness *lateness; /* of the run */
	struct profile **profiles; /* one a printer, owned */
	struct usm_users **users;  /* likewise; NULL for those without */
	struct trap_plan **traps;  /* likewise */
	struct fleet *fleet;
	struct drain *drains[TESTBED_DRAINS_MAX];
	struct cloud *cloud;
	struct world *world;
	char *id, *secret;
	uint64_t deadline; /* on the loop's clock */
	int output;
	bool killed;   /* by a fault that an operating system would answer by a new start */
	size_t pieces; /* of plaintext, that went into the recorder */
};

/* ---- testbed_tap.c ---- */

/* A datagram_sink: a printer's own, on its way to the agent; arg is the testbed. */
void testbed_from_printer(void *arg, const struct datagram *out);

/* Fills in both taps and what the world and the cloud call back. */
void testbed_taps_init(struct testbed *testbed);
void testbed_taps_of_world(struct testbed *testbed, struct world_options *options);
void testbed_taps_of_cloud(struct testbed *testbed, struct cloud_options *options);
bool testbed_is_designated(const struct testbed *testbed, const char *device);

/* ---- testbed_act.c ---- */

/* A text that must not be found in what leaves the agent; journalled. Caller owns. */
char *testbed_plant(struct testbed *testbed, const char *what, const char *device);

/* ---- testbed_left.c ---- */

/* Journals each place where the agent left what it was trusted with ("secret.left"), and that it
 * was looked for ("world.left"). After world_finish. */
void testbed_left(struct testbed *testbed);

#endif
