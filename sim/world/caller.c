#include "sim/world/caller.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sim/world/ownpath.h"

enum { PAGE = 4096 };

pid_t caller_process(pid_t thread)
{
	char path[64], text[1024];
	int pid;

	snprintf(path, sizeof(path), "/proc/%d/status", thread);
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (size < 0)
		return thread;
	text[size] = 0;
	const char *line = strstr(text, "\nTgid:");
	return line && sscanf(line + 6, "%d", &pid) == 1 ? pid : thread;
}

bool caller_text(pid_t pid, uint64_t address, char text[PATH_MAX])
{
	for (size_t used = 0; used < PATH_MAX;) {
		/* Not beyond the page: the next one may not be there. */
		size_t size = PAGE - (address + used) % PAGE;
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

int caller_descriptor(pid_t pid, int fd)
{
	AUTO_CLOSE int process = pidfd_open(pid, 0);

	return process < 0 ? -1 : pidfd_getfd(process, fd, 0);
}

/* /proc/PID/fd is closed to all but root for a program that lets nobody dump it, and its memory is
 * not: so of a descriptor, a copy is asked. */
static bool read_place(pid_t pid, int fd, char path[PATH_MAX], ssize_t *size)
{
	char link[64];

	AUTO_CLOSE int copy = fd == AT_FDCWD ? -1 : caller_descriptor(pid, fd);
	if (fd == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%d/cwd", pid);
	else
		snprintf(link, sizeof(link), "/proc/self/fd/%d", copy);
	*size = readlink(link, path, PATH_MAX - 1);
	return *size >= 0;
}

bool caller_place(pid_t pid, int fd, char path[PATH_MAX])
{
	static const char foreign[] =
		"(unreachable)"; /* the kernel's word for another mount tree */
	ssize_t size;

	if (!read_place(pid, fd, path, &size))
		return false;
	path[size] = 0;
	if (!strncmp(path, foreign, sizeof(foreign) - 1))
		memmove(path, path + sizeof(foreign) - 1, (size_t)size - sizeof(foreign) + 2);
	return true;
}

bool caller_path(pid_t pid, int folder, uint64_t name, char out[PATH_MAX])
{
	char text[PATH_MAX], base[PATH_MAX] = "/";

	if (!caller_text(pid, name, text))
		return false;
	if (text[0] != '/' && !caller_place(pid, folder, base))
		return false;
	if (!ownpath_join(base, text, out))
		out[0] = 0;
	return true;
}
