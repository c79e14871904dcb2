/* inject.h: faults of the agent's storage, from outside: at the n-th call that changes its state
 * folder the agent is killed, the power goes, or the disk is full or broken. The kernel holds the
 * call until it is decided (see sentry.h), so the n-th call is the n-th call in every run.
 *
 *	storage.watch {}             nothing but watching
 *	storage.kill {at}            SIGKILL before the call takes effect
 *	storage.cut {at}             the same, and what was not synced is lost (storage.h)
 *	storage.enospc {at, count}   the call and the ones after it, count (1) in all, fail
 *	storage.eio {at, count}
 *
 * Calls are counted from 1, over all starts of the agent. */
#ifndef SIM_WORLD_INJECT_H
#define SIM_WORLD_INJECT_H

#include <jansson.h>
#include <linux/seccomp.h>
#include <stdbool.h>

#include "base/error.h"
#include "sim/tap.h"

struct inject; /* opaque */

struct inject_options {
	/* Borrowed: "fault.reached" with the call and its path; "storage.file"; "storage.calls"
	 * {count} when the fault is cleared. */
	struct tap *tap;
	void (*killed)(void *arg); /* the agent was killed on purpose */
	void *arg;
};

struct inject *inject_new(const struct inject_options *options);
void inject_free(struct inject *inject);

/* One at a time, before the agent starts. -ENOENT: not one of storage_faults (world.h). */
int inject_set(struct inject *inject, const char *fault, const json_t *parameters,
	       struct error *err);
void inject_clear(struct inject *inject, const char *fault); /* NULL: all */

/* Must the agent's calls be reported? */
bool inject_armed(const struct inject *inject);

/* filter: where the call was reported. 0: it goes on; negative errno: it fails with this;
 * INJECT_KILLED: there is nobody left to answer. */
enum { INJECT_KILLED = 1 };
int inject_call(struct inject *inject, int filter, const struct seccomp_notif *request);

#endif
