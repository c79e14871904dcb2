#include "agents/common/tape.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "agents/common/spool.h"
#include "base/cleanup.h"
#include "base/file.h"

enum {
	SEGMENT_FILE_MAX = TAPE_SEGMENT + TAPE_RESERVE + 2 * TAPE_BATCH_MAX,
	CROWDED = 4,
	NAME_SIZE = 20
};

struct segment {
	uint64_t number;
	uint64_t size; /* bytes that are kept */
	uint64_t held; /* bytes of entries that are needed */
};

struct tape {
	char *folder, *aside;
	struct segment *segments; /* oldest first */
	size_t count;
	uint64_t next_number;
	int fd;     /* of the last segment; -1: none is open, the next batch starts one */
	bool named; /* its name is kept, too */
	bool dirty; /* there may be more in it than `size` */
	struct buf batch;
};

static char *segment_path(const struct tape *tape, uint64_t number)
{
	return alloc_printf("%s/%020" PRIu64, tape->folder, number);
}

static struct segment *last(struct tape *tape)
{
	return &tape->segments[tape->count - 1];
}

static struct segment *find(struct tape *tape, uint64_t number)
{
	for (size_t i = 0; i < tape->count; i++)
		if (tape->segments[i].number == number)
			return &tape->segments[i];
	return NULL;
}

static struct segment *add_segment(struct tape *tape, uint64_t number)
{
	tape->segments = alloc_grow(tape->segments, tape->count + 1, sizeof(*tape->segments));
	tape->segments[tape->count++] = (struct segment){ .number = number };
	tape->next_number = number + 1;
	return last(tape);
}

/* ---- writing ---- */

static void close_segment(struct tape *tape)
{
	if (tape->fd >= 0)
		close(tape->fd);
	tape->fd = -1;
}

/* Room beyond the end, so that a disk that is full later takes the small entries that empty it. A
 * file system that cannot do this is as good as it is. */
static int reserve(struct tape *tape, uint64_t from)
{
	off_t size = TAPE_SEGMENT + TAPE_RESERVE;

	if (fallocate(tape->fd, FALLOC_FL_KEEP_SIZE, (off_t)from, size - (off_t)from) == 0)
		return 0;
	return errno == EOPNOTSUPP || errno == ENOSYS ? 0 : -errno;
}

static int open_segment(struct tape *tape)
{
	AUTO_FREE char *path = segment_path(tape, tape->next_number);

	tape->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (tape->fd < 0)
		return -errno;
	tape->named = false;
	int status = reserve(tape, 0);
	if (status < 0) {
		close_segment(tape);
		unlink(path);
		return status;
	}
	add_segment(tape, tape->next_number);
	return 0;
}

/* Cuts off what a commit that failed may have left. */
static int cut(struct tape *tape)
{
	if (!tape->dirty)
		return 0;
	const off_t size = (off_t)last(tape)->size;
	if (ftruncate(tape->fd, size) < 0 || fdatasync(tape->fd) < 0)
		return -errno;
	tape->dirty = false;
	if (size < TAPE_SEGMENT)
		reserve(tape, (uint64_t)size);
	return 0;
}

int tape_begin(struct tape *tape, const struct entry *begin, bool small, struct error *err)
{
	buf_clear(&tape->batch);
	int status = cut(tape);
	bool ended = tape->fd < 0 || (last(tape)->size >= TAPE_SEGMENT && !small);

	if (status == 0 && ended) {
		close_segment(tape);
		status = open_segment(tape);
	}
	if (status < 0)
		return error_set(err, -status, "cannot write to %s: %s", tape->folder,
				 strerror(-status));
	if (!last(tape)->size)
		entry_write(begin, &tape->batch);
	return 0;
}

bool tape_add(struct tape *tape, const struct entry *entry, struct tape_place *place)
{
	const size_t before = tape->batch.size;

	if (!entry_write(entry, &tape->batch))
		return false;
	*place = (struct tape_place){ last(tape)->number, last(tape)->size + before,
				      tape->batch.size - before };
	return true;
}

static int write_all(int fd, const uint8_t *data, size_t size, off_t at)
{
	while (size) {
		ssize_t put = pwrite(fd, data, size, at);
		if (put < 0 && errno != EINTR)
			return -errno;
		if (put > 0) {
			data += put;
			at += put;
			size -= (size_t)put;
		}
	}
	return 0;
}

int tape_commit(struct tape *tape, struct error *err)
{
	struct segment *segment = last(tape);

	tape->dirty = true;
	int status = write_all(tape->fd, tape->batch.data, tape->batch.size, (off_t)segment->size);
	if (status == 0 && fdatasync(tape->fd) < 0)
		status = -errno;
	if (status == 0 && !tape->named)
		status = spool_sync(tape->folder);
	if (status < 0) {
		error_set(err, -status, "cannot write to %s: %s", tape->folder, strerror(-status));
		cut(tape);
		return status;
	}
	tape->dirty = false;
	tape->named = true;
	segment->size += tape->batch.size;
	return 0;
}

bool tape_doubtful(const struct tape *tape)
{
	return tape->dirty;
}

/* ---- reading ---- */

static void put_aside(struct tape *tape, const struct tape_place *place, const char *data,
		      struct error *err)
{
	AUTO_FREE char *name =
		alloc_printf("damaged-%020" PRIu64 "-%" PRIu64, place->segment, place->offset);
	AUTO_FREE char *path = segment_path(tape, place->segment);

	if (spool_put(tape->aside, name, data, place->size, err) == 0)
		error_set(err, EBADMSG, "%s is damaged at %" PRIu64 ": %zu bytes are in %s now",
			  path, place->offset, place->size, tape->aside);
}

static int read_all(const char *path, char *data, size_t size, off_t at)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	while (size) {
		ssize_t got = pread(fd, data, size, at);
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got == 0) /* shorter than it was: damaged, which its sum shows */
			return 0;
		if (got > 0) {
			data += got;
			at += got;
			size -= (size_t)got;
		}
	}
	return 0;
}

int tape_read(struct tape *tape, const struct tape_place *place, struct entry *entry, char **data,
	      struct error *err)
{
	size_t length;
	AUTO_FREE char *path = segment_path(tape, place->segment);
	AUTO_FREE char *bytes = alloc_zero(place->size + 1, 1);
	int status = read_all(path, bytes, place->size, (off_t)place->offset);

	*data = NULL;
	if (status < 0)
		return error_set(err, -status, "cannot read %s: %s", path, strerror(-status));
	if (entry_read(bytes, place->size, entry, &length) != ENTRY_WHOLE) {
		put_aside(tape, place, bytes, err);
		return -EBADMSG;
	}
	*data = bytes;
	bytes = NULL;
	return 0;
}

/* Returns how many bytes of it are kept: what the power interrupted at its end is not, and nobody
 * was told that it is. */
static size_t load_bytes(struct tape *tape, const struct tape_options *options, const char *data,
			 size_t size, struct error *err)
{
	struct entry entry;
	struct tape_place place = { .segment = last(tape)->number };

	for (; place.offset < size; place.offset += place.size) {
		const char *at = data + place.offset;
		size_t left = size - place.offset;
		enum entry_reading reading = entry_read(at, left, &entry, &place.size);
		if (reading == ENTRY_WHOLE) {
			options->seen(options->arg, &entry, &place);
			continue;
		}
		place.size = entry_skip(at, left);
		if (reading == ENTRY_TORN && place.size == left)
			return place.offset;
		put_aside(tape, &place, at, err);
	}
	return size;
}

static int load_segment(struct tape *tape, const struct tape_options *options, const char *name,
			struct error *err)
{
	size_t size;

	if (strlen(name) != NAME_SIZE || strspn(name, "0123456789") != NAME_SIZE)
		return 0; /* nothing of ours */
	AUTO_FREE char *path = file_join(tape->folder, name);
	AUTO_FREE char *data = file_read(path, SEGMENT_FILE_MAX, &size, err);
	if (!data)
		return -EIO;
	struct segment *segment = add_segment(tape, strtoull(name, NULL, 10));
	segment->size = load_bytes(tape, options, data, size, err);
	tape->dirty = segment->size < size;
	return 0;
}

/* The last one is written on, and what is too much of it is cut off then. */
static void open_last(struct tape *tape)
{
	if (!tape->count)
		return;
	AUTO_FREE char *path = segment_path(tape, last(tape)->number);
	tape->fd = open(path, O_WRONLY | O_CLOEXEC);
	tape->dirty &= tape->fd >= 0;
}

static int load(struct tape *tape, const struct tape_options *options, struct error *err)
{
	char **names;
	size_t count;
	int status = spool_list(tape->folder, &names, &count, err);

	for (size_t i = 0; i < count; i++) {
		if (status == 0)
			status = load_segment(tape, options, names[i], err);
		free(names[i]);
	}
	free(names);
	if (status == 0)
		open_last(tape);
	return status;
}

/* ---- which segments are needed ---- */

void tape_hold(struct tape *tape, const struct tape_place *place)
{
	struct segment *segment = find(tape, place->segment);

	if (segment)
		segment->held += place->size;
}

void tape_release(struct tape *tape, const struct tape_place *place)
{
	struct segment *segment = find(tape, place->segment);

	if (segment)
		segment->held -= place->size;
}

/* One by one, each for good before the next: an entry that says that a record is gone must not go
 * before the record. The last stays, since it knows how far the numbers came. */
void tape_trim(struct tape *tape)
{
	while (tape->count > 1 && !tape->segments[0].held) {
		char name[NAME_SIZE + 1];
		snprintf(name, sizeof(name), "%020" PRIu64, tape->segments[0].number);
		if (spool_remove(tape->folder, name, NULL) < 0)
			return;
		tape->count--;
		memmove(tape->segments, tape->segments + 1, tape->count * sizeof(*tape->segments));
	}
}

uint64_t tape_crowded(const struct tape *tape)
{
	uint64_t size = 0, held = 0;

	for (size_t i = 0; i < tape->count; i++) {
		size += tape->segments[i].size;
		held += tape->segments[i].held;
	}
	return tape->count > CROWDED && size > CROWDED * held ? tape->segments[0].number : 0;
}

/* ---- life ---- */

struct tape *tape_new(const struct tape_options *options, struct error *err)
{
	struct tape *tape = alloc_zero(1, sizeof(*tape));

	tape->folder = alloc_text(options->folder);
	tape->aside = alloc_text(options->aside);
	tape->fd = -1;
	tape->next_number = 1;
	buf_init(&tape->batch, TAPE_BATCH_MAX);
	if (file_make_folders(tape->folder, err) < 0 || file_make_folders(tape->aside, err) < 0 ||
	    load(tape, options, err) < 0) {
		tape_free(tape);
		return NULL;
	}
	return tape;
}

void tape_free(struct tape *tape)
{
	if (!tape)
		return;
	close_segment(tape);
	buf_done(&tape->batch);
	free(tape->segments);
	free(tape->folder);
	free(tape->aside);
	free(tape);
}
