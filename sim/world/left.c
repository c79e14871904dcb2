#include "sim/world/left.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"

enum { DEPTH_MAX = 16, FILES_MAX = 20000, FILE_MAX = 64 << 20 };

struct look {
	world_left_sink *sink;
	void *arg;
	dev_t device; /* of the folder: what is mounted below it is not the agent's */
	size_t files;
	bool whole;
};

static bool read_all(int fd, struct buf *out)
{
	uint8_t chunk[65536];

	for (;;) {
		ssize_t size = read(fd, chunk, sizeof(chunk));
		if (size < 0 && errno == EINTR)
			continue;
		if (size <= 0)
			return size == 0;
		if (!buf_add(out, chunk, (size_t)size))
			return false;
	}
}

static void look_at_file(struct look *look, int folder, const char *name, const char *path,
			 mode_t mode)
{
	AUTO_CLOSE int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct buf content;

	buf_init(&content, FILE_MAX);
	if (fd < 0 || ++look->files > FILES_MAX || !read_all(fd, &content))
		look->whole = false;
	else
		look->sink(look->arg, &(struct world_left_file){ .path = path,
								 .mode = mode & 07777,
								 .data = content.data,
								 .size = content.size });
	buf_done(&content);
}

static void look_into(struct look *look, int above, const char *name, const char *path, int depth);

static void look_at(struct look *look, int folder, const char *name, const char *above, int depth)
{
	AUTO_FREE char *path = alloc_printf("%s/%s", above, name);
	struct stat about;

	if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) < 0)
		look->whole = false;
	else if (about.st_dev != look->device)
		return;
	else if (S_ISDIR(about.st_mode))
		look_into(look, folder, name, path, depth + 1);
	else if (S_ISREG(about.st_mode))
		look_at_file(look, folder, name, path, about.st_mode);
}

static void look_into(struct look *look, int above, const char *name, const char *path, int depth)
{
	int fd = depth > DEPTH_MAX
			 ? -1
			 : openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);

	if (!entries) {
		look->whole = false;
		if (fd >= 0)
			close(fd);
		return;
	}
	for (const struct dirent *entry; (entry = readdir(entries));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			look_at(look, fd, entry->d_name, path, depth);
	closedir(entries);
}

bool left_look(const struct jail *jail, world_left_sink *sink, void *arg)
{
	static const char *const folders[] = { WORLD_STATE_FOLDER, "/tmp", "/var/tmp", "/dev/shm" };
	struct look look = { .sink = sink, .arg = arg, .whole = true };

	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		struct stat about;
		if (fstatat(jail->root, folders[i] + 1, &about, AT_SYMLINK_NOFOLLOW) < 0)
			return false;
		look.device = about.st_dev;
		look_into(&look, jail->root, folders[i] + 1, folders[i], 0);
	}
	return look.whole;
}
