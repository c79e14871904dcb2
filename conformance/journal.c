#include "conformance/journal.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "conformance/observation.h"

struct journal {
	struct tap tap; /* first, so that the tap is the journal */
	struct loop *loop;
	uint64_t start;
	json_t *lines;
	FILE *file;
	int failed; /* errno of the first line that could not be kept */
};

static void seen(struct tap *tap, const char *kind, json_t *fields)
{
	journal_add((struct journal *)tap, kind, fields);
}

struct journal *journal_new(struct loop *loop, const char *path, struct error *err)
{
	FILE *file = fopen(path, "we");
	if (!file) {
		error_set(err, errno, "cannot write %s: %s", path, strerror(errno));
		return NULL;
	}
	struct journal *journal = alloc_zero(1, sizeof(*journal));
	journal->tap.seen = seen;
	journal->loop = loop;
	journal->start = loop_now(loop);
	journal->lines = json_array();
	journal->file = file;
	return journal;
}

void journal_free(struct journal *journal)
{
	if (!journal)
		return;
	json_decref(journal->lines);
	fclose(journal->file);
	free(journal);
}

struct tap *journal_tap(struct journal *journal)
{
	return &journal->tap;
}

uint64_t journal_now(const struct journal *journal)
{
	return loop_now(journal->loop) - journal->start;
}

void journal_add(struct journal *journal, const char *kind, json_t *fields)
{
	size_t count = json_array_size(journal->lines);
	json_t *line = json_object();

	/* One that is not on the list cannot be waited for: ecsp lint refuses it. */
	assert(observation_is_known(kind));

	json_object_set_new(line, "n", json_integer((json_int_t)count));
	json_object_set_new(line, "ns", json_integer((json_int_t)journal_now(journal)));
	json_object_set_new(line, "kind", json_string(kind));
	if (fields)
		json_object_update(line, fields);
	json_decref(fields);
	if (count >= JOURNAL_LINES_MAX) {
		journal->failed = EFBIG;
		json_decref(line);
		return;
	}
	AUTO_FREE char *text = json_text(line);
	if (fputs(text, journal->file) == EOF || fputc('\n', journal->file) == EOF)
		journal->failed = errno ? errno : EIO;
	json_array_append_new(journal->lines, line);
}

size_t journal_count(const struct journal *journal)
{
	return json_array_size(journal->lines);
}

const json_t *journal_at(const struct journal *journal, size_t index)
{
	return json_array_get(journal->lines, index);
}

int journal_flush(struct journal *journal, struct error *err)
{
	if (fflush(journal->file) != 0 && !journal->failed)
		journal->failed = errno;
	if (journal->failed)
		return error_set(err, journal->failed, "the journal is not whole: %s",
				 strerror(journal->failed));
	return 0;
}

static int add_line(json_t *lines, const char *text, size_t size, const char *path, bool numbered,
		    struct error *err)
{
	int number = (int)json_array_size(lines) + 1;
	json_t *line = json_read_text(text, size, path, err);

	if (!line) {
		if (err)
			err->line = number;
		return -EINVAL;
	}
	json_array_append_new(lines, line);
	if (!json_is_object(line))
		return error_at(err, path, number, 1, "found no object, expected an observation");
	if (numbered && json_int_of(line, "n", -1) != number - 1)
		return error_at(err, path, number, 1,
				"found n %lld, expected %d: a line is missing or moved",
				(long long)json_int_of(line, "n", -1), number - 1);
	return 0;
}

json_t *journal_read(const char *path, bool numbered, struct error *err)
{
	size_t size;
	AUTO_FREE char *text = file_read(path, JOURNAL_FILE_MAX, &size, err);
	if (!text)
		return NULL;
	json_t *lines = json_array();
	for (const char *at = text, *end = text + size; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t length = stop ? (size_t)(stop - at) : (size_t)(end - at);
		if (add_line(lines, at, length, path, numbered, err) < 0) {
			json_decref(lines);
			return NULL;
		}
		at += length + 1;
	}
	return lines;
}
