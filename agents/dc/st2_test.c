#include "agents/dc/st2.h"

#include "base/test.h"

#define HEAD '@', 'B', 'D', 'C', ' ', 'S', 'T', '2', '\r', '\n'

START_TEST(status_error_and_warnings_are_read)
{
	static const uint8_t block[] = {
		HEAD, 11, 0, 0x01, 1, 0x00, 0x02, 1, 0x04, 0x04, 2, 0x16, 0x14,
	};
	struct st2 st2;

	/* The length says one byte more than there is. */
	ck_assert(!st2_parse(block, sizeof(block), &st2));
	uint8_t good[sizeof(block)];
	for (size_t i = 0; i < sizeof(block); i++)
		good[i] = block[i];
	good[10] = 10;
	ck_assert(st2_parse(good, sizeof(good), &st2));
	ck_assert_int_eq(st2.status, 0);
	ck_assert_int_eq(st2.error, 4);
	ck_assert_uint_eq(st2.warning_count, 2);
	ck_assert_uint_eq(st2.warnings[0], 0x16);
}
END_TEST

START_TEST(unknown_fields_and_their_order_do_not_matter)
{
	static const uint8_t block[] = { HEAD, 9, 0, 0x28, 4, 8, 0, 0, 0, 0x01, 1, 0x04 };
	struct st2 st2;

	ck_assert(st2_parse(block, sizeof(block), &st2));
	ck_assert_int_eq(st2.status, 4);
	ck_assert_int_eq(st2.error, -1);
	ck_assert_uint_eq(st2.warning_count, 0);
}
END_TEST

START_TEST(an_error_value_counts_only_in_the_error_status)
{
	static const uint8_t block[] = { HEAD, 6, 0, 0x01, 1, 0x04, 0x02, 1, 0x04 };
	struct st2 st2;

	ck_assert(st2_parse(block, sizeof(block), &st2));
	ck_assert_int_eq(st2.error, -1);
}
END_TEST

START_TEST(a_block_cut_anywhere_is_refused)
{
	static const uint8_t block[] = { HEAD, 9, 0, 0x28, 4, 8, 0, 0, 0, 0x01, 1, 0x04 };
	struct st2 st2;

	for (size_t size = 0; size < sizeof(block); size++)
		ck_assert(!st2_parse(block, size, &st2));
}
END_TEST

START_TEST(a_field_longer_than_the_block_is_refused)
{
	static const uint8_t block[] = { HEAD, 3, 0, 0x01, 200, 0x04 };
	static const uint8_t none[] = { HEAD, 0, 0 };
	struct st2 st2;

	ck_assert(!st2_parse(block, sizeof(block), &st2));
	ck_assert(!st2_parse(none, sizeof(none), &st2));
}
END_TEST

START_TEST(a_change_of_status_error_or_warnings_is_a_change)
{
	struct st2 a = { .status = 4, .error = -1, .warnings = { 0x10 }, .warning_count = 1 };
	struct st2 b = a;

	ck_assert(st2_equal(&a, &b));
	b.status = 3;
	ck_assert(!st2_equal(&a, &b));
	b = a;
	b.warnings[0] = 0x11;
	ck_assert(!st2_equal(&a, &b));
	b = a;
	b.warning_count = 0;
	ck_assert(!st2_equal(&a, &b));
}
END_TEST

TEST_MAIN("agents.dc.st2", status_error_and_warnings_are_read,
	  unknown_fields_and_their_order_do_not_matter,
	  an_error_value_counts_only_in_the_error_status, a_block_cut_anywhere_is_refused,
	  a_field_longer_than_the_block_is_refused,
	  a_change_of_status_error_or_warnings_is_a_change)
