#include "agents/common/queue.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

#include "agents/common/fixture.h"
#include "agents/common/spool.h"
#include "agents/common/tape.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/test.h"
#include "ecsp/ecsp.h"

static char *state;
static struct queue *queue;
static cJSON *identity;

static void open_queue(size_t most)
{
	struct error err = { 0 };

	queue = queue_new(state, &(struct queue_limits){ most, QUEUE_UPLOAD_MAX }, &err);
	ck_assert_msg(queue != NULL, "%s", err.text);
}

static void begin(size_t most)
{
	state = fixture_folder();
	identity = cJSON_CreateObject();
	cJSON_AddStringToObject(identity, "id", "dc-1");
	open_queue(most);
}

static void end(void)
{
	queue_free(queue);
	cJSON_Delete(identity);
	fixture_folder_done(state);
}

/* As after kill -9: nothing is said goodbye to. */
static void restart(void)
{
	queue_free(queue);
	open_queue(100);
}

/* In memory only. */
static void add_only(const char *collection, const char *name)
{
	struct error err = { 0 };
	cJSON *record = cJSON_CreateObject();

	cJSON_AddStringToObject(record, "record", name);
	ck_assert_int_eq(queue_add(queue, collection, record, NULL, &err), 0);
	cJSON_Delete(record);
}

static int try_add(const char *name)
{
	add_only(ECSP_SCHEDULED, name);
	return queue_commit(queue, NULL);
}

static void add(const char *collection, const char *name)
{
	struct error err = { 0 };

	add_only(collection, name);
	ck_assert_msg(queue_commit(queue, &err) == 0, "%s", err.text);
}

static const struct queue_upload *next(void)
{
	return queue_next(queue, identity, NULL);
}

/* A file of a folder, counted from the oldest; NULL: there is none. Caller frees. */
static char *file_of(const char *folder, size_t index)
{
	char **names;
	size_t count;
	char *path = NULL;
	AUTO_FREE char *in = file_join(state, folder);

	spool_list(in, &names, &count, NULL);
	for (size_t i = 0; i < count; i++) {
		if (i == index)
			path = file_join(in, names[i]);
		free(names[i]);
	}
	free(names);
	return path;
}

static size_t count_files(const char *folder)
{
	size_t count = 0;
	char *path;

	while ((path = file_of(folder, count))) {
		free(path);
		count++;
	}
	return count;
}

/* Where the queue's first file says a word. */
static off_t place_of(const char *word)
{
	size_t size;
	AUTO_FREE char *path = file_of("queue", 0);
	AUTO_FREE char *text = file_read(path, 1 << 20, &size, NULL);
	const char *at = memmem(text, size, word, strlen(word));

	ck_assert_ptr_nonnull(at);
	return at - text;
}

static void damage(const char *word)
{
	AUTO_FREE char *path = file_of("queue", 0);
	off_t at = place_of(word);
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);

	ck_assert_int_eq(pwrite(fd, "?", 1, at), 1);
}

/* As a power cut: the file ends there. */
static void tear(const char *word)
{
	AUTO_FREE char *path = file_of("queue", 0);

	ck_assert_int_eq(truncate(path, place_of(word)), 0);
}

/* ---- the disk ---- */

/* What stands in the place of the C library's: a disk that fails. */
static int disk_error, sync_error, cut_error, syncs;

ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
	/* Half of it gets there. */
	if (disk_error && syscall(SYS_pwrite64, fd, data, size / 2, at) < 0)
		return -1;
	errno = disk_error;
	return disk_error ? -1 : (ssize_t)syscall(SYS_pwrite64, fd, data, size, at);
}

int fdatasync(int fd)
{
	(void)fd;
	syncs++;
	errno = sync_error;
	return sync_error ? -1 : 0;
}

int ftruncate(int fd, off_t size)
{
	errno = cut_error;
	return cut_error ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

START_TEST(an_upload_holds_the_records_of_one_type_in_order_and_what_is_live_goes_first)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	add(ECSP_SCHEDULED, "two");
	add(ECSP_EVENT, "three");
	const struct queue_upload *upload = next();
	ck_assert_uint_eq(upload->count, 1);
	ck_assert_ptr_nonnull(strstr(upload->body, "three"));
	ck_assert_ptr_nonnull(strstr(upload->body, "\"collection\":\"event\""));
	queue_delivered(queue);
	upload = next();
	ck_assert_uint_eq(upload->count, 2);
	ck_assert_ptr_nonnull(strstr(upload->body, "\"records\":[{\"record\":\"one\"},"
						   "{\"record\":\"two\"}]"));
	queue_delivered(queue);
	ck_assert_ptr_null(next());
	end();
}
END_TEST

START_TEST(a_resend_after_a_crash_is_the_same_to_the_byte)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	AUTO_FREE char *key = alloc_text(next()->key);
	AUTO_FREE char *body = alloc_text(next()->body);
	add(ECSP_SCHEDULED, "two");
	restart();
	ck_assert_str_eq(next()->key, key);
	ck_assert_str_eq(next()->body, body);
	queue_delivered(queue);
	ck_assert_str_ne(next()->key, key);
	ck_assert_ptr_nonnull(strstr(next()->body, "two"));
	end();
}
END_TEST

START_TEST(nothing_is_sent_or_kept_before_it_is_committed)
{
	begin(100);
	add_only(ECSP_SCHEDULED, "one");
	restart();
	ck_assert_uint_eq(queue_count(queue), 0);
	add_only(ECSP_SCHEDULED, "two");
	ck_assert_ptr_nonnull(strstr(next()->body, "two"));
	restart();
	ck_assert_ptr_nonnull(strstr(next()->body, "two"));
	end();
}
END_TEST

START_TEST(many_records_cost_one_sync)
{
	begin(100);
	for (int i = 0; i < 50; i++)
		add_only(ECSP_SCHEDULED, "r");
	syncs = 0;
	ck_assert_int_eq(queue_commit(queue, NULL), 0);
	ck_assert_int_eq(syncs, 1);
	/* Delivered is marked with the note of what goes next. */
	ck_assert_uint_eq(next()->count, 50);
	add(ECSP_SCHEDULED, "more");
	syncs = 0;
	queue_delivered(queue);
	ck_assert_uint_eq(next()->count, 1);
	ck_assert_int_eq(syncs, 1);
	end();
}
END_TEST

START_TEST(what_was_delivered_does_not_come_back)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	ck_assert_uint_eq(next()->count, 1);
	queue_delivered(queue);
	ck_assert_ptr_null(next());
	restart();
	ck_assert_uint_eq(queue_count(queue), 0);
	end();
}
END_TEST

START_TEST(a_torn_end_is_as_if_it_never_was)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	add(ECSP_SCHEDULED, "two");
	tear("two");
	restart();
	ck_assert_uint_eq(queue_count(queue), 1);
	ck_assert_uint_eq(count_files("rejected"), 0);
	/* and is written over */
	add(ECSP_SCHEDULED, "three");
	restart();
	ck_assert_uint_eq(next()->count, 2);
	ck_assert_ptr_nonnull(strstr(next()->body, "three"));
	end();
}
END_TEST

START_TEST(a_damaged_record_is_put_aside_and_the_rest_is_sent)
{
	struct error err = { 0 };

	begin(100);
	add(ECSP_SCHEDULED, "one");
	add(ECSP_SCHEDULED, "two");
	damage("one");
	const struct queue_upload *upload = queue_next(queue, identity, &err);
	ck_assert_uint_eq(upload->count, 1);
	ck_assert_ptr_nonnull(strstr(upload->body, "two"));
	ck_assert_ptr_nonnull(strstr(err.text, "damaged"));
	ck_assert_uint_eq(count_files("rejected"), 1);
	end();
}
END_TEST

START_TEST(what_was_damaged_between_two_runs_is_put_aside)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	add(ECSP_SCHEDULED, "two");
	damage("one");
	restart();
	ck_assert_uint_eq(queue_count(queue), 1);
	ck_assert_ptr_nonnull(strstr(next()->body, "two"));
	ck_assert_uint_eq(count_files("rejected"), 1);
	/* Something new gets no number that was used. */
	add(ECSP_SCHEDULED, "three");
	queue_delivered(queue);
	ck_assert_ptr_nonnull(strstr(next()->body, "three"));
	end();
}
END_TEST

START_TEST(a_damaged_note_of_an_upload_loses_no_record)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	ck_assert_ptr_nonnull(next());
	damage("\"key\"");
	restart();
	ck_assert_ptr_nonnull(strstr(next()->body, "one"));
	end();
}
END_TEST

START_TEST(what_the_disk_does_not_take_is_held_until_it_does)
{
	begin(200);
	disk_error = EIO;
	ck_assert_int_eq(try_add("one"), -EIO);
	ck_assert_uint_eq(queue_count(queue), 1);
	ck_assert(!queue_written(queue));
	disk_error = 0;
	ck_assert_int_eq(try_add("two"), 0);
	ck_assert(queue_written(queue));
	restart();
	ck_assert_ptr_nonnull(strstr(next()->body, "\"records\":[{\"record\":\"one\"},"
						   "{\"record\":\"two\"}]"));
	/* Not without bound. */
	disk_error = EIO;
	for (int i = 0; i < QUEUE_HELD_MAX; i++)
		try_add("more");
	ck_assert_uint_eq(queue_dropped(queue), 0);
	try_add("too much");
	ck_assert_uint_eq(queue_dropped(queue), 1);
	disk_error = 0;
	end();
}
END_TEST

START_TEST(a_disk_that_cannot_sync_keeps_nothing)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	sync_error = EIO;
	ck_assert_int_eq(try_add("two"), -EIO);
	sync_error = 0;
	/* It is cut off again, lest it comes back beside what was sent from memory. */
	restart();
	ck_assert_uint_eq(queue_count(queue), 1);
	end();
}
END_TEST

START_TEST(what_may_be_on_disk_is_not_sent_from_memory)
{
	begin(100);
	disk_error = EIO;
	cut_error = EIO;
	ck_assert_int_eq(try_add("one"), -EIO);
	ck_assert_ptr_null(next());
	cut_error = 0;
	/* Cut off, it cannot come back. */
	ck_assert_ptr_nonnull(strstr(next()->body, "one"));
	disk_error = 0;
	end();
}
END_TEST

START_TEST(what_is_held_never_flies_with_what_is_on_disk)
{
	begin(100);
	add(ECSP_SCHEDULED, "kept");
	disk_error = EIO;
	ck_assert_int_eq(try_add("held"), -EIO);
	ck_assert_uint_eq(next()->count, 1);
	ck_assert_ptr_nonnull(strstr(next()->body, "kept"));
	disk_error = 0;
	queue_delivered(queue);
	disk_error = EIO;
	/* What was delivered is not marked, so nothing else goes. */
	ck_assert_ptr_null(next());
	disk_error = 0;
	ck_assert_ptr_nonnull(strstr(next()->body, "held"));
	end();
}
END_TEST

START_TEST(what_flies_from_memory_stays_there)
{
	begin(100);
	disk_error = EIO;
	ck_assert_int_eq(try_add("held"), -EIO);
	ck_assert_ptr_nonnull(strstr(next()->body, "held"));
	disk_error = 0;
	ck_assert_int_eq(try_add("other"), 0);
	/* A crash loses it, and does not send it once more. */
	restart();
	ck_assert_uint_eq(queue_count(queue), 1);
	ck_assert_ptr_nonnull(strstr(next()->body, "other"));
	end();
}
END_TEST

START_TEST(a_full_disk_costs_the_oldest_scheduled_records)
{
	begin(1000);
	for (int i = 0; i < 100; i++)
		add_only(ECSP_SCHEDULED, i ? "old" : "oldest");
	add(ECSP_EVENT, "event");
	disk_error = ENOSPC;
	for (int i = 0; i <= QUEUE_HELD_MAX; i++)
		try_add(i < QUEUE_HELD_MAX ? "new" : "newest");
	disk_error = 0;
	ck_assert_uint_eq(queue_dropped(queue), QUEUE_UPLOAD_MAX + 1);
	ck_assert_int_eq(queue_commit(queue, NULL), 0);
	restart();
	ck_assert_uint_eq(queue_count(queue), 101);
	ck_assert_uint_eq(queue_dropped(queue), QUEUE_UPLOAD_MAX + 1);
	ck_assert_ptr_nonnull(strstr(next()->body, "event"));
	queue_delivered(queue);
	ck_assert_ptr_null(strstr(next()->body, "oldest"));
	end();
}
END_TEST

static void add_large(const char *collection)
{
	AUTO_FREE char *text = alloc_zero(TAPE_SEGMENT / 4 + 1, 1);

	memset(text, 'x', TAPE_SEGMENT / 4);
	add(collection, text);
}

START_TEST(files_that_nobody_needs_go)
{
	begin(1000);
	for (int i = 0; i < 20; i++)
		add_large(ECSP_SCHEDULED);
	ck_assert_uint_ge(count_files("queue"), 5);
	while (next())
		queue_delivered(queue);
	ck_assert_uint_eq(count_files("queue"), 1);
	restart();
	ck_assert_uint_eq(queue_count(queue), 0);
	end();
}
END_TEST

START_TEST(an_old_record_does_not_keep_all_files_after_it)
{
	begin(3);
	add(ECSP_EVENT, "old");
	for (int i = 0; i < 60; i++)
		add_large(ECSP_SCHEDULED);
	ck_assert_uint_le(count_files("queue"), 8);
	restart();
	ck_assert_ptr_nonnull(strstr(next()->body, "old"));
	ck_assert_uint_eq(queue_dropped(queue), 58);
	end();
}
END_TEST

START_TEST(what_is_under_way_stays_so_whatever_the_disk_does)
{
	begin(2);
	add(ECSP_SCHEDULED, "flying");
	const struct queue_upload *upload = next();
	add(ECSP_SCHEDULED, "second");
	disk_error = EIO;
	try_add("third");
	ck_assert_uint_eq(queue_dropped(queue), 1);
	ck_assert_ptr_eq(next(), upload);
	disk_error = 0;
	queue_delivered(queue);
	ck_assert_ptr_nonnull(strstr(next()->body, "third"));
	end();
}
END_TEST

START_TEST(what_is_live_is_known_to_be_urgent)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	ck_assert(!queue_urgent(queue));
	add(ECSP_EVENT, "two");
	ck_assert(queue_urgent(queue));
	next();
	queue_delivered(queue);
	ck_assert(!queue_urgent(queue));
	add(ECSP_COMMAND, "three");
	ck_assert(queue_urgent(queue));
	end();
}
END_TEST

START_TEST(what_cannot_be_put_aside_stops_the_next_upload)
{
	struct error err = { 0 };

	begin(100);
	add(ECSP_EVENT, "first");
	add(ECSP_SCHEDULED, "second");
	ck_assert_ptr_nonnull(strstr(next()->body, "first"));
	AUTO_FREE char *folder = file_join(state, "rejected");
	ck_assert_int_eq(rmdir(folder), 0);
	queue_rejected(queue, &err);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot keep"));
	ck_assert_ptr_null(next());
	ck_assert_uint_eq(queue_count(queue), 2);
	ck_assert_int_eq(file_make_folders(folder, NULL), 0);
	ck_assert_ptr_nonnull(strstr(next()->body, "second"));
	ck_assert_uint_eq(queue_count(queue), 1);
	end();
}
END_TEST

START_TEST(a_full_queue_drops_the_oldest_scheduled_record_and_counts_it)
{
	begin(3);
	add(ECSP_EVENT, "event");
	add(ECSP_SCHEDULED, "old");
	add(ECSP_SCHEDULED, "new");
	add(ECSP_SCHEDULED, "newest");
	ck_assert_uint_eq(queue_dropped(queue), 1);
	ck_assert_uint_eq(queue_count(queue), 3);
	ck_assert_ptr_nonnull(strstr(next()->body, "event"));
	queue_delivered(queue);
	ck_assert_ptr_null(strstr(next()->body, "old"));
	ck_assert_ptr_nonnull(strstr(next()->body, "newest"));
	end();
}
END_TEST

START_TEST(what_is_under_way_is_never_dropped)
{
	begin(2);
	add(ECSP_SCHEDULED, "flying");
	AUTO_FREE char *body = alloc_text(next()->body);
	add(ECSP_SCHEDULED, "second");
	add(ECSP_SCHEDULED, "third");
	ck_assert_uint_eq(queue_dropped(queue), 1);
	restart();
	ck_assert_str_eq(next()->body, body);
	queue_delivered(queue);
	ck_assert_ptr_null(strstr(next()->body, "second"));
	end();
}
END_TEST

START_TEST(a_refused_upload_is_kept_apart_and_not_sent_again)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	ck_assert_ptr_nonnull(next());
	queue_rejected(queue, NULL);
	restart();
	ck_assert_ptr_null(next());
	ck_assert_uint_eq(count_files("rejected"), 1);
	end();
}
END_TEST

START_TEST(a_refused_upload_of_many_goes_one_by_one)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	add(ECSP_SCHEDULED, "two");
	add(ECSP_SCHEDULED, "three");
	ck_assert_uint_eq(next()->count, 3);
	AUTO_FREE char *key = alloc_text(next()->key);
	ck_assert(queue_split(queue));
	ck_assert_str_ne(next()->key, key);
	ck_assert_uint_eq(next()->count, 1);
	ck_assert_ptr_nonnull(strstr(next()->body, "one"));
	ck_assert(!queue_split(queue));
	queue_rejected(queue, NULL);
	ck_assert_ptr_nonnull(strstr(next()->body, "two"));
	queue_delivered(queue);
	ck_assert_ptr_nonnull(strstr(next()->body, "three"));
	queue_delivered(queue);
	/* and then as ever */
	add(ECSP_SCHEDULED, "four");
	add(ECSP_SCHEDULED, "five");
	ck_assert_uint_eq(next()->count, 2);
	end();
}
END_TEST

START_TEST(what_was_dropped_is_counted_over_restarts_and_told)
{
	begin(1);
	add(ECSP_SCHEDULED, "one");
	add(ECSP_SCHEDULED, "two");
	add(ECSP_SCHEDULED, "three");
	ck_assert_uint_eq(queue_dropped(queue), 2);
	restart();
	ck_assert_uint_eq(queue_dropped(queue), 2);
	ck_assert_ptr_nonnull(strstr(next()->body, "\"dropped\":2"));
	end();
}
END_TEST

START_TEST(an_upload_holds_no_more_than_64_records)
{
	begin(100);
	for (int i = 0; i < 70; i++)
		add(ECSP_SCHEDULED, "r");
	ck_assert_uint_eq(next()->count, 64);
	queue_delivered(queue);
	ck_assert_uint_eq(next()->count, 6);
	end();
}
END_TEST

TEST_MAIN("agents.common.queue",
	  an_upload_holds_the_records_of_one_type_in_order_and_what_is_live_goes_first,
	  a_resend_after_a_crash_is_the_same_to_the_byte,
	  nothing_is_sent_or_kept_before_it_is_committed, many_records_cost_one_sync,
	  what_was_delivered_does_not_come_back, a_torn_end_is_as_if_it_never_was,
	  a_damaged_record_is_put_aside_and_the_rest_is_sent,
	  what_was_damaged_between_two_runs_is_put_aside,
	  a_damaged_note_of_an_upload_loses_no_record,
	  what_the_disk_does_not_take_is_held_until_it_does, a_disk_that_cannot_sync_keeps_nothing,
	  what_may_be_on_disk_is_not_sent_from_memory,
	  what_is_held_never_flies_with_what_is_on_disk, what_flies_from_memory_stays_there,
	  a_full_disk_costs_the_oldest_scheduled_records, files_that_nobody_needs_go,
	  an_old_record_does_not_keep_all_files_after_it,
	  what_is_under_way_stays_so_whatever_the_disk_does, what_is_live_is_known_to_be_urgent,
	  what_cannot_be_put_aside_stops_the_next_upload,
	  a_full_queue_drops_the_oldest_scheduled_record_and_counts_it,
	  what_is_under_way_is_never_dropped, a_refused_upload_is_kept_apart_and_not_sent_again,
	  a_refused_upload_of_many_goes_one_by_one,
	  what_was_dropped_is_counted_over_restarts_and_told,
	  an_upload_holds_no_more_than_64_records)
