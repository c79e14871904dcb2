#include "sim/world/storage_call.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "sim/world/caller.h"
#include "sim/world/world.h"

#define NONE           STORAGE_NO_ARGUMENT
#define BY_FD          .fd = 0, .folder = NONE, .path = NONE
#define BY_PATH(index) .fd = NONE, .folder = NONE, .path = (index)
#define BY_AT(index)   .fd = NONE, .folder = (index), .path = (index) + 1

/* clang-format off: a table */
const struct storage_kind storage_kinds[] = {
	{ SYS_write, "write", STORAGE_CHANGES, BY_FD },
	{ SYS_writev, "writev", STORAGE_CHANGES, BY_FD },
	{ SYS_pwrite64, "pwrite", STORAGE_CHANGES, BY_FD },
	{ SYS_pwritev, "pwritev", STORAGE_CHANGES, BY_FD },
	{ SYS_pwritev2, "pwritev2", STORAGE_CHANGES, BY_FD },
	{ SYS_ftruncate, "ftruncate", STORAGE_CHANGES, BY_FD },
	{ SYS_fallocate, "fallocate", STORAGE_CHANGES, BY_FD },
	{ SYS_fsync, "fsync", STORAGE_SYNCS, BY_FD },
	{ SYS_fdatasync, "fdatasync", STORAGE_SYNCS, BY_FD },
	{ SYS_openat, "openat", STORAGE_OPENS, BY_AT(0) },
	{ SYS_renameat, "renameat", STORAGE_NAMES, BY_AT(2) },
	{ SYS_renameat2, "renameat2", STORAGE_NAMES, BY_AT(2) },
	{ SYS_linkat, "linkat", STORAGE_NAMES, BY_AT(2) },
	{ SYS_unlinkat, "unlinkat", STORAGE_REMOVES, BY_AT(0) },
	{ SYS_mkdirat, "mkdirat", STORAGE_OTHER, BY_AT(0) },
	{ SYS_truncate, "truncate", STORAGE_OTHER, BY_PATH(0) },
#if defined(__x86_64__)
	{ SYS_open, "open", STORAGE_OPENS, BY_PATH(0) },
	{ SYS_creat, "creat", STORAGE_OPENS, BY_PATH(0) },
	{ SYS_rename, "rename", STORAGE_NAMES, BY_PATH(1) },
	{ SYS_link, "link", STORAGE_NAMES, BY_PATH(1) },
	{ SYS_unlink, "unlink", STORAGE_REMOVES, BY_PATH(0) },
	{ SYS_mkdir, "mkdir", STORAGE_OTHER, BY_PATH(0) },
#endif
};
/* clang-format on */
const size_t storage_kind_count = COUNT_OF(storage_kinds);

static const struct storage_kind *find(int number)
{
	for (size_t i = 0; i < storage_kind_count; i++)
		if (storage_kinds[i].call == (uint32_t)number)
			return &storage_kinds[i];
	return NULL;
}

static uint64_t inode_of(pid_t pid, int fd)
{
	char link[64];
	struct stat about;

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", pid, fd);
	return stat(link, &about) < 0 ? 0 : about.st_ino;
}

static uint64_t flags_of(const struct storage_kind *kind, const struct seccomp_notif *request)
{
	if (kind->effect != STORAGE_OPENS)
		return 0;
	if (kind->call == SYS_openat)
		return request->data.args[2];
#if defined(__x86_64__)
	if (kind->call == SYS_open)
		return request->data.args[1];
#endif
	return O_WRONLY | O_CREAT | O_TRUNC;
}

bool storage_call_read(struct storage_call *call, const struct seccomp_notif *request)
{
	const struct storage_kind *kind = find(request->data.nr);
	const size_t size = sizeof(WORLD_STATE_FOLDER) - 1;

	if (!kind)
		return false;
	call->kind = kind;
	call->pid = caller_process((pid_t)request->pid);
	call->inode = 0;
	call->flags = flags_of(kind, request);
	if (kind->fd >= 0) {
		int fd = (int)request->data.args[kind->fd];
		if (!caller_place(call->pid, fd, call->path))
			return false;
		call->inode = inode_of(call->pid, fd);
	} else {
		int folder = kind->folder >= 0 ? (int)request->data.args[kind->folder] : AT_FDCWD;
		if (!caller_path(call->pid, folder, request->data.args[kind->path], call->path))
			return false;
	}
	return !strncmp(call->path, WORLD_STATE_FOLDER, size) &&
	       (call->path[size] == '/' || !call->path[size]);
}
