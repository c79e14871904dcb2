#include "sim/world/storage_call.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sim/world/caller.h"
#include "sim/world/world.h"

/* Where a write without an offset begins. */
static uint64_t position_of(int file)
{
	struct stat about;
	off_t at = lseek(file, 0, SEEK_CUR);

	if (fcntl(file, F_GETFL) & O_APPEND && fstat(file, &about) == 0)
		at = about.st_size;
	return at > 0 ? (uint64_t)at : 0;
}

static void look_at_file(struct storage_call *call, const struct seccomp_notif *request)
{
	const struct filecall *kind = call->kind;
	AUTO_CLOSE int file = caller_descriptor(call->pid, (int)request->data.args[kind->file]);
	struct stat about;

	if (file < 0 || fstat(file, &about) < 0)
		return;
	call->inode = about.st_ino;
	if (kind->effect != FILECALL_WRITES)
		return;
	/* pwritev2: -1 is "where it stands". */
	bool told = kind->from && (int64_t)request->data.args[kind->from] >= 0;
	call->from = told ? request->data.args[kind->from] : position_of(file);
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
	call->inode = 0;
	call->from = 0;
	call->flags = flags_of(kind, request);
	if (!filecall_changed(kind, request, call->pid, call->path))
		return false;
	if (kind->file != FILECALL_NONE)
		look_at_file(call, request);
	return !strncmp(call->path, WORLD_STATE_FOLDER, size) &&
	       (call->path[size] == '/' || !call->path[size]);
}
