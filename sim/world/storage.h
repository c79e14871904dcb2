/* storage.h: the agent's state folder, seen from outside between two of its calls: which files lie
 * there, and which of it would survive if the power went now.
 *
 * The model of a power cut: of a file that was changed since it was synced, all from the first byte
 * that changed is gone; and so is a name whose folder was not synced since it was given. */
#ifndef SIM_WORLD_STORAGE_H
#define SIM_WORLD_STORAGE_H

#include <sys/types.h>

#include "sim/tap.h"
#include "sim/world/storage_call.h"

struct storage; /* opaque */

/* tap, borrowed: "storage.file" {path, text} for every file that is new or other than before; files
 * whose name begins with a dot are left out, since an agent writes there what is not kept yet. */
struct storage *storage_new(struct tap *tap);
void storage_free(struct storage *storage);

/* Looks through the folder; pid: any process of the agent. */
void storage_look(struct storage *storage, pid_t pid);

/* The call goes on: remembers what it leaves unsynced. */
void storage_note(struct storage *storage, const struct storage_call *call);

/* The power goes. The caller ends the agent right after. */
void storage_cut(struct storage *storage, pid_t pid);

#endif
