/* storage_call.h: a call by which a program changes what it keeps on disk, as the kernel reports it
 * before it takes effect. */
#ifndef SIM_WORLD_STORAGE_CALL_H
#define SIM_WORLD_STORAGE_CALL_H

#include <stdint.h>

#include "sim/world/filecall.h"

struct storage_call {
	const struct filecall *kind;
	pid_t pid;           /* the caller's process */
	char path[PATH_MAX]; /* as the caller sees it */
	uint64_t inode;      /* of an open file, else 0 */
	uint64_t from;       /* of FILECALL_WRITES: first byte of the file that may change */
	uint64_t flags;      /* of FILECALL_OPENS */
};

/* False when the call does not change what lies in the agent's state folder. */
bool storage_call_read(struct storage_call *call, const struct seccomp_notif *request);

#endif
