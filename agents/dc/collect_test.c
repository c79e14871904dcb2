#include "agents/dc/collect.h"

#include <errno.h>

#include "agents/dc/snmp_fake.h"
#include "agents/dc/table.h"
#include "base/test.h"

static const uint8_t idle[] = { '@',  'B',  'D', 'C', ' ',  'S', 'T', '2',
				'\r', '\n', 3,   0,   0x01, 1,   0x04 };
static const uint8_t printing[] = { '@',  'B',  'D', 'C', ' ',  'S', 'T', '2',
				    '\r', '\n', 3,   0,   0x01, 1,   0x03 };

static const struct snmp_oid model = OID(OID_EPSON, 1, 1, 1, 2, 1);
static const struct snmp_oid cleaning = OID(OID_EXTENSION, 3, 2, 1, 1);
static const struct snmp_oid cleaning_time = OID(OID_EXTENSION, 3, 2, 1, 2);
static const struct snmp_oid cleaning_kind = OID(OID_EXTENSION, 3, 2, 1, 3);

static struct loop *loop;
static struct collected last;
static int ended;

static void on_done(void *arg, struct collected *collected)
{
	(void)arg;
	last = *collected;
	ended++;
}

static bool has_ended(void *arg)
{
	(void)arg;
	return ended > 0;
}

static void collect(fake_answer *printer, bool only_look)
{
	const struct snmp_options options = { .address = 0x0a10000a, .version = 2 };
	struct snmp_options own = options;

	loop = loop_new_virtual(0);
	own.loop = loop;
	fake_printer = printer;
	fake_asked = 0;
	ended = 0;
	last = (struct collected){ 0 };
	collect_start(&own, only_look, on_done, NULL);
	ck_assert_int_eq(ended, 0);
	ck_assert(loop_run_until(loop, has_ended, NULL, 60000));
	loop_free(loop);
}

static const cJSON *member(const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(last.record, name);
}

static void set_bytes(struct snmp_value *value, const void *data, size_t size)
{
	value->kind = SNMP_BYTES;
	value->data = data;
	value->size = size;
}

/* A printer with a status and a model, and nothing else. */
static void tell(struct snmp_value *value, const struct snmp_oid *oid)
{
	*value = (struct snmp_value){ .oid = *oid };
	if (snmp_oid_equal(oid, &status_column.oid))
		set_bytes(value, idle, sizeof(idle));
	else if (snmp_oid_equal(oid, &model))
		set_bytes(value, "SC-T24", 6);
}

static int plain(const struct fake_question *question, struct snmp_value *values, size_t *count)
{
	*count = question->count;
	for (size_t i = 0; i < question->count; i++)
		tell(&values[i], &question->oids[i]);
	return 0;
}

START_TEST(what_a_printer_has_is_in_the_record_and_nothing_else)
{
	collect(plain, false);
	ck_assert_int_eq(last.status, 0);
	ck_assert_str_eq(member("model")->valuestring, "SC-T24");
	ck_assert_ptr_nonnull(member("acquired"));
	ck_assert_ptr_nonnull(member("status"));
	ck_assert_ptr_null(member("serial"));
	ck_assert_ptr_null(member("cleanings"));
	ck_assert(!last.self_diagnosis);
	cJSON_Delete(last.record);
}
END_TEST

START_TEST(a_look_asks_for_the_status_alone)
{
	collect(plain, true);
	ck_assert_int_eq(last.status, 0);
	ck_assert_int_eq(last.st2.status, 4);
	ck_assert_ptr_null(last.record);
	ck_assert_uint_eq(fake_asked, 1);
}
END_TEST

static int silent(const struct fake_question *question, struct snmp_value *values, size_t *count)
{
	(void)question;
	(void)values;
	(void)count;
	return -ETIMEDOUT;
}

START_TEST(a_printer_that_never_answers_is_not_asked_again_and_again)
{
	collect(silent, false);
	ck_assert_int_eq(last.status, -ETIMEDOUT);
	ck_assert_ptr_null(last.record);
	ck_assert_uint_le(fake_asked, 4);
}
END_TEST

static int lossy(const struct fake_question *question, struct snmp_value *values, size_t *count)
{
	return fake_asked >= 2 && fake_asked <= 4 ? -ETIMEDOUT : plain(question, values, count);
}

START_TEST(what_is_lost_on_the_way_is_asked_for_again)
{
	collect(lossy, false);
	ck_assert_int_eq(last.status, 0);
	ck_assert_str_eq(member("model")->valuestring, "SC-T24");
	cJSON_Delete(last.record);
}
END_TEST

static int narrow(const struct fake_question *question, struct snmp_value *values, size_t *count)
{
	return question->count > 1 ? -EMSGSIZE : plain(question, values, count);
}

START_TEST(who_cannot_answer_so_much_at_once_is_asked_for_less)
{
	collect(narrow, false);
	ck_assert_int_eq(last.status, 0);
	ck_assert_str_eq(member("model")->valuestring, "SC-T24");
	cJSON_Delete(last.record);
}
END_TEST

static int mute(const struct fake_question *question, struct snmp_value *values, size_t *count)
{
	plain(question, values, count);
	for (size_t i = 0; i < *count; i++)
		values[i].kind = SNMP_NOTHING;
	return 0;
}

START_TEST(without_a_status_there_is_no_record)
{
	collect(mute, false);
	ck_assert_int_eq(last.status, -EBADMSG);
	ck_assert_ptr_null(last.record);
}
END_TEST

static int restless(const struct fake_question *question, struct snmp_value *values, size_t *count)
{
	plain(question, values, count);
	for (size_t i = 0; i < *count; i++)
		if (snmp_oid_equal(&values[i].oid, &status_column.oid) && fake_asked % 2)
			set_bytes(&values[i], printing, sizeof(printing));
	return 0;
}

START_TEST(a_status_that_never_rests_ends_the_collection_all_the_same)
{
	collect(restless, false);
	ck_assert_int_eq(last.status, 0);
	ck_assert_ptr_nonnull(last.record);
	cJSON_Delete(last.record);
}
END_TEST

/* ---- tables: one of cleanings, whose rows a test numbers ---- */

static uint32_t (*number_of)(uint32_t place);
static bool has_kinds;

static void tell_cell(struct snmp_value *value, const struct snmp_oid *oid)
{
	tell(value, oid);
	if (snmp_oid_below(oid, &cleaning_time))
		set_bytes(value, "2026-11-22T10:15:30Z", 20);
	else if (snmp_oid_below(oid, &cleaning_kind) && has_kinds)
		set_bytes(value, "normal", 6);
}

static int with_table(const struct fake_question *question, struct snmp_value *values,
		      size_t *count)
{
	const struct snmp_oid *after = &question->oids[0];

	*count = question->count;
	for (size_t i = 0; i < question->count; i++)
		tell_cell(&values[i], &question->oids[i]);
	if (question->count ||
	    (!snmp_oid_equal(after, &cleaning) && !snmp_oid_below(after, &cleaning)))
		return 0;
	static uint32_t place;
	if (snmp_oid_equal(after, &cleaning))
		place = 0;
	for (int i = 0; i < question->most; i++) {
		uint32_t number = number_of(++place);
		values[i] = (struct snmp_value){ .oid = number ? cleaning : cleaning_time,
						 .kind = SNMP_NUMBER,
						 .number = number };
		snmp_oid_add(&values[i].oid, number ? number : 1);
	}
	*count = (size_t)question->most;
	return 0;
}

static int rows(uint32_t (*numbers)(uint32_t place), bool kinds)
{
	number_of = numbers;
	has_kinds = kinds;
	collect(with_table, false);
	ck_assert_int_eq(last.status, 0);
	const cJSON *list = member("cleanings");
	int found = list ? cJSON_GetArraySize(list) : -1;
	cJSON_Delete(last.record);
	return found;
}

static uint32_t three(uint32_t place)
{
	return place <= 3 ? place * 10 : 0;
}

static uint32_t endless(uint32_t place)
{
	return place;
}

static uint32_t falling(uint32_t place)
{
	return place <= 9 ? 10 - place : 0;
}

static uint32_t the_same(uint32_t place)
{
	(void)place;
	return 7;
}

static uint32_t again_behind_the_end(uint32_t place)
{
	return place == 2 ? 0 : place;
}

START_TEST(rows_come_until_the_table_ends)
{
	ck_assert_int_eq(rows(three, true), 3);
}
END_TEST

START_TEST(a_row_that_lacks_a_column_is_left_out)
{
	ck_assert_int_eq(rows(three, false), -1);
}
END_TEST

START_TEST(a_table_without_an_end_is_read_for_so_many_rows)
{
	ck_assert_int_eq(rows(endless, true), TABLE_ROWS_MAX);
}
END_TEST

START_TEST(rows_in_a_wrong_order_make_the_table_unknown)
{
	ck_assert_int_eq(rows(falling, true), -1);
	ck_assert_int_eq(rows(the_same, true), -1);
	ck_assert_int_eq(rows(again_behind_the_end, true), -1);
}
END_TEST

START_TEST(a_collection_that_was_cancelled_says_nothing)
{
	loop = loop_new_virtual(0);
	const struct snmp_options options = { .loop = loop, .version = 2 };

	fake_printer = plain;
	ended = 0;
	struct collection *collection = collect_start(&options, false, on_done, NULL);
	collect_cancel(collection);
	ck_assert(!loop_run_until(loop, has_ended, NULL, 1000));
	loop_free(loop);
}
END_TEST

TEST_MAIN("agents.dc.collect", what_a_printer_has_is_in_the_record_and_nothing_else,
	  a_look_asks_for_the_status_alone,
	  a_printer_that_never_answers_is_not_asked_again_and_again,
	  what_is_lost_on_the_way_is_asked_for_again,
	  who_cannot_answer_so_much_at_once_is_asked_for_less, without_a_status_there_is_no_record,
	  a_status_that_never_rests_ends_the_collection_all_the_same,
	  rows_come_until_the_table_ends, a_row_that_lacks_a_column_is_left_out,
	  a_table_without_an_end_is_read_for_so_many_rows,
	  rows_in_a_wrong_order_make_the_table_unknown,
	  a_collection_that_was_cancelled_says_nothing)
