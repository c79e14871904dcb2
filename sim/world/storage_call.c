#include "sim/world/storage_call.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sim/world/caller.h"
#include "sim/world/world.h"

static uint64_t inode_of(pid_t pid, int fd)
{
	struct stat about;

	AUTO_CLOSE int copy = caller_descriptor(pid, fd);
	return copy < 0 || fstat(copy, &about) < 0 ? 0 : about.st_ino;
}

static uint64_t flags_of(const struct filecall *kind, const struct seccomp_notif *request)
{
	if (kind->flags)
		return request->data.args[kind->flags];
	/* creat is open with these. */
	return kind->effect == FILECALL_OPENS ? O_WRONLY | O_CREAT | O_TRUNC : 0;
}

bool storage_call_read(struct storage_call *call, const struct seccomp_notif *request)
{
	const struct filecall *kind = filecall_find(request->data.nr);
	const size_t size = sizeof(WORLD_STATE_FOLDER) - 1;

	if (!kind || kind->effect == FILECALL_MARKS)
		return false;
	call->kind = kind;
	call->pid = caller_process((pid_t)request->pid);
	call->flags = flags_of(kind, request);
	if (!filecall_changed(kind, request, call->pid, call->path))
		return false;
	bool open = kind->file != FILECALL_NONE;
	call->inode = open ? inode_of(call->pid, (int)request->data.args[kind->file]) : 0;
	return !strncmp(call->path, WORLD_STATE_FOLDER, size) &&
	       (call->path[size] == '/' || !call->path[size]);
}
