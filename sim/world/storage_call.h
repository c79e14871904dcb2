/* storage_call.h: the calls by which a program changes what it keeps on disk, as the kernel reports
 * them before they take effect. Writes to memory that maps a file are not calls and not seen. */
#ifndef SIM_WORLD_STORAGE_CALL_H
#define SIM_WORLD_STORAGE_CALL_H

#include <limits.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum storage_effect {
	STORAGE_CHANGES, /* content of an open file */
	STORAGE_SYNCS,   /* an open file or folder is made to last */
	STORAGE_NAMES,   /* a file gets this name */
	STORAGE_OPENS,   /* may make or empty a file */
	STORAGE_REMOVES,
	STORAGE_OTHER,
};

enum { STORAGE_NO_ARGUMENT = -1 };

struct storage_kind {
	uint32_t call;
	const char *name;
	enum storage_effect effect;
	/* Which arguments name what is changed: a descriptor alone; or a path, from a folder on. */
	int8_t fd, folder, path;
};

extern const struct storage_kind storage_kinds[];
extern const size_t storage_kind_count;

struct storage_call {
	const struct storage_kind *kind;
	pid_t pid;           /* the caller's process */
	char path[PATH_MAX]; /* as the caller sees it */
	uint64_t inode;      /* of an open file, else 0 */
	uint64_t flags;      /* of STORAGE_OPENS */
};

/* False when the call is none of these or does not touch the agent's state folder. */
bool storage_call_read(struct storage_call *call, const struct seccomp_notif *request);

#endif
