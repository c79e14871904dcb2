#include "base/lines.h"

#include <string.h>

#include "base/test.h"

enum { MOST = 8 };

static struct lines lines;

static void add(const char *text)
{
	ck_assert(lines_add(&lines, text, strlen(text)));
}

static void expect(const char *text)
{
	const char *line;
	size_t size;

	ck_assert_int_eq(lines_next(&lines, &line, &size), LINES_ONE);
	ck_assert_uint_eq(size, strlen(text));
	ck_assert_mem_eq(line, text, size);
}

static void expect_no(enum lines_next why)
{
	const char *line;
	size_t size;

	ck_assert_int_eq(lines_next(&lines, &line, &size), why);
}

START_TEST(lines_come_out_whole_however_they_came_in)
{
	lines_init(&lines, MOST);
	expect_no(LINES_NONE);
	add("on");
	expect_no(LINES_NONE);
	add("e\ntwo\n\nth");
	expect("one");
	expect("two");
	expect("");
	expect_no(LINES_NONE);
	add("ree\n");
	expect("three");
	expect_no(LINES_NONE);
	lines_done(&lines);
}
END_TEST

START_TEST(a_line_may_be_as_long_as_the_limit)
{
	lines_init(&lines, MOST);
	add("12345678");
	expect_no(LINES_NONE);
	add("\n");
	expect("12345678");
	lines_done(&lines);
}
END_TEST

START_TEST(a_longer_line_is_the_end_with_or_without_its_newline)
{
	static const char *const rows[] = { "123456789", "123456789\n", "12345678" };

	for (size_t i = 0; i < 3; i++) {
		lines_init(&lines, MOST);
		add("good\n");
		add(rows[i]);
		expect("good");
		if (i == 2) {
			expect_no(LINES_NONE);
			add("9\nnext\n");
		}
		expect_no(LINES_TOO_LONG);
		expect_no(LINES_TOO_LONG);
		lines_done(&lines);
	}
}
END_TEST

START_TEST(what_nobody_takes_does_not_grow_for_ever)
{
	static const char piece[LINES_PIECE_MAX] = "\n";

	lines_init(&lines, MOST);
	ck_assert(lines_add(&lines, piece, sizeof(piece)));
	ck_assert(!lines_add(&lines, piece, sizeof(piece)));
	lines_done(&lines);
}
END_TEST

TEST_MAIN("base.lines", lines_come_out_whole_however_they_came_in,
	  a_line_may_be_as_long_as_the_limit, a_longer_line_is_the_end_with_or_without_its_newline,
	  what_nobody_takes_does_not_grow_for_ever)
