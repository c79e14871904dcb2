/* filecall.h: the system calls that change files, and what they name: one table for the filter that
 * stops them, the sentry that tells of foreign files, and the faults of the state folder. Writes to
 * memory that maps a file are not calls and not seen. */
#ifndef SIM_WORLD_FILECALL_H
#define SIM_WORLD_FILECALL_H

#include <limits.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { FILECALL_NONE = -1 };

enum filecall_effect {
	FILECALL_WRITES,       /* content of an open file */
	FILECALL_SYNCS,        /* an open file or folder is made to last */
	FILECALL_OPENS,        /* may make or empty a file */
	FILECALL_NAMES,        /* a file gets this name */
	FILECALL_REMOVES,      /* a file loses it */
	FILECALL_MAKES_FOLDER, /* harmless where the folder is there: `mkdir -p` tries each */
	FILECALL_CHANGES,      /* otherwise what is kept */
	FILECALL_MARKS,        /* owner, mode, times: about a file, nothing of what is kept */
};

/* Where a call has a name: the argument that holds it, and the one with the open folder that a
 * relative name starts from (FILECALL_NONE: the working directory). */
struct filecall_name {
	int name, folder;
};

struct filecall {
	int call; /* SYS_… */
	const char *title;
	enum filecall_effect effect;
	int file;                    /* argument with an open file; FILECALL_NONE: it has names */
	struct filecall_name first;  /* name FILECALL_NONE: none */
	struct filecall_name second; /* where there is one, the name that is made */
	int flags; /* argument with open flags, watched only when it writes; 0: always watched */
	int from;  /* argument with the first byte that may change; 0: where the open file stands */
};

extern const struct filecall filecalls[];
extern const size_t filecall_count;

const struct filecall *filecall_find(int call); /* NULL: no such */

/* The first of the names that is none of the agent's business, as an absolute path without ".",
 * ".." and links followed. request is of a call that waits, pid its process. False if there is none
 * or the caller's memory cannot be read. */
bool filecall_foreign(const struct filecall *filecall, const struct seccomp_notif *request,
		      pid_t pid, char path[PATH_MAX]);

/* The open file or the name that is changed, the new one where there are two. Links are not
 * followed; path is empty when it does not fit. False when it cannot be read. */
bool filecall_changed(const struct filecall *filecall, const struct seccomp_notif *request,
		      pid_t pid, char path[PATH_MAX]);

#endif
