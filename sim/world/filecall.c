#include "sim/world/filecall.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
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

/* Text from the caller's memory, up to its NUL. False when it cannot be read or has no end. */
static bool read_text(pid_t pid, uint64_t address, char text[PATH_MAX])
{
	for (size_t used = 0; used < PATH_MAX;) {
		/* Not beyond the page: the next one may not be there. */
		size_t size = 4096 - (address + used) % 4096;
		if (size > PATH_MAX - used)
			size = PATH_MAX - used;
		struct iovec here = { text + used, size };
		struct iovec there = { (void *)(uintptr_t)(address + used), size };
		ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);
		if (got <= 0)
			return false;
		if (memchr(text + used, 0, (size_t)got))
			return true;
		used += (size_t)got;
	}
	return false;
}

/* What a relative name starts from: the working directory or an open folder. */
static bool read_base(pid_t pid, int folder, char base[PATH_MAX])
{
	static const char foreign[] =
		"(unreachable)"; /* the kernel's word for another mount tree */
	char link[64];

	if (folder == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%d/cwd", pid);
	else
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", pid, folder);
	ssize_t size = readlink(link, base, PATH_MAX - 1);
	if (size < 0)
		return false;
	base[size] = 0;
	if (!strncmp(base, foreign, sizeof(foreign) - 1))
		memmove(base, base + sizeof(foreign) - 1, (size_t)size - sizeof(foreign) + 2);
	return true;
}

static bool names_foreign(const struct filecall *filecall, const struct filecall_name *where,
			  const struct seccomp_notif *request, pid_t pid, char path[PATH_MAX])
{
	char name[PATH_MAX], base[PATH_MAX] = "/";
	const __u64 *args = request->data.args;

	if (where->name == FILECALL_NONE || !args[where->name])
		return false; /* utimensat without a name means an open file */
	int folder = where->folder == FILECALL_NONE ? AT_FDCWD : (int)args[where->folder];
	if (!read_text(pid, args[where->name], name))
		return false;
	if (name[0] != '/' && !read_base(pid, folder, base))
		return false;
	if (!ownpath_join(base, name, path)) {
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
