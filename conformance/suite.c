#include "conformance/suite.h"

#include <errno.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "conformance/data.h"
#include "conformance/fleetfile.h"

enum { FILES_MAX = 10000 };

static bool is_yaml(const char *name)
{
	size_t size = strlen(name);
	return size > 5 && !strcmp(name + size - 5, ".yaml");
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int suite_files(const char *folder, char ***paths, size_t *count, struct error *err)
{
	AUTO_FREE char *root = alloc_text(folder);
	char *roots[] = { root, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int status = 0;

	*paths = NULL;
	*count = 0;
	if (!walk)
		return error_set(err, errno, "cannot read %s: %s", folder, strerror(errno));
	while (status == 0 && (entry = fts_read(walk))) {
		if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
		    entry->fts_info == FTS_NS)
			status = error_set(err, entry->fts_errno, "cannot read %s: %s",
					   entry->fts_path, strerror(entry->fts_errno));
		if (entry->fts_info != FTS_F || !is_yaml(entry->fts_name))
			continue;
		if (*count == FILES_MAX) {
			status = error_set(err, EINVAL, "found more than %d files below %s",
					   FILES_MAX, folder);
			break;
		}
		*paths = alloc_grow(*paths, *count + 1, sizeof(**paths));
		(*paths)[(*count)++] = alloc_text(entry->fts_path);
	}
	fts_close(walk);
	if (*count)
		qsort(*paths, *count, sizeof(**paths), by_text);
	return status;
}

static int add_file(struct suite *suite, const char *path, const struct catalogue *catalogue,
		    const char *id_prefix, struct error *err)
{
	struct scenario *scenario = scenario_load(path, catalogue, err);
	if (!scenario)
		return -EINVAL;
	if (scenario_profiles(scenario, err) < 0) {
		scenario_free(scenario);
		return -EINVAL;
	}
	bool meant = !id_prefix || !strncmp(scenario->id, id_prefix, strlen(id_prefix));
	if (!meant) {
		scenario_free(scenario);
		return 0;
	}
	suite->entries = alloc_grow(suite->entries, suite->count + 1, sizeof(*suite->entries));
	suite->entries[suite->count++] = (struct suite_entry){ alloc_text(path), scenario };
	return 0;
}

static int add_folder(struct suite *suite, const char *folder, const struct catalogue *catalogue,
		      const char *id_prefix, struct error *err)
{
	char **paths;
	size_t count;
	int status = suite_files(folder, &paths, &count, err);

	for (size_t i = 0; i < count; i++) {
		/* Fleets lie among the scenarios, but are no test cases. */
		if (status == 0 && !fleetfile_is(paths[i]))
			status = add_file(suite, paths[i], catalogue, id_prefix, err);
		free(paths[i]);
	}
	free(paths);
	return status;
}

static void entry_done(struct suite_entry *entry)
{
	free(entry->path);
	scenario_free(entry->scenario);
}

/* An id that is one means that scenario alone, although others may begin so. */
static void keep_exact(struct suite *suite, size_t from, const char *id)
{
	size_t exact = SIZE_MAX;

	for (size_t i = from; i < suite->count; i++)
		if (!strcmp(suite->entries[i].scenario->id, id))
			exact = i;
	if (exact == SIZE_MAX)
		return;
	struct suite_entry kept = suite->entries[exact];
	for (size_t i = from; i < suite->count; i++)
		if (i != exact)
			entry_done(&suite->entries[i]);
	suite->entries[from] = kept;
	suite->count = from + 1;
}

int suite_add(struct suite *suite, const char *word, const struct catalogue *catalogue,
	      struct error *err)
{
	struct stat status;
	size_t before = suite->count;
	int result;

	if (stat(word, &status) == 0) {
		result = S_ISDIR(status.st_mode) ? add_folder(suite, word, catalogue, NULL, err)
						 : add_file(suite, word, catalogue, NULL, err);
	} else {
		AUTO_FREE char *folder = data_path("scenarios");
		result = add_folder(suite, folder, catalogue, word, err);
		keep_exact(suite, before, word);
	}
	if (result == 0 && suite->count == before)
		return error_set(err, ENOENT,
				 "found '%s', expected a scenario file, a folder with scenarios, "
				 "or an id that "
				 "'ecsp list scenarios' shows",
				 word);
	return result;
}

static int by_id(const void *a, const void *b)
{
	const struct suite_entry *x = a, *y = b;
	return strcmp(x->scenario->id, y->scenario->id);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool is_twice(const struct suite_entry *entry, const struct suite_entry *last)
{
	return !strcmp(entry->scenario->id, last->scenario->id);
}

/* Two words may mean the same scenario: 'dc.mqtt' and 'dc.mqtt5'. */
static void keep_once(struct suite *suite)
{
	size_t kept = suite->count > 0;

	for (size_t i = 1; i < suite->count; i++)
		if (is_twice(&suite->entries[i], &suite->entries[kept - 1]))
			entry_done(&suite->entries[i]);
		else
			suite->entries[kept++] = suite->entries[i];
	suite->count = kept;
}

int suite_finish(struct suite *suite, struct error *err)
{
	if (suite->count)
		qsort(suite->entries, suite->count, sizeof(*suite->entries), by_id);
	for (size_t i = 1; i < suite->count; i++) {
		const struct suite_entry *entry = &suite->entries[i], *last = entry - 1;
		if (is_twice(entry, last) && !same_file(entry->path, last->path))
			return error_set(err, EINVAL,
					 "found the id '%s' in %s and in %s, expected each once",
					 entry->scenario->id, last->path, entry->path);
	}
	keep_once(suite);
	return 0;
}

void suite_done(struct suite *suite)
{
	for (size_t i = 0; i < suite->count; i++)
		entry_done(&suite->entries[i]);
	free(suite->entries);
	*suite = (struct suite){ 0 };
}
