/* sweep.h: one fault put at every place where it can strike: a scenario has a storage fault among
 * its steps, and each point is the same scenario with that step naming another fault and another
 * number. A point is a scenario of its own, so `ecsp test` plays it again from its file. */
#ifndef CONFORMANCE_SWEEP_H
#define CONFORMANCE_SWEEP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "conformance/scenario.h"

struct sweep_fault {
	const char *name;  /* "kill" */
	const char *fault; /* "storage.kill", which takes "at" */
	const char *unit;  /* what is counted, for people */
	bool uploads;      /* counted in uploads, not in calls */
};

extern const struct sweep_fault sweep_faults[]; /* name NULL behind the last */

/* The text of a scenario with its storage fault replaced: by the fault at the n-th place, or (NULL)
 * by storage.watch. Caller frees. NULL when the scenario has no such step on a line of its own. */
char *sweep_text(const struct scenario *scenario, const char *text, const struct sweep_fault *fault,
		 int64_t at, struct error *err);

/* Number of the i-th of `points` places (i from 0), spread evenly over 1 to count. */
int64_t sweep_place(int64_t count, int64_t points, int64_t i);

/* What a run's journal says, read from its evidence folder. */
struct sweep_sight {
	int64_t calls, uploads; /* that there were */
	bool reached;           /* the fault met the agent */
	char *call, *path;      /* at which call; owned, NULL: not of storage */
};
void sweep_look(struct sweep_sight *sight, const char *folder, const char *fault);
void sweep_sight_done(struct sweep_sight *sight);

#endif
