#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"

static int read_all(int fd, struct buf *out)
{
	uint8_t chunk[65536];

	for (;;) {
		ssize_t got = read(fd, chunk, sizeof(chunk));
		if (got == 0)
			return 0;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!buf_add(out, chunk, (size_t)got))
			return -EFBIG;
	}
}

char *file_read(const char *path, size_t max, size_t *size, struct error *err)
{
	/* A pipe in the place of a file would make us wait for ever. */
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) < 0) {
		error_set(err, errno, "cannot read %s: %s", path, strerror(errno));
		return NULL;
	}
	if (!S_ISREG(status.st_mode)) {
		error_set(err, EINVAL, "cannot read %s: it is no regular file", path);
		return NULL;
	}
	struct buf content;
	buf_init(&content, max);
	int result = read_all(fd, &content);
	if (result < 0) {
		if (result == -EFBIG)
			error_set(err, EFBIG, "cannot read %s: larger than %zu bytes", path, max);
		else
			error_set(err, -result, "cannot read %s: %s", path, strerror(-result));
		buf_done(&content);
		return NULL;
	}
	if (size)
		*size = content.size;
	return buf_steal(&content);
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t put = write(fd, data, size);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		data += put;
		size -= (size_t)put;
	}
	return 0;
}

int file_write(const char *path, const void *data, size_t size, struct error *err)
{
	AUTO_FREE char *beside = alloc_printf("%s.%ld.part", path, (long)getpid());
	int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return error_set(err, errno, "cannot write %s: %s", path, strerror(errno));
	int status = write_all(fd, data, size);
	if (close(fd) < 0 && status == 0)
		status = -errno;
	if (status == 0 && rename(beside, path) < 0)
		status = -errno;
	if (status < 0) {
		unlink(beside);
		return error_set(err, -status, "cannot write %s: %s", path, strerror(-status));
	}
	return 0;
}

int file_make_folders(const char *path, struct error *err)
{
	AUTO_FREE char *part = alloc_text(path);

	for (char *at = part + 1;; at++) {
		if (*at && *at != '/')
			continue;
		char end = *at;
		*at = 0;
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return error_set(err, errno, "cannot make folder %s: %s", part,
					 strerror(errno));
		if (!end)
			return 0;
		*at = end;
	}
}

char *file_join(const char *folder, const char *name)
{
	size_t size = strlen(folder);
	return alloc_printf("%s%s%s", folder, size && folder[size - 1] == '/' ? "" : "/", name);
}
