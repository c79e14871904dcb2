#include "agents/common/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/file.h"

static const char half_written[] = ".half-";

int spool_sync(const char *folder)
{
	AUTO_CLOSE int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t put = write(fd, data, size);
		if (put < 0 && errno != EINTR)
			return -errno;
		if (put > 0) {
			data += put;
			size -= (size_t)put;
		}
	}
	return 0;
}

static int write_synced(const char *path, const char *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	int status = write_all(fd, data, size);
	if (status == 0 && fsync(fd) < 0)
		status = -errno;
	if (close(fd) < 0 && status == 0)
		status = -errno;
	return status;
}

int spool_put(const char *folder, const char *name, const void *data, size_t size,
	      struct error *err)
{
	AUTO_FREE char *path = file_join(folder, name);
	AUTO_FREE char *beside = alloc_printf("%s/%s%s", folder, half_written, name);

	int status = write_synced(beside, data, size);
	if (status == 0 && rename(beside, path) < 0)
		status = -errno;
	if (status < 0) {
		unlink(beside);
		return error_set(err, -status, "cannot keep %s: %s", path, strerror(-status));
	}
	/* It stands under its name: to take it away again could lose what a caller counts on. */
	status = spool_sync(folder);
	if (status < 0)
		error_set(err, -status, "%s may not outlast a power cut: %s", path,
			  strerror(-status));
	return 0;
}

int spool_write(const char *folder, const char *name, const char *text, struct error *err)
{
	char sum[DIGEST_TEXT_MAX];
	size_t size = strlen(text);
	struct buf content;

	if (size + sizeof(sum) > SPOOL_FILE_MAX)
		return error_set(err, EFBIG, "cannot keep %s: %zu bytes", name, size);
	buf_init(&content, SPOOL_FILE_MAX);
	buf_printf(&content, "%s\n", digest_sha256(text, size, sum));
	buf_add(&content, text, size);
	int status = spool_put(folder, name, content.data, content.size, err);
	buf_done(&content);
	return status;
}

const char *spool_check(const char *content, size_t size)
{
	char sum[DIGEST_TEXT_MAX];
	const size_t head = DIGEST_TEXT_MAX; /* 64 digits and a line feed */

	if (size < head || content[head - 1] != '\n' || memchr(content, 0, size))
		return NULL;
	digest_sha256(content + head, size - head, sum);
	return memcmp(sum, content, head - 1) == 0 ? content + head : NULL;
}

char *spool_read(const char *folder, const char *name, struct error *err)
{
	size_t size;
	AUTO_FREE char *path = file_join(folder, name);
	AUTO_FREE char *content = file_read(path, SPOOL_FILE_MAX, &size, err);
	const char *text = content ? spool_check(content, size) : NULL;

	if (content && !text)
		error_set(err, EBADMSG, "%s is damaged", path);
	return alloc_text(text);
}

int spool_remove(const char *folder, const char *name, struct error *err)
{
	AUTO_FREE char *path = file_join(folder, name);

	int status = unlink(path) < 0 && errno != ENOENT ? -errno : spool_sync(folder);
	if (status < 0)
		error_set(err, -status, "cannot remove %s: %s", path, strerror(-status));
	return status;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int spool_list(const char *folder, char ***names, size_t *count, struct error *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	*names = NULL;
	*count = 0;
	if (!dir)
		return error_set(err, errno, "cannot list %s: %s", folder, strerror(errno));
	while ((entry = readdir(dir))) {
		if (strncmp(entry->d_name, half_written, strlen(half_written)) == 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
		if (entry->d_name[0] == '.')
			continue;
		*names = alloc_grow(*names, *count + 1, sizeof(char *));
		(*names)[(*count)++] = alloc_text(entry->d_name);
	}
	closedir(dir);
	if (*count)
		qsort(*names, *count, sizeof(char *), compare);
	return 0;
}
