#include "sim/world/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/cleanup.h"

enum { NOBODY = 65534, INSIDE = 1000 };

static bool read_id(const char *variable, unsigned *id)
{
	const char *text = getenv(variable);
	char *end;

	if (!text || !*text)
		return false;
	errno = 0;
	unsigned long value = strtoul(text, &end, 10);
	if (errno || *end || value == 0 || value >= UINT_MAX)
		return false;
	*id = (unsigned)value;
	return true;
}

void namespace_owner(uid_t *uid, gid_t *gid)
{
	*uid = geteuid();
	*gid = getegid();
	if (*uid)
		return;
	if (!read_id("SUDO_UID", uid) || !read_id("SUDO_GID", gid)) {
		*uid = NOBODY;
		*gid = NOBODY;
	}
}

int namespace_sysctl(const char *path, const char *value)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, value, strlen(value)) < 0 ? -errno : 0;
}

static bool sysctl_is(const char *path, char value)
{
	char found = 0;
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, &found, 1) == 1 && found == value;
}

/* Only root may look; to others it stays untold. */
static bool in_chroot(void)
{
	struct stat here, init;
	if (stat("/", &here) < 0 || stat("/proc/1/root/.", &init) < 0)
		return false;
	return here.st_dev != init.st_dev || here.st_ino != init.st_ino;
}

/* Who refuses, and what lifts the refusal. */
static int refused(int code, struct error *err)
{
	if (sysctl_is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1'))
		return error_set(
			err, code,
			"AppArmor refuses user namespaces to this user; run `sudo sysctl -w "
			"kernel.apparmor_restrict_unprivileged_userns=0`, or run with sudo");
	if (sysctl_is("/proc/sys/kernel/unprivileged_userns_clone", '0'))
		return error_set(err, code,
				 "this kernel refuses user namespaces; run "
				 "`sudo sysctl -w kernel.unprivileged_userns_clone=1`");
	if (code == EPERM && in_chroot())
		return error_set(err, code,
				 "the kernel makes no user namespace inside a chroot; enter the "
				 "folder as a container's root instead, for example with "
				 "`systemd-nspawn -D FOLDER` or `podman run --rootfs FOLDER`");
	if (code == ENOSPC || code == EUSERS)
		return error_set(err, code,
				 "no user namespace is left; raise the limit with "
				 "`sudo sysctl -w user.max_user_namespaces=10000`");
	return error_set(
		err, code,
		"new namespaces are refused: %s; in a container, start it with `--privileged "
		"--device /dev/net/tun`, or with `--security-opt seccomp=unconfined --security-opt "
		"apparmor=unconfined --security-opt systempaths=unconfined --device /dev/net/tun` "
		"and, for root, `--cap-add SYS_ADMIN`",
		strerror(code));
}

static int map_refused(const char *file, int code, struct error *err)
{
	error_set(err, code, "cannot write %s", file);
	if (sysctl_is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1'))
		return refused(code, err);
	return error_set(
		err, code,
		"cannot write /proc/self/%s: %s; in a container, start it with `--privileged`",
		file, strerror(code));
}

/* An ordinary user maps himself, and gives up setgroups for it. */
static int map_self(uid_t uid, gid_t gid, struct error *err)
{
	char line[64];

	int code = namespace_sysctl("/proc/self/setgroups", "deny");
	if (code)
		return map_refused("setgroups", -code, err);
	snprintf(line, sizeof(line), "%d %u 1\n", INSIDE, uid);
	code = namespace_sysctl("/proc/self/uid_map", line);
	if (code)
		return map_refused("uid_map", -code, err);
	snprintf(line, sizeof(line), "%d %u 1\n", INSIDE, gid);
	code = namespace_sysctl("/proc/self/gid_map", line);
	return code ? map_refused("gid_map", -code, err) : 0;
}

/* Root becomes the unprivileged user: from here on nothing outside is open to this process that is
 * not open to that user. The namespace's capabilities stay: user 0 does not exist in it. */
static int become_owner(struct error *err)
{
	if (setgroups(0, NULL) < 0 || setresgid(INSIDE, INSIDE, INSIDE) < 0 ||
	    setresuid(INSIDE, INSIDE, INSIDE) < 0)
		return error_set(err, errno, "cannot give up root: %s", strerror(errno));
	/* A change of user hides /proc/self from oneself; this brings it back. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return error_set(err, errno, "cannot become dumpable: %s", strerror(errno));
	return 0;
}

int namespace_enter(const struct broker *broker, struct error *err)
{
	uid_t uid;
	gid_t gid;

	namespace_owner(&uid, &gid);
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) < 0)
		return refused(errno, err);
	int code;
	if (broker->socket >= 0) {
		code = broker_map(broker, uid, gid, err);
		if (!code)
			code = become_owner(err);
	} else {
		code = map_self(uid, gid, err);
	}
	if (code)
		return code;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return error_set(err, errno, "cannot make the mounts private: %s", strerror(errno));
	/* A second fence: the filter on the agent's system calls refuses new namespaces too, so a
	 * /proc/sys that is read-only, as in some containers, takes nothing away. */
	(void)namespace_sysctl("/proc/sys/user/max_user_namespaces", "0");
	return 0;
}

int namespace_current(const char *kind, struct error *err)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/ns/%s", kind);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, errno, "cannot open %s: %s", path, strerror(errno));
	return fd;
}

int namespace_new_network(struct error *err)
{
	if (unshare(CLONE_NEWNET) < 0)
		return error_set(err, errno, "cannot make a second network namespace: %s",
				 strerror(errno));
	return namespace_current("net", err);
}
