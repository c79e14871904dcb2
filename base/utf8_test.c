#include "base/utf8.h"

#include "base/cleanup.h"
#include "base/test.h"

START_TEST(a_valid_sequence_has_its_length_and_any_other_none)
{
	static const struct {
		const char *bytes;
		size_t size, length;
	} rows[] = {
		{ "a", 1, 1 },
		{ "\0", 1, 1 },
		{ "\x7f", 1, 1 },
		{ "\xc3\xa5x", 3, 2 },
		{ "\xe2\x82\xac", 3, 3 },
		{ "\xf0\x9f\x96\xa8", 4, 4 },
		{ "\xf4\x8f\xbf\xbf", 4, 4 },
		{ "\x80", 1, 0 },             /* continues nothing */
		{ "\xc3", 1, 0 },             /* cut off */
		{ "\xc3(", 2, 0 },            /* not continued */
		{ "\xc0\xaf", 2, 0 },         /* longer than need be */
		{ "\xe0\x80\xaf", 3, 0 },     /* likewise */
		{ "\xed\xa0\x80", 3, 0 },     /* a surrogate */
		{ "\xf4\x90\x80\x80", 4, 0 }, /* above U+10FFFF */
		{ "\xff", 1, 0 },
		{ "\xcd\xcd", 2, 0 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ck_assert_msg(utf8_length((const uint8_t *)rows[i].bytes, rows[i].size) ==
				      rows[i].length,
			      "row %zu", i);
}
END_TEST

TEST_MAIN("base.utf8", a_valid_sequence_has_its_length_and_any_other_none)
