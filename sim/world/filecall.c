#include "sim/world/filecall.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sim/world/caller.h"
#include "sim/world/ownpath.h"

/* Arguments. AT: an open folder, and the name behind it. */
#define NONE FILECALL_NONE
#define NO_NAME                                                                                    \
	{                                                                                          \
		NONE, NONE                                                                         \
	}
#define OPEN_FILE(n)  .file = (n), .first = NO_NAME, .second = NO_NAME
#define PATH(n)       .file = NONE, .first = { (n), NONE }, .second = NO_NAME
#define AT(f)         .file = NONE, .first = { (f) + 1, (f) }, .second = NO_NAME
#define PATHS(n, m)   .file = NONE, .first = { (n), NONE }, .second = { (m), NONE }
#define AT_BOTH(f, g) .file = NONE, .first = { (f) + 1, (f) }, .second = { (g) + 1, (g) }

/* clang-format off: a table */
const struct filecall filecalls[] = {
	{ SYS_write, "write", FILECALL_WRITES, OPEN_FILE(0) },
	{ SYS_writev, "writev", FILECALL_WRITES, OPEN_FILE(0) },
	{ SYS_pwrite64, "pwrite", FILECALL_WRITES, OPEN_FILE(0), .from = 3 },
	{ SYS_pwritev, "pwritev", FILECALL_WRITES, OPEN_FILE(0), .from = 3 },
	{ SYS_pwritev2, "pwritev2", FILECALL_WRITES, OPEN_FILE(0), .from = 3 },
	{ SYS_ftruncate, "ftruncate", FILECALL_WRITES, OPEN_FILE(0), .from = 1 },
	{ SYS_fallocate, "fallocate", FILECALL_WRITES, OPEN_FILE(0), .from = 2 },
	{ SYS_fsync, "fsync", FILECALL_SYNCS, OPEN_FILE(0) },
	{ SYS_fdatasync, "fdatasync", FILECALL_SYNCS, OPEN_FILE(0) },
	{ SYS_openat, "openat", FILECALL_OPENS, AT(0), .flags = 2 },
	{ SYS_truncate, "truncate", FILECALL_CHANGES, PATH(0) },
	{ SYS_unlinkat, "unlinkat", FILECALL_REMOVES, AT(0) },
	{ SYS_renameat2, "renameat2", FILECALL_NAMES, AT_BOTH(0, 2) },
	{ SYS_mkdirat, "mkdirat", FILECALL_MAKES_FOLDER, AT(0) },
	{ SYS_mknodat, "mknodat", FILECALL_NAMES, AT(0) },
	/* Of a link only the new name is made; what it points at stays as it is. */
	{ SYS_linkat, "linkat", FILECALL_NAMES, AT(2) },
	{ SYS_symlinkat, "symlinkat", FILECALL_NAMES, AT(1) },
	{ SYS_fchmodat, "fchmodat", FILECALL_MARKS, AT(0) },
	{ SYS_fchownat, "fchownat", FILECALL_MARKS, AT(0) },
	{ SYS_utimensat, "utimensat", FILECALL_MARKS, AT(0) },
	{ SYS_setxattr, "setxattr", FILECALL_MARKS, PATH(0) },
	{ SYS_lsetxattr, "lsetxattr", FILECALL_MARKS, PATH(0) },
	{ SYS_removexattr, "removexattr", FILECALL_MARKS, PATH(0) },
	{ SYS_lremovexattr, "lremovexattr", FILECALL_MARKS, PATH(0) },
#if defined(SYS_renameat)
	{ SYS_renameat, "renameat", FILECALL_NAMES, AT_BOTH(0, 2) },
#endif
#if defined(__x86_64__) /* younger machines have only the calls above */
	{ SYS_open, "open", FILECALL_OPENS, PATH(0), .flags = 1 },
	{ SYS_creat, "creat", FILECALL_OPENS, PATH(0) },
	{ SYS_unlink, "unlink", FILECALL_REMOVES, PATH(0) },
	{ SYS_rmdir, "rmdir", FILECALL_CHANGES, PATH(0) },
	{ SYS_rename, "rename", FILECALL_NAMES, PATHS(0, 1) },
	{ SYS_mkdir, "mkdir", FILECALL_MAKES_FOLDER, PATH(0) },
	{ SYS_mknod, "mknod", FILECALL_NAMES, PATH(0) },
	{ SYS_link, "link", FILECALL_NAMES, PATH(1) },
	{ SYS_symlink, "symlink", FILECALL_NAMES, PATH(1) },
	{ SYS_chmod, "chmod", FILECALL_MARKS, PATH(0) },
	{ SYS_chown, "chown", FILECALL_MARKS, PATH(0) },
	{ SYS_lchown, "lchown", FILECALL_MARKS, PATH(0) },
	{ SYS_utime, "utime", FILECALL_MARKS, PATH(0) },
	{ SYS_utimes, "utimes", FILECALL_MARKS, PATH(0) },
	{ SYS_futimesat, "futimesat", FILECALL_MARKS, AT(0) },
#endif
};
/* clang-format on */
const size_t filecall_count = COUNT_OF(filecalls);

const struct filecall *filecall_find(int call)
{
	for (size_t i = 0; i < filecall_count; i++)
		if (filecalls[i].call == call)
			return &filecalls[i];
	return NULL;
}

static bool read_name(const struct filecall_name *where, const struct seccomp_notif *request,
		      pid_t pid, char path[PATH_MAX])
{
	const __u64 *args = request->data.args;
	int folder = where->folder == FILECALL_NONE ? AT_FDCWD : (int)args[where->folder];

	return caller_path(pid, folder, args[where->name], path);
}

static bool names_foreign(const struct filecall *filecall, const struct filecall_name *where,
			  const struct seccomp_notif *request, pid_t pid, char path[PATH_MAX])
{
	if (where->name == FILECALL_NONE || !request->data.args[where->name])
		return false; /* utimensat without a name means an open file */
	if (!read_name(where, request, pid, path))
		return false;
	if (!path[0]) {
		snprintf(path, PATH_MAX, "(a path that is too long)");
		return true;
	}
	return !ownpath_is(path) &&
	       !(filecall->effect == FILECALL_MAKES_FOLDER && ownpath_is_above(path));
}

bool filecall_foreign(const struct filecall *filecall, const struct seccomp_notif *request,
		      pid_t pid, char path[PATH_MAX])
{
	return names_foreign(filecall, &filecall->first, request, pid, path) ||
	       names_foreign(filecall, &filecall->second, request, pid, path);
}

bool filecall_changed(const struct filecall *filecall, const struct seccomp_notif *request,
		      pid_t pid, char path[PATH_MAX])
{
	if (filecall->file != FILECALL_NONE)
		return caller_place(pid, (int)request->data.args[filecall->file], path);
	bool two = filecall->second.name != FILECALL_NONE;
	return read_name(two ? &filecall->second : &filecall->first, request, pid, path);
}
