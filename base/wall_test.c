#include "base/wall.h"

#include "base/test.h"

START_TEST(what_is_formatted_can_be_parsed_again)
{
	char text[WALL_TEXT_MAX];
	int64_t again;
	int64_t moment = 1795342530123000000;
	ck_assert_str_eq(wall_format(moment, text), "2026-11-22T10:15:30.123Z");
	ck_assert(wall_parse(text, &again));
	ck_assert_int_eq(again, moment);
}
END_TEST

START_TEST(offsets_are_taken_into_account)
{
	int64_t utc, local;
	ck_assert(wall_parse("2026-11-22T10:15:30Z", &utc));
	ck_assert(wall_parse("2026-11-22T12:45:30+02:30", &local));
	ck_assert_int_eq(utc, local);
}
END_TEST

START_TEST(anything_else_is_refused)
{
	static const char *const wrong[] = { "",
					     "2026-11-22",
					     "2026-11-22T10:15:30",
					     "2026-13-22T10:15:30Z",
					     "2026-11-22T10:15:30Zx",
					     "2026-11-22 10:15:30Z",
					     "x026-11-22T10:15:30Z",
					     "2026-11-22T10:15:30+2Z" };
	int64_t ns;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!wall_parse(wrong[i], &ns), "%s", wrong[i]);
}
END_TEST

START_TEST(times_before_1970_have_positive_parts)
{
	char text[WALL_TEXT_MAX];
	ck_assert_str_eq(wall_format(-1000000, text), "1969-12-31T23:59:59.999Z");
}
END_TEST

TEST_MAIN("base.wall", what_is_formatted_can_be_parsed_again, offsets_are_taken_into_account,
	  anything_else_is_refused, times_before_1970_have_positive_parts)
