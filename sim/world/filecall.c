#include "sim/world/filecall.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sim/world/caller.h"
#include "sim/world/ownpath.h"

#define NONE                                                                                       \
	{                                                                                          \
		FILECALL_NONE, FILECALL_NONE                                                       \
	}
/* Arguments: a name; an open folder and a name. */
#define PLAIN(n)                                                                                   \
	{                                                                                          \
		n, FILECALL_NONE                                                                   \
	}
#define AT(f, n)                                                                                   \
	{                                                                                          \
		n, f                                                                               \
	}

const struct filecall filecalls[] = {
	{ SYS_openat, "openat", AT(0, 1), NONE, .flags = 2 },
	{ SYS_truncate, "truncate", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_unlinkat, "unlinkat", AT(0, 1), NONE, .flags = FILECALL_NONE },
	{ SYS_renameat2, "renameat2", AT(0, 1), AT(2, 3), .flags = FILECALL_NONE },
	{ SYS_mkdirat, "mkdirat", AT(0, 1), NONE, .makes_folder = true, .flags = FILECALL_NONE },
	{ SYS_mknodat, "mknodat", AT(0, 1), NONE, .flags = FILECALL_NONE },
	/* Of a link only the new name is made; what it points at stays as it is. */
	{ SYS_linkat, "linkat", AT(2, 3), NONE, .flags = FILECALL_NONE },
	{ SYS_symlinkat, "symlinkat", AT(1, 2), NONE, .flags = FILECALL_NONE },
	{ SYS_fchmodat, "fchmodat", AT(0, 1), NONE, .flags = FILECALL_NONE },
	{ SYS_fchownat, "fchownat", AT(0, 1), NONE, .flags = FILECALL_NONE },
	{ SYS_utimensat, "utimensat", AT(0, 1), NONE, .flags = FILECALL_NONE },
	{ SYS_setxattr, "setxattr", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_lsetxattr, "lsetxattr", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_removexattr, "removexattr", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_lremovexattr, "lremovexattr", PLAIN(0), NONE, .flags = FILECALL_NONE },
#if defined(SYS_renameat)
	{ SYS_renameat, "renameat", AT(0, 1), AT(2, 3), .flags = FILECALL_NONE },
#endif
#if defined(__x86_64__) /* younger machines have only the calls above */
	{ SYS_open, "open", PLAIN(0), NONE, .flags = 1 },
	{ SYS_creat, "creat", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_unlink, "unlink", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_rmdir, "rmdir", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_rename, "rename", PLAIN(0), PLAIN(1), .flags = FILECALL_NONE },
	{ SYS_mkdir, "mkdir", PLAIN(0), NONE, .makes_folder = true, .flags = FILECALL_NONE },
	{ SYS_mknod, "mknod", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_link, "link", PLAIN(1), NONE, .flags = FILECALL_NONE },
	{ SYS_symlink, "symlink", PLAIN(1), NONE, .flags = FILECALL_NONE },
	{ SYS_chmod, "chmod", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_chown, "chown", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_lchown, "lchown", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_utime, "utime", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_utimes, "utimes", PLAIN(0), NONE, .flags = FILECALL_NONE },
	{ SYS_futimesat, "futimesat", AT(0, 1), NONE, .flags = FILECALL_NONE },
#endif
};
const size_t filecall_count = COUNT_OF(filecalls);

const struct filecall *filecall_find(int call)
{
	for (size_t i = 0; i < filecall_count; i++)
		if (filecalls[i].call == call)
			return &filecalls[i];
	return NULL;
}

static bool names_foreign(const struct filecall *filecall, const struct filecall_name *where,
			  const struct seccomp_notif *request, pid_t pid, char path[PATH_MAX])
{
	const __u64 *args = request->data.args;

	if (where->name == FILECALL_NONE || !args[where->name])
		return false; /* utimensat without a name means an open file */
	int folder = where->folder == FILECALL_NONE ? AT_FDCWD : (int)args[where->folder];
	if (!caller_path(pid, folder, args[where->name], path))
		return false;
	if (!path[0]) {
		snprintf(path, PATH_MAX, "(a path that is too long)");
		return true;
	}
	return !ownpath_is(path) && !(filecall->makes_folder && ownpath_is_above(path));
}

bool filecall_foreign(const struct filecall *filecall, const struct seccomp_notif *request,
		      pid_t pid, char path[PATH_MAX])
{
	return names_foreign(filecall, &filecall->first, request, pid, path) ||
	       names_foreign(filecall, &filecall->second, request, pid, path);
}
