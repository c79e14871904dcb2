/* filecall.h: system calls that change files by name, and what they name: one table for the filter
 * that stops them and for the sentry that tells of them. */
#ifndef SIM_WORLD_FILECALL_H
#define SIM_WORLD_FILECALL_H

#include <limits.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { FILECALL_NONE = -1 };

/* Where a call has a name: the argument that holds it, and the one with the open folder that a
 * relative name starts from (FILECALL_NONE: the working directory). */
struct filecall_name {
	int name, folder;
};

struct filecall {
	int call; /* SYS_… */
	const char *title;
	struct filecall_name first, second; /* second.name FILECALL_NONE: it names one */
	bool makes_folder; /* harmless where the folder is there: `mkdir -p` tries each */
	int flags;         /* argument with open flags, watched only when it writes;
			      FILECALL_NONE: always watched */
};

extern const struct filecall filecalls[];
extern const size_t filecall_count;

const struct filecall *filecall_find(int call); /* NULL: no such */

/* The first of the names that is none of the agent's business, as an absolute path without ".",
 * ".." and links followed. request is of a call that waits, pid its process. False if there is none
 * or the caller's memory cannot be read. */
bool filecall_foreign(const struct filecall *filecall, const struct seccomp_notif *request,
		      pid_t pid, char path[PATH_MAX]);

#endif
