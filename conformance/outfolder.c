#include "conformance/outfolder.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "reports/report.h"

#define MARK      ".ecsp-out"
#define MARK_TEXT "This folder is written by 'ecsp test', which empties it first.\n"

static bool is_empty(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool empty = true;

	while (folder && (entry = readdir(folder)))
		empty &= !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
	if (folder)
		closedir(folder);
	return empty;
}

/* Removes what lies below, following no links. */
static int empty_it(const char *path, struct error *err)
{
	AUTO_FREE char *root = alloc_text(path);
	char *roots[] = { root, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int status = walk ? 0 : error_set(err, errno, "cannot read %s: %s", path, strerror(errno));

	while (walk && status == 0 && (entry = fts_read(walk))) {
		if (entry->fts_level == 0 || entry->fts_info == FTS_D)
			continue;
		if (remove(entry->fts_accpath) < 0)
			status = error_set(err, errno, "cannot remove %s: %s", entry->fts_path,
					   strerror(errno));
	}
	if (walk)
		fts_close(walk);
	return status;
}

char *outfolder_prepare(const char *path, struct error *err)
{
	char found[PATH_MAX];
	int status = file_make_folders(path, err);

	if (status < 0)
		return NULL;
	if (!realpath(path, found)) {
		error_set(err, errno, "cannot find %s: %s", path, strerror(errno));
		return NULL;
	}
	AUTO_FREE char *mark = file_join(found, MARK);
	if (access(mark, F_OK) == 0) {
		status = empty_it(found, err);
	} else if (!is_empty(found)) {
		error_set(err, EEXIST,
			  "found other files in %s, expected an empty folder or one that an "
			  "earlier run wrote",
			  path);
		return NULL;
	}
	if (status == 0)
		status = file_write(mark, MARK_TEXT, strlen(MARK_TEXT), err);
	return status == 0 ? alloc_text(found) : NULL;
}

int outfolder_remove(const char *path, struct error *err)
{
	int status = empty_it(path, err);

	if (status == 0 && rmdir(path) < 0)
		status = error_set(err, errno, "cannot remove %s: %s", path, strerror(errno));
	return status;
}

int outfolder_write(const char *path, const json_t *result, struct error *err)
{
	AUTO_FREE char *document = file_join(path, "result.json");
	int status = json_write_file(document, result, err);

	for (const struct report_writer *writer = report_writers; status == 0 && writer->name;
	     writer++) {
		struct buf out;
		AUTO_FREE char *file = file_join(path, writer->file);
		buf_init(&out, (size_t)REPORT_RESULT_MAX * 10);
		status = writer->write(result, &out, err);
		if (status == 0)
			status = file_write(file, out.data, out.size, err);
		buf_done(&out);
	}
	return status;
}
