#include "agents/common/text.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

static void cleans(const char *bytes, size_t size, const char *expected)
{
	AUTO_FREE char *text = text_clean(bytes, size);

	ck_assert_str_eq(text, expected);
}

START_TEST(text_from_outside_becomes_valid_utf8)
{
	cleans("plain", 5, "plain");
	cleans("padded\0\0\0", 9, "padded");
	cleans("Gr\xc3\xbc\xc3\x9f", 6, "Gr\xc3\xbc\xc3\x9f");
	cleans("\x83\x76", 2, "\xef\xbf\xbdv");                            /* Shift-JIS */
	cleans("\xc0\x80", 2, "\xef\xbf\xbd\xef\xbf\xbd");                 /* overlong */
	cleans("\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* surrogate */
	cleans("a\x1b[31mb\n", 8, "a[31mb");
	cleans("", 0, "");
}
END_TEST

START_TEST(date_and_time_is_taken_to_utc)
{
	static const uint8_t utc[] = { 0x07, 0xea, 11, 22, 10, 15, 30, 0, '+', 0, 0 };
	static const uint8_t west[] = { 0x07, 0xea, 11, 22, 6, 15, 30, 0, '-', 4, 0 };
	static const uint8_t bad[] = { 0x07, 0xea, 13, 22, 6, 15, 30, 0, '-', 4, 0 };
	char text[TEXT_TIME_MAX];
	int64_t ns;

	ck_assert(text_date_and_time(utc, sizeof(utc), &ns));
	ck_assert_str_eq(text_seconds(ns, text), "2026-11-22T10:15:30Z");
	ck_assert(text_date_and_time(west, sizeof(west), &ns));
	ck_assert_str_eq(text_seconds(ns, text), "2026-11-22T10:15:30Z");
	ck_assert(text_date_and_time(utc, 8, &ns));
	ck_assert(!text_date_and_time(bad, sizeof(bad), &ns));
	ck_assert(!text_date_and_time(utc, 10, &ns));
}
END_TEST

START_TEST(no_two_uuids_are_alike)
{
	char a[TEXT_UUID_MAX], b[TEXT_UUID_MAX];

	ck_assert_str_ne(text_uuid(a), text_uuid(b));
	ck_assert_uint_eq(strlen(a), 36);
	ck_assert_int_eq(a[14], '4');
}
END_TEST

TEST_MAIN("agents.common.text", text_from_outside_becomes_valid_utf8, date_and_time_is_taken_to_utc,
	  no_two_uuids_are_alike)
