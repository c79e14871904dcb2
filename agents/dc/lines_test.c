#include "agents/dc/lines.h"

#include <string.h>

#include "base/test.h"

#define LINE(text) "\x02" text "\x03\r\n"

static bool parse(const char *text, struct st2 *st2)
{
	return lines_parse((const uint8_t *)text, strlen(text), st2);
}

START_TEST(a_recorded_printer_is_idle_with_three_inks_low)
{
	struct st2 st2;

	ck_assert(parse(LINE("^S(SMA,S,IL") LINE("^S(SEA,E,NE") LINE("WN,IC1,IM1,IY1")
				LINE("^S(CLM,P,ER") LINE("^S(IMF,V,TS20P2") LINE("MN,32")
					LINE("IQ,56,01,01,01") LINE("^S(IMP,S,XCW0000001")
						LINE("^S(SPA,P,F") LINE("^S(SEA,F,0000"),
			&st2));
	ck_assert_int_eq(st2.status, 4);
	ck_assert_int_eq(st2.error, -1);
	ck_assert_uint_eq(st2.warning_count, 3);
	ck_assert_uint_eq(st2.warnings[0], 0x11);
	ck_assert_uint_eq(st2.warnings[2], 0x13);
}
END_TEST

START_TEST(an_error_has_its_number)
{
	struct st2 st2;

	ck_assert(parse(LINE("^S(SMA,S,ER") LINE("^S(SEA,E,2E") LINE("WN,MB1"), &st2));
	ck_assert_int_eq(st2.status, 0);
	ck_assert_int_eq(st2.error, 0x2e);
	ck_assert_uint_eq(st2.warning_count, 1);
	ck_assert_uint_eq(st2.warnings[0], 0x20);
}
END_TEST

START_TEST(an_error_value_counts_only_in_the_error_status)
{
	struct st2 st2;

	ck_assert(parse(LINE("^S(SEA,E,04") LINE("^S(SMA,S,PR"), &st2));
	ck_assert_int_eq(st2.status, 3);
	ck_assert_int_eq(st2.error, -1);
}
END_TEST

START_TEST(what_is_not_known_is_busy_or_passed_over)
{
	struct st2 st2;

	ck_assert(parse(LINE("^S(SMA,S,XX") LINE("^S(SEA,E,G0") LINE("WN,IK0,,IZ1,IK1,IK") LINE("")
				LINE("HELLO"),
			&st2));
	ck_assert_int_eq(st2.status, 2);
	ck_assert_int_eq(st2.error, -1);
	ck_assert_uint_eq(st2.warning_count, 1);
	ck_assert_uint_eq(st2.warnings[0], 0x10);
}
END_TEST

START_TEST(warnings_without_end_stay_within_their_room)
{
	char text[1024] = "\x02^S(SMA,S,IL\x03\r\n\x02WN";
	struct st2 st2;

	for (int i = 0; i < 200; i++)
		strncat(text, ",IK1", sizeof(text) - strlen(text) - 1);
	strncat(text, "\x03\r\n", sizeof(text) - strlen(text) - 1);
	ck_assert(parse(text, &st2));
	ck_assert_uint_eq(st2.warning_count, ST2_WARNINGS_MAX);
}
END_TEST

START_TEST(lines_cut_anywhere_are_refused_or_lack_what_was_cut)
{
	static const char whole[] = LINE("^S(SMA,S,IL") LINE("WN,IC1");
	struct st2 st2;

	for (size_t size = 0; size < sizeof(whole) - 1; size++) {
		bool first_line = size == strlen(LINE("^S(SMA,S,IL"));
		ck_assert_msg(lines_parse((const uint8_t *)whole, size, &st2) == first_line,
			      "cut after %zu bytes", size);
	}
}
END_TEST

START_TEST(what_is_no_lines_is_refused)
{
	struct st2 st2;

	ck_assert(!parse("", &st2));
	ck_assert(!parse("@BDC ST2\r\n", &st2));
	ck_assert(!parse("^S(SMA,S,IL\x03\r\n", &st2));
	ck_assert(!parse(LINE("^S(SMA,S,IL") "rest", &st2));
	ck_assert(!parse(LINE("^S(SEA,E,NE"), &st2)); /* no status */
}
END_TEST

TEST_MAIN("agents.dc.lines", a_recorded_printer_is_idle_with_three_inks_low,
	  an_error_has_its_number, an_error_value_counts_only_in_the_error_status,
	  what_is_not_known_is_busy_or_passed_over, warnings_without_end_stay_within_their_room,
	  lines_cut_anywhere_are_refused_or_lack_what_was_cut, what_is_no_lines_is_refused)
