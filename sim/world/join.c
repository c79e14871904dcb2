#include "sim/world/join.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Entering one's own user namespace is refused, so who is inside already must not try. */
static bool is_inside(pid_t pid)
{
	struct stat here, there;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	return stat("/proc/self/ns/net", &here) == 0 && stat(path, &there) == 0 &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

int join_enter(pid_t pid, struct error *err)
{
	AUTO_CLOSE int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSE int process = pidfd_open(pid, 0);

	if (is_inside(pid))
		return 0;
	if (process < 0)
		return error_set(err, errno, "process %d: %s", (int)pid, strerror(errno));
	if (setns(process, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) < 0)
		return error_set(err, errno, "cannot enter the network of process %d: %s", (int)pid,
				 strerror(errno));
	/* Another mount namespace begins at its root. */
	if (here >= 0 && fchdir(here) < 0)
		return error_set(err, errno, "cannot return to this folder: %s", strerror(errno));
	return 0;
}
