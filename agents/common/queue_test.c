#include "agents/common/queue.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "agents/common/fixture.h"
#include "agents/common/spool.h"
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

	queue = queue_new(state, most, &err);
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

static size_t add(const char *collection, const char *name)
{
	struct error err = { 0 };
	size_t dropped = 0;
	cJSON *record = cJSON_CreateObject();

	cJSON_AddStringToObject(record, "record", name);
	ck_assert_int_eq(queue_add(queue, collection, record, NULL, &dropped, &err), 0);
	cJSON_Delete(record);
	return dropped;
}

static const struct queue_upload *next(void)
{
	return queue_next(queue, identity, NULL);
}

/* The file of a record or of the upload, counted from the oldest. */
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
	ck_assert_ptr_nonnull(path);
	return path;
}

static void damage(const char *path)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, 70), 0);
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
	queue_delivered(queue, NULL);
	upload = next();
	ck_assert_uint_eq(upload->count, 2);
	ck_assert_ptr_nonnull(strstr(upload->body, "\"records\":[{\"record\":\"one\"},"
						   "{\"record\":\"two\"}]"));
	queue_delivered(queue, NULL);
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
	queue_delivered(queue, NULL);
	ck_assert_str_ne(next()->key, key);
	ck_assert_ptr_nonnull(strstr(next()->body, "two"));
	end();
}
END_TEST

START_TEST(a_crash_between_record_and_upload_file_resends_nothing)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	add(ECSP_SCHEDULED, "two");
	ck_assert_uint_eq(next()->count, 2);
	/* The cloud has answered; the power goes after the first record's file went. */
	AUTO_FREE char *gone = file_of("records", 0);
	ck_assert_int_eq(unlink(gone), 0);
	restart();
	ck_assert_uint_eq(queue_count(queue), 0);
	ck_assert_ptr_null(next());
	end();
}
END_TEST

START_TEST(a_half_written_record_is_as_if_it_never_was)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	AUTO_FREE char *half =
		alloc_printf("%s/records/.half-00000000000000000002.scheduled", state);
	ck_assert_int_eq(file_write(half, "abc", 3, NULL), 0);
	restart();
	ck_assert_uint_eq(queue_count(queue), 1);
	ck_assert_int_lt(access(half, F_OK), 0);
	end();
}
END_TEST

START_TEST(a_damaged_record_is_put_aside_and_the_rest_is_sent)
{
	struct error err = { 0 };

	begin(100);
	add(ECSP_SCHEDULED, "one");
	add(ECSP_SCHEDULED, "two");
	AUTO_FREE char *path = file_of("records", 0);
	damage(path);
	const struct queue_upload *upload = queue_next(queue, identity, &err);
	ck_assert_uint_eq(upload->count, 1);
	ck_assert_ptr_nonnull(strstr(upload->body, "two"));
	ck_assert_ptr_nonnull(strstr(err.text, "damaged"));
	AUTO_FREE char *kept = file_of("rejected", 0);
	ck_assert_int_eq(access(kept, F_OK), 0);
	end();
}
END_TEST

START_TEST(a_damaged_upload_file_loses_no_record)
{
	begin(100);
	add(ECSP_SCHEDULED, "one");
	ck_assert_ptr_nonnull(next());
	AUTO_FREE char *path = file_of("uploads", 0);
	damage(path);
	restart();
	ck_assert_ptr_nonnull(strstr(next()->body, "one"));
	end();
}
END_TEST

START_TEST(a_full_queue_drops_the_oldest_scheduled_record_and_counts_it)
{
	begin(3);
	add(ECSP_EVENT, "event");
	add(ECSP_SCHEDULED, "old");
	add(ECSP_SCHEDULED, "new");
	ck_assert_uint_eq(add(ECSP_SCHEDULED, "newest"), 1);
	ck_assert_uint_eq(queue_count(queue), 3);
	ck_assert_ptr_nonnull(strstr(next()->body, "event"));
	queue_delivered(queue, NULL);
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
	ck_assert_uint_eq(add(ECSP_SCHEDULED, "third"), 1);
	restart();
	ck_assert_str_eq(next()->body, body);
	queue_delivered(queue, NULL);
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
	AUTO_FREE char *kept = file_of("rejected", 0);
	ck_assert_int_eq(access(kept, F_OK), 0);
	end();
}
END_TEST

/* As a broken disk: the folder of records is away and comes back. */
static void swap_folder(const char *from, const char *to)
{
	AUTO_FREE char *old = file_join(state, from);
	AUTO_FREE char *new = file_join(state, to);

	ck_assert_int_eq(rename(old, new), 0);
}

static int try_add(const char *name)
{
	struct error err = { 0 };
	size_t dropped = 0;
	cJSON *record = cJSON_CreateObject();

	cJSON_AddStringToObject(record, "record", name);
	int status = queue_add(queue, ECSP_SCHEDULED, record, NULL, &dropped, &err);
	cJSON_Delete(record);
	return status;
}

START_TEST(what_the_disk_does_not_take_is_held_until_it_does)
{
	begin(100);
	swap_folder("records", "away");
	ck_assert_int_eq(try_add("one"), 0);
	ck_assert_uint_eq(queue_count(queue), 1);
	swap_folder("away", "records");
	ck_assert_int_eq(try_add("two"), 0);
	restart();
	ck_assert_ptr_nonnull(strstr(next()->body, "\"records\":[{\"record\":\"one\"},"
						   "{\"record\":\"two\"}]"));
	/* Not without bound. */
	swap_folder("records", "away");
	for (int i = 0; i < QUEUE_HELD_MAX; i++)
		ck_assert_int_eq(try_add("more"), 0);
	ck_assert_int_lt(try_add("too much"), 0);
	swap_folder("away", "records");
	end();
}
END_TEST

START_TEST(what_is_held_never_flies_with_files)
{
	begin(100);
	add(ECSP_SCHEDULED, "file");
	swap_folder("records", "away");
	ck_assert_int_eq(try_add("held"), 0);
	swap_folder("away", "records");
	/* It can be read again, and still not be written to. */
	AUTO_FREE char *half =
		alloc_printf("%s/records/.half-00000000000000000002.scheduled", state);
	ck_assert_int_eq(file_make_folders(half, NULL), 0);
	ck_assert_uint_eq(next()->count, 1);
	ck_assert_ptr_nonnull(strstr(next()->body, "file"));
	queue_delivered(queue, NULL);
	ck_assert_ptr_nonnull(strstr(next()->body, "held"));
	/* A crash loses what was in memory, and takes nothing for delivered. */
	ck_assert_int_eq(rmdir(half), 0);
	restart();
	ck_assert_uint_eq(queue_count(queue), 0);
	end();
}
END_TEST

START_TEST(a_record_that_cannot_be_read_now_is_sent_later)
{
	struct error err = { 0 };

	begin(100);
	add(ECSP_SCHEDULED, "one");
	swap_folder("records", "away");
	ck_assert_ptr_null(queue_next(queue, identity, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "cannot"));
	swap_folder("away", "records");
	ck_assert_ptr_nonnull(strstr(next()->body, "one"));
	end();
}
END_TEST

START_TEST(a_record_whose_file_stays_stops_the_next_upload)
{
	struct error err = { 0 };

	begin(100);
	add(ECSP_EVENT, "first");
	add(ECSP_SCHEDULED, "second");
	ck_assert_ptr_nonnull(strstr(next()->body, "first"));
	/* A folder cannot be unlinked. */
	AUTO_FREE char *path = file_of("records", 0);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(file_make_folders(path, NULL), 0);
	queue_delivered(queue, &err);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot remove"));
	ck_assert_ptr_null(next());
	ck_assert_uint_eq(queue_count(queue), 2);
	ck_assert_int_eq(rmdir(path), 0);
	ck_assert_ptr_nonnull(strstr(next()->body, "second"));
	ck_assert_uint_eq(queue_count(queue), 1);
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
	ck_assert(queue_split(queue, NULL));
	ck_assert_str_ne(next()->key, key);
	ck_assert_uint_eq(next()->count, 1);
	ck_assert_ptr_nonnull(strstr(next()->body, "one"));
	ck_assert(!queue_split(queue, NULL));
	queue_rejected(queue, NULL);
	ck_assert_ptr_nonnull(strstr(next()->body, "two"));
	queue_delivered(queue, NULL);
	ck_assert_ptr_nonnull(strstr(next()->body, "three"));
	queue_delivered(queue, NULL);
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
	queue_delivered(queue, NULL);
	ck_assert_uint_eq(next()->count, 6);
	end();
}
END_TEST

TEST_MAIN("agents.common.queue",
	  an_upload_holds_the_records_of_one_type_in_order_and_what_is_live_goes_first,
	  what_the_disk_does_not_take_is_held_until_it_does, what_is_held_never_flies_with_files,
	  a_record_that_cannot_be_read_now_is_sent_later,
	  a_record_whose_file_stays_stops_the_next_upload, a_refused_upload_of_many_goes_one_by_one,
	  what_was_dropped_is_counted_over_restarts_and_told,
	  a_resend_after_a_crash_is_the_same_to_the_byte,
	  a_crash_between_record_and_upload_file_resends_nothing,
	  a_half_written_record_is_as_if_it_never_was,
	  a_damaged_record_is_put_aside_and_the_rest_is_sent, a_damaged_upload_file_loses_no_record,
	  a_full_queue_drops_the_oldest_scheduled_record_and_counts_it,
	  what_is_under_way_is_never_dropped, a_refused_upload_is_kept_apart_and_not_sent_again,
	  an_upload_holds_no_more_than_64_records)
