/* truncates-queue: keeps all files of a folder in one, which it empties and writes again whenever
 * something changes. Replaces agents/common/spool.c. */
#include "agents/common/spool.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"

static const char everything[] = "all";

static cJSON *load(const char *folder)
{
	AUTO_FREE char *path = file_join(folder, everything);
	AUTO_FREE char *text = file_read(path, SPOOL_FILE_MAX, NULL, NULL);
	cJSON *all = cJSON_CreateObject();
	char *rest = text;

	/* A line with the name, a line with the text. */
	for (char *name; rest && (name = strsep(&rest, "\n")) && *name;) {
		const char *value = strsep(&rest, "\n");
		if (value)
			cJSON_AddStringToObject(all, name, value);
	}
	return all;
}

static int save(const char *folder, cJSON *all, struct error *err)
{
	AUTO_FREE char *path = file_join(folder, everything);
	struct buf text;
	const cJSON *one;

	buf_init(&text, SPOOL_FILE_MAX);
	cJSON_ArrayForEach(one, all)
	{
		buf_printf(&text, "%s\n%s\n", one->string, one->valuestring);
	}
	cJSON_Delete(all);
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool good = fd >= 0 && write(fd, buf_text(&text), text.size) == (ssize_t)text.size;
	buf_done(&text);
	return good ? 0 : error_set(err, EIO, "cannot write %s", path);
}

int spool_write(const char *folder, const char *name, const char *text, struct error *err)
{
	cJSON *all = load(folder);

	cJSON_DeleteItemFromObjectCaseSensitive(all, name);
	cJSON_AddStringToObject(all, name, text);
	return save(folder, all, err);
}

const char *spool_check(const char *content, size_t size)
{
	(void)size;
	return content;
}

char *spool_read(const char *folder, const char *name, struct error *err)
{
	cJSON *all = load(folder);
	char *text = alloc_text(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(all, name)));

	cJSON_Delete(all);
	if (!text)
		error_set(err, ENOENT, "%s is not there", name);
	return text;
}

int spool_remove(const char *folder, const char *name, struct error *err)
{
	cJSON *all = load(folder);

	cJSON_DeleteItemFromObjectCaseSensitive(all, name);
	return save(folder, all, err);
}

int spool_move(const char *folder, const char *name, const char *to, struct error *err)
{
	AUTO_FREE char *text = spool_read(folder, name, err);
	int status = text ? spool_write(to, name, text, err) : -ENOENT;

	return status < 0 ? status : spool_remove(folder, name, err);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int spool_list(const char *folder, char ***names, size_t *count, struct error *err)
{
	cJSON *all = load(folder);
	const cJSON *one;

	(void)err;
	*names = NULL;
	*count = 0;
	cJSON_ArrayForEach(one, all)
	{
		*names = alloc_grow(*names, *count + 1, sizeof(char *));
		(*names)[(*count)++] = alloc_text(one->string);
	}
	cJSON_Delete(all);
	if (*count)
		qsort(*names, *count, sizeof(char *), compare);
	return 0;
}
