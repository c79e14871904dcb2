#include "sim/world/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sim/world/mounts.h"
#include "sim/world/namespace.h"

enum { SHARED_SIZE = 16 << 20 };

/* What a program needs to run on this machine, where the machine has it. */
static const char *const system_folders[] = {
	"usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc", "opt", "nix", "gnu",
};

static const char *const empty_folders[] = {
	"/home", "/root", "/mnt", "/media", "/srv", "/run", "/run/.files", "/var/cache", "/var/log",
};

static const char *const devices[] = { "null", "zero", "full", "random", "urandom", "tty" };

static const struct {
	const char *path, *target;
} links[] = {
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
	{ "/var/run", "/run" },
	{ "/var/lock", "/run" },
};

/* Folders in memory that the agent may write to. size 0: what the program is given. */
static const struct {
	const char *path;
	const char *mode;
	uint64_t size;
} writable[] = {
	{ WORLD_STATE_FOLDER, "0700", 0 },
	{ "/tmp", "1777", 0 },
	{ "/var/tmp", "1777", SHARED_SIZE },
	{ "/dev/shm", "1777", SHARED_SIZE },
};

static int failed(struct error *err, const char *what, const char *path)
{
	int code = errno;
	return error_set(err, code, "cannot build the agent's view: %s %s: %s", what, path,
			 strerror(code));
}

static int open_visible(const char *path, struct jail_tree *tree, struct error *err)
{
	struct stat about;

	if (path[0] != '/' || path[1] == 0)
		return error_set(err, EINVAL,
				 "the folder %s cannot be shown to the agent: expected an absolute "
				 "path other than /; move the program to a folder of its own",
				 path);
	if (stat(path, &about) < 0)
		return error_set(err, errno, "the folder %s cannot be shown to the agent: %s", path,
				 strerror(errno));
	tree->mount = mounts_copy(AT_FDCWD, path);
	if (tree->mount < 0)
		return error_set(err, -tree->mount,
				 "the folder %s cannot be shown to the agent: %s", path,
				 strerror(-tree->mount));
	tree->path = alloc_text(path);
	return 0;
}

static int open_all(struct jail *jail, const char *const *visible, struct error *err)
{
	int code = 0;

	for (; visible && *visible && !code; visible++) {
		jail->trees = alloc_grow(jail->trees, jail->tree_count + 1, sizeof(*jail->trees));
		code = open_visible(*visible, &jail->trees[jail->tree_count], err);
		jail->tree_count += !code;
	}
	return code;
}

int jail_open(struct jail *jail, const char *const *visible, struct error *err)
{
	*jail = (struct jail){ .outside = -1, .inside = -1, .root = -1 };
	/* Others later: copying mounts needs a capability, which is still to come. */
	return geteuid() ? 0 : open_all(jail, visible, err);
}

void jail_done(struct jail *jail)
{
	const int fds[] = { jail->outside, jail->inside, jail->root };

	for (size_t i = 0; i < COUNT_OF(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	for (size_t i = 0; i < jail->tree_count; i++) {
		if (jail->trees[i].mount >= 0)
			close(jail->trees[i].mount);
		free(jail->trees[i].path);
	}
	free(jail->trees);
	*jail = (struct jail){ .outside = -1, .inside = -1, .root = -1 };
}

/* A folder or link of the machine's root in the new one, which is the working directory. */
static int copy_system(const char *name, struct error *err)
{
	char path[32], target[PATH_MAX];
	struct stat about;

	snprintf(path, sizeof(path), "/%s", name);
	if (lstat(path, &about) < 0)
		return 0;
	if (S_ISLNK(about.st_mode)) {
		ssize_t size = readlink(path, target, sizeof(target) - 1);
		if (size < 0)
			return failed(err, "read", path);
		target[size] = 0;
		return symlink(target, name) < 0 ? failed(err, "link", path) : 0;
	}
	if (!S_ISDIR(about.st_mode))
		return 0;
	if (mkdir(name, 0755) < 0 || mount(path, name, NULL, MS_BIND | MS_REC, NULL) < 0)
		return failed(err, "bind", path);
	return 0;
}

static int copy_devices(struct error *err)
{
	if (mkdir("dev", 0755) < 0)
		return failed(err, "make", "/dev");
	for (size_t i = 0; i < COUNT_OF(devices); i++) {
		char from[32];
		snprintf(from, sizeof(from), "/dev/%s", devices[i]);
		AUTO_CLOSE int fd = open(from + 1, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
		if (fd < 0 || mount(from, from + 1, NULL, MS_BIND, NULL) < 0)
			return failed(err, "bind", from);
	}
	return 0;
}

/* Everything that is taken from the machine's tree while it is still in sight. */
static int collect(struct error *err)
{
	int code = 0;

	for (size_t i = 0; i < COUNT_OF(system_folders) && !code; i++)
		code = copy_system(system_folders[i], err);
	if (!code)
		code = copy_devices(err);
	if (code)
		return code;
	/* The kernel mounts a new /proc or /sys only where a whole one is in sight already. */
	if (mkdir("proc", 0755) < 0 || mount("/proc", "proc", NULL, MS_BIND | MS_REC, NULL) < 0)
		return failed(err, "bind", "/proc");
	if (mkdir("sys", 0755) < 0 || mount("/sys", "sys", NULL, MS_BIND | MS_REC, NULL) < 0)
		return failed(err, "bind", "/sys");
	return 0;
}

static int make_empty(const char *path, struct error *err)
{
	int fd = mounts_place(path, true, err);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int make_writable(size_t i, struct error *err)
{
	char options[64];
	AUTO_CLOSE int at = mounts_place(writable[i].path, true, err);

	if (at < 0)
		return at;
	snprintf(options, sizeof(options), "size=1m,nr_inodes=16384,mode=%s", writable[i].mode);
	if (mount("tmpfs", writable[i].path, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
		return failed(err, "mount", writable[i].path);
	return 0;
}

static int furnish(struct jail *jail, const char *const *hidden, struct error *err)
{
	int code = 0;

	for (size_t i = 0; i < COUNT_OF(empty_folders) && !code; i++)
		code = make_empty(empty_folders[i], err);
	for (size_t i = 0; i < COUNT_OF(links) && !code; i++)
		if (symlink(links[i].target, links[i].path) < 0)
			code = failed(err, "link", links[i].path);
	for (size_t i = 0; i < COUNT_OF(writable) && !code; i++)
		code = make_writable(i, err);
	for (size_t i = 0; i < jail->tree_count && !code; i++) {
		code = mounts_put(jail->trees[i].mount, jail->trees[i].path, true, err);
		jail->trees[i].mount = -1;
	}
	for (; hidden && *hidden && !code; hidden++) {
		AUTO_CLOSE int at = open(*hidden, O_PATH | O_DIRECTORY | O_CLOEXEC);
		AUTO_CLOSE int nothing = at < 0 ? -1 : mounts_memory(4096);
		if (at >= 0)
			code = nothing < 0 ? nothing : mounts_attach(nothing, at);
		if (code)
			error_set(err, -code, "cannot hide %s: %s", *hidden, strerror(-code));
	}
	return code;
}

/* In a fresh mount namespace: a new root in memory takes the place of the machine's. */
static int build(struct jail *jail, const char *const *hidden, struct error *err)
{
	if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,mode=0755") < 0)
		return failed(err, "mount on", "/tmp");
	if (chdir("/tmp") < 0)
		return failed(err, "enter", "/tmp");
	int code = collect(err);
	if (code)
		return code;
	if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return failed(err, "turn to", "the new root");
	code = furnish(jail, hidden, err);
	if (code)
		return code;
	jail->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return jail->root < 0 ? failed(err, "open", "/") : 0;
}

int jail_build(struct jail *jail, const char *const *visible, const char *const *hidden,
	       struct error *err)
{
	AUTO_CLOSE int folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int code = jail->tree_count ? 0 : open_all(jail, visible, err);

	if (code)
		return code;
	jail->outside = namespace_current("mnt", err);
	if (jail->outside < 0)
		return jail->outside;
	if (unshare(CLONE_NEWNS) < 0)
		return error_set(err, errno, "cannot make a mount namespace: %s", strerror(errno));
	jail->inside = namespace_current("mnt", err);
	code = jail->inside < 0 ? jail->inside : build(jail, hidden, err);
	if (setns(jail->outside, CLONE_NEWNS) < 0 || (folder >= 0 && fchdir(folder) < 0))
		return error_set(err, errno, "cannot return from the agent's view: %s",
				 strerror(errno));
	return code;
}

/* The contents lie in memory of this start; the places they are bound over are stubs. */
static int place_files(const struct world_program *program, struct error *err)
{
	uint64_t size = 1 << 20;

	if (!program->file_count)
		return 0;
	for (size_t i = 0; i < program->file_count; i++)
		size += program->files[i].size + 4096;
	int memory = mounts_memory(size);
	int code = memory < 0 ? memory : mounts_put(memory, "/run/.files", true, err);
	if (code)
		return code;
	for (size_t i = 0; i < program->file_count && !code; i++) {
		const struct world_file *file = &program->files[i];
		char path[64];
		snprintf(path, sizeof(path), "/run/.files/%zu", i);
		AUTO_CLOSE int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
		if (fd < 0 || write(fd, file->data, file->size) != (ssize_t)file->size)
			return failed(err, "write", file->path);
		int tree = mounts_copy(AT_FDCWD, path);
		code = tree < 0 ? failed(err, "copy", file->path)
				: mounts_put(tree, file->path, false, err);
	}
	if (umount2("/run/.files", MNT_DETACH) < 0)
		return failed(err, "leave", "/run/.files");
	return code;
}

static int open_writable(const struct world_program *program, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(writable); i++) {
		char options[64];
		uint64_t size = writable[i].size ? writable[i].size : program->state_max;
		snprintf(options, sizeof(options), "size=%llu", (unsigned long long)size);
		if (mount(NULL, writable[i].path, NULL, MS_REMOUNT | MS_NOSUID | MS_NODEV,
			  options) < 0)
			return failed(err, "open for writing", writable[i].path);
	}
	return 0;
}

int jail_enter(const struct jail *jail, const struct world_program *program, struct error *err)
{
	struct mount_attr readonly = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID };
	unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	if (setns(jail->inside, CLONE_NEWNS) < 0 || unshare(CLONE_NEWNS) < 0)
		return failed(err, "enter", "it");
	int code = place_files(program, err);
	if (code)
		return code;
	if (mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &readonly, sizeof(readonly)) < 0)
		return failed(err, "make read-only", "/");
	code = open_writable(program, err);
	if (code)
		return code;
	if (mount("proc", "/proc", "proc", flags, NULL) < 0)
		return error_set(
			err, errno,
			"a new /proc is refused: %s; where a container masks parts of /proc, "
			"start it with `--privileged`, with `--security-opt "
			"systempaths=unconfined` (Docker) or `--security-opt unmask=ALL` (Podman)",
			strerror(errno));
	/* Shows the links of its own network only. Where it is refused /sys is empty, and will do.
	 */
	if (mount("sysfs", "/sys", "sysfs", flags | MS_RDONLY, NULL) < 0 &&
	    mount("tmpfs", "/sys", "tmpfs", flags | MS_RDONLY, "size=4k") < 0)
		return failed(err, "mount", "/sys");
	return 0;
}

/* The folder of a path below /run, made as needed, from outside: no link is followed. */
static int open_run_folder(const struct jail *jail, const char *path, const char **name)
{
	int at = dup(jail->root);
	const char *slash;

	for (path++; at >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
		AUTO_FREE char *part = alloc_bytes(path, (size_t)(slash - path));
		if (mkdirat(at, part, 0755) < 0 && errno != EEXIST) {
			int code = errno;
			close(at);
			errno = code;
			return -code;
		}
		int next = openat(at, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(at);
		at = next;
	}
	*name = path;
	return at;
}

int jail_listen(const struct jail *jail, const char *path, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *name = "";

	if (strncmp(path, "/run/", 5) != 0 || strstr(path, "/../"))
		return error_set(err, EINVAL, "found panel socket %s, expected a path below /run",
				 path);
	AUTO_CLOSE int folder = open_run_folder(jail, path, &name);
	if (folder < 0)
		return failed(err, "make the folder of", path);
	int used = snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s",
			    folder, name);
	if (used < 0 || (size_t)used >= sizeof(address.sun_path))
		return error_set(err, ENAMETOOLONG, "the panel socket's name is too long: %s",
				 path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, 16) < 0) {
		int code = failed(err, "listen at", path);
		if (fd >= 0)
			close(fd);
		return code;
	}
	return fd;
}
