#include "agents/common/retry_after.h"

#include "base/test.h"

#define NOW INT64_C(1795342530000000000) /* 2026-11-22T10:15:30Z */

START_TEST(seconds_are_counted_from_now)
{
	ck_assert_int_eq(retry_after_ms("120", NOW), 120000);
	ck_assert_int_eq(retry_after_ms("0\r\n", NOW), 0);
	ck_assert_int_eq(retry_after_ms("7 \r\n", NOW), 7000);
}
END_TEST

START_TEST(a_date_is_held_against_the_calendar)
{
	ck_assert_int_eq(retry_after_ms("Sun, 22 Nov 2026 10:16:00 GMT\r\n", NOW), 30000);
	ck_assert_int_eq(retry_after_ms("Sun, 22 Nov 2026 10:15:00 GMT", NOW), 0);
}
END_TEST

START_TEST(nobody_is_sent_away_for_longer_than_a_day)
{
	ck_assert_int_eq(retry_after_ms("999589992Nov27", NOW), RETRY_AFTER_MAX_MS);
	ck_assert_int_eq(retry_after_ms("86401", NOW), RETRY_AFTER_MAX_MS);
	ck_assert_int_eq(retry_after_ms("99999999999999999999999", NOW), RETRY_AFTER_MAX_MS);
	ck_assert_int_eq(retry_after_ms("Fri, 22 Nov 2999 10:15:00 GMT", NOW), RETRY_AFTER_MAX_MS);
}
END_TEST

START_TEST(what_cannot_be_read_says_nothing)
{
	ck_assert_int_eq(retry_after_ms("", NOW), 0);
	ck_assert_int_eq(retry_after_ms("soon", NOW), 0);
	ck_assert_int_eq(retry_after_ms("-5", NOW), 0);
	ck_assert_int_eq(retry_after_ms("-4999999999999999999", NOW), 0);
	ck_assert_int_eq(retry_after_ms("-99999999999999999999999", NOW), 0);
}
END_TEST

TEST_MAIN("agents.common.retry_after", seconds_are_counted_from_now,
	  a_date_is_held_against_the_calendar, nobody_is_sent_away_for_longer_than_a_day,
	  what_cannot_be_read_says_nothing)
