#include "conformance/evidence.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "conformance/journal.h"

/* What a judgement cannot do without. */
static const char *const needed[] = { EVIDENCE_SCENARIO, EVIDENCE_JOURNAL, EVIDENCE_TRUTH,
				      EVIDENCE_CAPTURE, EVIDENCE_LOG };

/* Words with which a journal may end; see play() in testbed.c. */
static const char *const reasons[] = { "steps done",      "a step was not reached",
				       "the agent ended", "deadline",
				       "interrupted",     "harness error" };

static bool is_reason(const char *word)
{
	for (size_t i = 0; i < COUNT_OF(reasons); i++)
		if (!strcmp(reasons[i], word))
			return true;
	return false;
}

/* The journal must be of this scenario and of this part of it, from its start to its end. */
static int check_frame(const struct evidence *evidence, const char *path, bool twin,
		       struct error *err)
{
	const json_t *start = json_array_get(evidence->journal, 0);
	size_t count = json_array_size(evidence->journal);
	const json_t *end = json_array_get(evidence->journal, count ? count - 1 : 0);

	if (strcmp(json_text_of(start, "kind", ""), "start") != 0 ||
	    !json_is_integer(json_object_get(start, "wallNs")) ||
	    !json_is_integer(json_object_get(start, "seed")))
		return error_at(
			err, path, 1, 1,
			"found no start, expected the observation 'start' with wallNs and seed");
	if (strcmp(json_text_of(end, "kind", ""), "end") != 0 ||
	    !is_reason(json_text_of(end, "reason", "")))
		return error_at(err, path, (int)count, 1,
				"found no end: the journal was cut off, expected the observation "
				"'end' last");
	if (strcmp(json_text_of(start, "scenario", ""), evidence->scenario->id) != 0)
		return error_at(err, path, 1, 1, "found the journal of '%s', expected that of '%s'",
				json_text_of(start, "scenario", ""), evidence->scenario->id);
	if (json_is_true(json_object_get(start, "twin")) != twin)
		return error_at(err, path, 1, 1, "found the journal of %s, expected that of %s",
				twin ? "the scenario" : "its twin",
				twin ? "the twin" : "the scenario");
	return 0;
}

/* The ledger must know every printer, or nothing could be compared with it. */
static int check_ledger(const struct evidence *evidence, const char *path, struct error *err)
{
	const struct scenario *scenario = evidence->scenario;

	for (size_t i = 0; i < scenario->printers.count; i++) {
		const char *name = scenario_printer(scenario, i)->name;
		size_t k;
		json_t *line;
		bool found = false;
		json_array_foreach (evidence->truth, k, line)
			found = found || !strcmp(json_text_of(line, "device", ""), name);
		if (!found)
			return error_set(err, EINVAL, "%s: found no line about printer '%s'", path,
					 name);
	}
	return 0;
}

static int read_start(struct evidence *evidence, const char *path, const char *truth, bool twin,
		      struct error *err)
{
	int status = check_frame(evidence, path, twin, err);
	if (status == 0)
		status = check_ledger(evidence, truth, err);
	if (status == 0 && twin && !evidence->scenario->has_twin)
		status = error_at(err, path, 1, 1,
				  "found evidence of a twin, but the scenario has none");
	evidence->start = json_array_get(evidence->journal, 0);
	evidence->wall_ns = json_int_of(evidence->start, "wallNs", 0);
	evidence->part = twin ? &evidence->scenario->twin : &evidence->scenario->main;
	return status;
}

static int read_capture(struct evidence *evidence, const char *path, struct error *err)
{
	size_t size;
	evidence->capture_bytes = (uint8_t *)file_read(path, JOURNAL_FILE_MAX, &size, err);
	if (!evidence->capture_bytes)
		return -EIO;
	int status = capture_init(&evidence->capture, evidence->capture_bytes, size, err);
	if (status < 0)
		error_wrap(err, "%s", path);
	return status;
}

int evidence_read(struct evidence *evidence, const char *folder, bool twin,
		  const struct catalogue *catalogue, struct error *err)
{
	AUTO_FREE char *scenario = file_join(folder, EVIDENCE_SCENARIO);
	AUTO_FREE char *journal = file_join(folder, EVIDENCE_JOURNAL);
	AUTO_FREE char *truth = file_join(folder, EVIDENCE_TRUTH);
	AUTO_FREE char *capture = file_join(folder, EVIDENCE_CAPTURE);

	*evidence = (struct evidence){ 0 };
	evidence->scenario = scenario_load(scenario, catalogue, err);
	if (evidence->scenario)
		evidence->journal = journal_read(journal, true, err);
	if (evidence->journal)
		evidence->truth = journal_read(truth, false, err);
	if (evidence->truth && read_capture(evidence, capture, err) == 0 &&
	    read_start(evidence, journal, truth, twin, err) == 0)
		return 0;
	evidence_done(evidence);
	return -EINVAL;
}

void evidence_done(struct evidence *evidence)
{
	scenario_free(evidence->scenario);
	json_decref(evidence->journal);
	json_decref(evidence->truth);
	capture_done(&evidence->capture);
	free(evidence->capture_bytes);
	*evidence = (struct evidence){ 0 };
}

/* ---- sums ---- */

static int sum_of(const char *folder, const char *name, char text[DIGEST_TEXT_MAX],
		  struct error *err)
{
	size_t size;
	AUTO_FREE char *path = file_join(folder, name);
	AUTO_FREE char *content = file_read(path, (size_t)JOURNAL_FILE_MAX, &size, err);
	if (!content)
		return -EIO;
	digest_sha256(content, size, text);
	return 0;
}

/* Everything but folders (twin, repeats), the sums and what hides behind a dot. */
static int only_sealed(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, EVIDENCE_SUMS) != 0;
}

enum nature { NATURE_FILE, NATURE_FOLDER, NATURE_OTHER };

/* Links are followed by nobody here: what is sealed is the file itself. */
static enum nature nature_of(const char *folder, const char *name)
{
	struct stat status;
	AUTO_FREE char *path = file_join(folder, name);
	if (lstat(path, &status) < 0)
		return NATURE_OTHER;
	return S_ISREG(status.st_mode)   ? NATURE_FILE
	       : S_ISDIR(status.st_mode) ? NATURE_FOLDER
					 : NATURE_OTHER;
}

static void free_entries(struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
}

int evidence_seal(const char *folder, struct error *err)
{
	struct dirent **entries;
	struct buf sums;
	int status = 0;
	int count = scandir(folder, &entries, only_sealed, alphasort);
	if (count < 0)
		return error_set(err, errno, "cannot read %s: %s", folder, strerror(errno));
	buf_init(&sums, 1 << 20);
	for (int i = 0; i < count && status == 0; i++) {
		char text[DIGEST_TEXT_MAX];
		if (nature_of(folder, entries[i]->d_name) != NATURE_FILE)
			continue;
		status = sum_of(folder, entries[i]->d_name, text, err);
		if (status == 0)
			buf_printf(&sums, "%s  %s\n", text, entries[i]->d_name);
	}
	free_entries(entries, count);
	AUTO_FREE char *path = file_join(folder, EVIDENCE_SUMS);
	if (status == 0)
		status = file_write(path, sums.data, sums.size, err);
	buf_done(&sums);
	return status;
}

static bool is_listed(const char *sums, const char *name)
{
	AUTO_FREE char *tail = alloc_printf("  %s\n", name);
	return strstr(sums, tail) != NULL;
}

/* One line "<64 hex>  <name>"; advances *at behind it. */
static int verify_line(const char *folder, const char **at, struct error *err)
{
	const char *end = strchr(*at, '\n');
	if (!end || end - *at < 67 || (*at)[64] != ' ' || (*at)[65] != ' ' ||
	    memchr(*at, '/', (size_t)(end - *at)))
		return error_set(err, EINVAL, "%s/%s: found a line that is no sum", folder,
				 EVIDENCE_SUMS);
	AUTO_FREE char *name = alloc_bytes(*at + 66, (size_t)(end - *at - 66));
	const char *sum = *at;
	*at = end + 1;
	char text[DIGEST_TEXT_MAX];
	AUTO_FREE char *path = file_join(folder, name);
	if (!strcmp(name, EVIDENCE_RESULT) && access(path, F_OK) != 0)
		return 0; /* an old verdict: never read, so it may be gone */
	if (nature_of(folder, name) != NATURE_FILE)
		return error_set(err, ENOENT, "%s: found no file, expected it as %s lists it", path,
				 EVIDENCE_SUMS);
	int status = sum_of(folder, name, text, err);
	if (status == 0 && strncmp(text, sum, 64) != 0)
		return error_set(err, EINVAL, "%s/%s: was changed after it was sealed", folder,
				 name);
	return status;
}

int evidence_verify(const char *folder, struct error *err)
{
	AUTO_FREE char *path = file_join(folder, EVIDENCE_SUMS);
	if (nature_of(folder, EVIDENCE_SUMS) != NATURE_FILE)
		return error_set(err, ENOENT, "%s: found no file with the sums", path);
	AUTO_FREE char *sums = file_read(path, 1 << 20, NULL, err);
	int status = sums ? 0 : -ENOENT;

	for (const char *at = sums; status == 0 && *at;)
		status = verify_line(folder, &at, err);
	for (size_t i = 0; status == 0 && i < COUNT_OF(needed); i++)
		if (!is_listed(sums, needed[i]))
			status = error_set(err, ENOENT, "%s: %s is not in %s", folder, needed[i],
					   EVIDENCE_SUMS);
	struct dirent **entries;
	int count = status == 0 ? scandir(folder, &entries, only_sealed, alphasort) : 0;
	for (int i = 0; i < count && status == 0; i++)
		if (nature_of(folder, entries[i]->d_name) != NATURE_FOLDER &&
		    !is_listed(sums, entries[i]->d_name))
			status = error_set(err, EINVAL,
					   "%s/%s: was added after the folder was sealed", folder,
					   entries[i]->d_name);
	if (count > 0)
		free_entries(entries, count);
	return status;
}
