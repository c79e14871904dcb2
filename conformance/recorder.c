#include "conformance/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "conformance/enpc_query.h"
#include "conformance/import.h"
#include "sim/printer/walk.h"

struct recording {
	const struct recorder *recorder;
	char *part; /* path of OUT.part */
	int fd;
	struct oid at; /* the last row that is written */
	size_t rows, left_out;
};

/* ---- OUT.part ---- */

static struct mib *read_part(const char *path, size_t *kept, struct error *err)
{
	size_t size;
	AUTO_FREE char *text = file_read(path, WALK_FILE_MAX, &size, err);

	if (!text)
		return NULL;
	while (size && text[size - 1] != '\n')
		size--; /* a row that was being written when it ended */
	*kept = size;
	return walk_parse(text, size, path, NULL, err);
}

static int resume(struct recording *recording, struct error *err)
{
	size_t kept;
	struct mib *rows = read_part(recording->part, &kept, err);

	if (!rows)
		return -EINVAL;
	recording->rows = mib_count(rows);
	const struct mib_entry *last = mib_entry(rows, recording->rows - 1);
	recording->at.count = last->oid_count;
	memcpy(recording->at.id, last->oid, last->oid_count * sizeof(last->oid[0]));
	mib_free(rows);
	recording->fd = open(recording->part, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (recording->fd < 0 || ftruncate(recording->fd, (off_t)kept) < 0)
		return error_set(err, errno, "cannot write %s: %s", recording->part,
				 strerror(errno));
	return 0;
}

static int begin(struct recording *recording, struct error *err)
{
	if (recording->recorder->resume)
		return resume(recording, err);
	oid_parse("1.3", &recording->at);
	recording->fd =
		open(recording->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (recording->fd >= 0)
		return 0;
	if (errno == EEXIST)
		return error_set(err, EEXIST,
				 "found %s, which an interrupted recording left: --resume goes on "
				 "with it",
				 recording->part);
	return error_set(err, errno, "cannot write %s: %s", recording->part, strerror(errno));
}

static int write_rows(struct recording *recording, struct mib *rows, struct error *err)
{
	struct buf text;
	size_t done = 0;

	buf_init(&text, WALK_FILE_MAX);
	mib_finish(rows, NULL);
	for (size_t i = 0; i < mib_count(rows); i++)
		walk_write(mib_entry(rows, i), &text);
	while (done < text.size) {
		ssize_t wrote = write(recording->fd, text.data + done, text.size - done);
		if (wrote < 0 && errno != EINTR)
			break;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	int status = done < text.size ? error_set(err, errno, "cannot write %s: %s",
						  recording->part, strerror(errno))
				      : 0;
	recording->rows += mib_count(rows);
	buf_done(&text);
	return status;
}

/* ---- the printer ---- */

static int walk(struct recording *recording, struct walker *walker, struct error *err)
{
	const struct recorder *recorder = recording->recorder;
	int count;

	do {
		struct mib *rows = mib_new();
		count = walker_next(walker, &recording->at, rows, &recording->left_out, err);
		int status = write_rows(recording, rows, err);
		mib_free(rows);
		if (count >= 0 && status < 0)
			return status;
		if (recorder->progress)
			recorder->progress(recording->rows, &recording->at);
		if (recording->rows > WALK_ROWS_MAX)
			return error_set(err, EFBIG, "found more than %d rows", WALK_ROWS_MAX);
	} while (count > 0);
	return count;
}

static int ask_snmp(struct recording *recording, struct error *err)
{
	struct walker_options options = recording->recorder->walker;
	AUTO_FREE char *peer = alloc_printf("udp:%s:%u", recording->recorder->host,
					    recording->recorder->snmp_port);

	options.peer = peer;
	struct walker *walker = walker_open(&options, err);
	int status = walker ? walk(recording, walker, err) : -EINVAL;
	walker_close(walker);
	return status;
}

static int make_profile(const struct recording *recording, struct error *err)
{
	const struct recorder *recorder = recording->recorder;
	AUTO_FREE char *written = NULL;
	size_t kept;
	struct mib *rows = read_part(recording->part, &kept, err);
	json_t *enpc = NULL;
	int status = rows ? 0 : -EINVAL;

	if (rows && recorder->enpc_port)
		enpc = enpc_query(recorder->host, recorder->enpc_port, recorder->walker.timeout_ms,
				  err);
	if (rows && recorder->enpc_port && !enpc)
		status = -EHOSTUNREACH;
	if (status == 0 && !recorder->keep_identity)
		import_anonymise(&rows, enpc);
	if (status == 0)
		status = import_write(&(struct import){ rows, recorder->name, "a printer", enpc },
				      recorder->out, &written, err);
	json_decref(enpc);
	mib_free(rows);
	return status;
}

int recorder_run(const struct recorder *recorder, struct error *err)
{
	struct recording recording = { .recorder = recorder,
				       .part = alloc_printf("%s.part", recorder->out),
				       .fd = -1 };
	int status = begin(&recording, err);

	if (status == 0)
		status = ask_snmp(&recording, err);
	if (recording.fd >= 0)
		close(recording.fd);
	if (status == 0)
		status = make_profile(&recording, err);
	/* Nothing to go on with either: do not stand in the way of the next try. */
	if (recording.fd >= 0 && (status == 0 || !recording.rows))
		unlink(recording.part);
	free(recording.part);
	return status < 0 ? status : (int)recording.rows;
}
