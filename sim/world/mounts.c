#include "sim/world/mounts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"

enum { LINKS_MAX = 16, FOLDER_SIZE = 1 << 20 };

int mounts_copy(int folder, const char *path)
{
	int fd =
		open_tree(folder, path,
			  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

int mounts_memory(uint64_t size)
{
	char text[32];

	AUTO_CLOSE int files = fsopen("tmpfs", FSOPEN_CLOEXEC);
	if (files < 0)
		return -errno;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)size);
	if (fsconfig(files, FSCONFIG_SET_STRING, "size", text, 0) < 0 ||
	    fsconfig(files, FSCONFIG_SET_STRING, "nr_inodes", "16384", 0) < 0 ||
	    fsconfig(files, FSCONFIG_SET_STRING, "mode", "0755", 0) < 0 ||
	    fsconfig(files, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -errno;
	int fd = fsmount(files, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
	return fd < 0 ? -errno : fd;
}

int mounts_attach(int mount, int at)
{
	int flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
	return move_mount(mount, "", at, "", (unsigned)flags) < 0 ? -errno : 0;
}

static int make_file(int folder, const char *name)
{
	int fd = openat(folder, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* One entry of the old folder, as a link or a mount in the new one. What cannot be reached is left
 * out: the agent, the same user, could not reach it either. */
static int copy_entry(int from, int to, const char *name)
{
	struct stat about;
	char target[PATH_MAX];

	if (fstatat(from, name, &about, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (S_ISLNK(about.st_mode)) {
		ssize_t size = readlinkat(from, name, target, sizeof(target) - 1);
		if (size < 0)
			return -errno;
		target[size] = 0;
		return symlinkat(target, to, name) < 0 ? -errno : 0;
	}
	if (!S_ISDIR(about.st_mode) && !S_ISREG(about.st_mode))
		return 0;
	AUTO_CLOSE int tree = mounts_copy(from, name);
	if (tree < 0)
		return tree == -EACCES ? 0 : tree;
	int code = S_ISDIR(about.st_mode) ? (mkdirat(to, name, 0755) < 0 ? -errno : 0)
					  : make_file(to, name);
	if (code)
		return code;
	return move_mount(tree, "", to, name, MOVE_MOUNT_F_EMPTY_PATH) < 0 ? -errno : 0;
}

static int copy_entries(int from, int to)
{
	int fd = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	int code = entries ? 0 : -errno;

	for (struct dirent *entry; !code && (entry = readdir(entries));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			code = copy_entry(fd, to, entry->d_name);
	if (entries)
		closedir(entries);
	return code;
}

/* Lays a folder in memory over one of the machine, with the same entries; a descriptor of it. */
static int dissolve(int folder)
{
	int memory = mounts_memory(FOLDER_SIZE);

	if (memory < 0)
		return memory;
	int code = mounts_attach(memory, folder);
	if (!code)
		code = copy_entries(folder, memory);
	if (!code)
		return memory;
	close(memory);
	return code;
}

static int open_entry(int folder, const char *name, bool is_folder)
{
	int fd = openat(folder, name, O_PATH | O_CLOEXEC | (is_folder ? O_DIRECTORY : 0));
	return fd < 0 ? -errno : fd;
}

/* Opens an entry, made if absent. -EEXIST: a link that leads nowhere. */
static int open_or_make(int folder, const char *name, bool is_folder)
{
	int fd = open_entry(folder, name, is_folder);

	if (fd != -ENOENT)
		return fd;
	int code = is_folder ? (mkdirat(folder, name, 0755) < 0 ? -errno : 0)
			     : make_file(folder, name);
	return code ? code : open_entry(folder, name, is_folder);
}

static bool refused(int code)
{
	return code == -EROFS || code == -EACCES || code == -EPERM;
}

/* Where a link in path[0, end) leads, with the rest of the path behind. */
static char *through_link(int folder, const char *path, size_t start, size_t end)
{
	char target[PATH_MAX];
	AUTO_FREE char *name = alloc_bytes(path + start, end - start);
	ssize_t size = readlinkat(folder, name, target, sizeof(target) - 1);

	if (size < 0)
		return NULL;
	target[size] = 0;
	if (target[0] == '/')
		return alloc_printf("%s%s", target, path + end);
	return alloc_printf("%.*s%s%s", (int)start, path, target, path + end);
}

static int place(const char *path, bool folder, int links);

/* What is being placed: the kind is that of the last component. */
struct placing {
	const char *path;
	bool folder;
	int links;
	bool arrived; /* a link was followed to the end */
};

/* Enters the next component, path[start, end), of an open folder, which it closes. */
static int step(struct placing *placing, int at, size_t start, size_t end)
{
	const char *path = placing->path;
	AUTO_FREE char *name = alloc_bytes(path + start, end - start);
	bool folder = placing->folder || path[end + strspn(path + end, "/")];
	int next = open_or_make(at, name, folder);

	if (refused(next)) {
		int memory = dissolve(at);
		if (memory < 0) {
			close(at);
			return memory;
		}
		close(at);
		at = memory;
		next = open_or_make(at, name, folder);
	}
	if (next == -EEXIST) {
		AUTO_FREE char *other = through_link(at, path, start, end);
		placing->arrived = true;
		next = other && placing->links < LINKS_MAX
			       ? place(other, placing->folder, placing->links + 1)
			       : -ELOOP;
	}
	close(at);
	return next;
}

static int place(const char *path, bool folder, int links)
{
	struct placing placing = { .path = path, .folder = folder, .links = links };
	int at = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	size_t start = strspn(path, "/");

	while (at >= 0 && path[start] && !placing.arrived) {
		size_t end = start + strcspn(path + start, "/");
		at = step(&placing, at, start, end);
		start = end + strspn(path + end, "/");
	}
	return at;
}

int mounts_place(const char *path, bool folder, struct error *err)
{
	if (path[0] != '/')
		return error_set(err, EINVAL, "found path %s, expected an absolute one", path);
	int fd = place(path, folder, 0);
	if (fd < 0)
		return error_set(err, -fd, "cannot put %s into the agent's view: %s", path,
				 strerror(-fd));
	return fd;
}

int mounts_put(int mount, const char *path, bool folder, struct error *err)
{
	AUTO_CLOSE int owned = mount;
	AUTO_CLOSE int at = mounts_place(path, folder, err);

	if (at < 0)
		return at;
	int code = mounts_attach(owned, at);
	if (code)
		return error_set(err, -code, "cannot put %s into the agent's view: %s", path,
				 strerror(-code));
	return 0;
}
