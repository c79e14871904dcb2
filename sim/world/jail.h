/* jail.h: the file tree that the agent sees.
 *
 * Nothing of the machine but what is listed: the system's folders and the visible ones, read-only.
 * Homes, evidence and sockets of the machine are not hidden, they are not there. The tree stands in
 * a mount namespace of its own that lives as long as the jail, so what the agent wrote to its few
 * folders in memory is found by the next start. */
#ifndef SIM_WORLD_JAIL_H
#define SIM_WORLD_JAIL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/world/world.h"

struct jail_tree {
	char *path; /* owned */
	int mount;  /* a copy of the mounts there, not attached */
};

struct jail {
	int outside; /* the worker's own mount namespace */
	int inside;
	int root; /* the folder "/" inside, as the worker reaches it */
	struct jail_tree *trees;
	size_t tree_count;
};

/* Opens the visible folders; before root is given up, when the caller is root, since the
 * unprivileged user may have no way to them. */
int jail_open(struct jail *jail, const char *const *visible, struct error *err);

/* Builds the tree, in the worker's user namespace. visible as before; hidden as in world_options.
 */
int jail_build(struct jail *jail, const char *const *visible, const char *const *hidden,
	       struct error *err);
void jail_done(struct jail *jail);

/* Run by the process that becomes the agent: enters its own copy of the tree, puts the files in
 * place, makes everything but the writable folders read-only, and mounts /proc and /sys. */
int jail_enter(const struct jail *jail, const struct world_program *program, struct error *err);

/* Binds and listens a unix socket at a path below /run inside. */
int jail_listen(const struct jail *jail, const char *path, struct error *err);

#endif
