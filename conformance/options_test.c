#include "conformance/options.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

struct values {
	bool flag;
	const char *text;
	int64_t number;
	struct option_many many;
	int status, rest;
	bool help;
	char *argv[24];
	struct error err;
};

/* Parses words; the array ends with NULL. */
static void parse(struct values *values, const char *const *words)
{
	const struct option_row rows[] = {
		{ "flag", OPTION_FLAG, &values->flag, NULL, "a flag" },
		{ "text", OPTION_TEXT, &values->text, "TEXT", "a text" },
		{ "number", OPTION_NUMBER, &values->number, "N", "a number", -3, 10 },
		{ "many", OPTION_MANY, &values->many, "WORD", "may be given again" },
		{ NULL },
	};
	int argc = 1;
	*values = (struct values){ 0 };
	values->argv[0] = (char *)"program";
	for (; words[argc - 1]; argc++)
		values->argv[argc] = (char *)words[argc - 1];
	values->status =
		options_parse(rows, argc, values->argv, &values->rest, &values->help, &values->err);
}

#define PARSE(values, ...) parse(values, (const char *const[]){ __VA_ARGS__, NULL })

START_TEST(options_and_words_may_be_mixed)
{
	struct values v;
	PARSE(&v, "one", "--flag", "--text", "x", "two", "--number=-3", "--many", "a", "--many=b",
	      "three");
	ck_assert_msg(v.status == 0, "%s", v.err.text);
	ck_assert(v.flag && !v.help);
	ck_assert_str_eq(v.text, "x");
	ck_assert_int_eq(v.number, -3);
	ck_assert_int_eq(v.many.count, 2);
	ck_assert_str_eq(v.many.values[1], "b");
	ck_assert_int_eq(v.rest, 3);
	ck_assert_str_eq(v.argv[1], "one");
	ck_assert_str_eq(v.argv[3], "three");
}
END_TEST

START_TEST(a_lone_pair_of_dashes_ends_the_options)
{
	struct values v;
	PARSE(&v, "--flag", "--", "--text", "-x", "--help");
	ck_assert_int_eq(v.status, 0);
	ck_assert_int_eq(v.rest, 3);
	ck_assert_str_eq(v.argv[1], "--text");
	ck_assert(!v.help && !v.text);
}
END_TEST

START_TEST(help_is_seen_wherever_it_stands)
{
	struct values v;
	PARSE(&v, "one", "--help");
	ck_assert(v.status == 0 && v.help);
	PARSE(&v, "-h");
	ck_assert(v.status == 0 && v.help);
}
END_TEST

START_TEST(a_mistake_says_what_was_found_and_expected)
{
	static const struct {
		const char *words[3], *error;
	} rows[] = {
		{ { "--flagg" },
		  "found '--flagg', expected an option of this command: did you mean '--flag'?" },
		{ { "--zzzzzzzz" },
		  "found '--zzzzzzzz', expected an option of this command; see --help" },
		{ { "--flag=yes" }, "found '--flag=yes', expected --flag without a value" },
		{ { "--text" }, "found --text at the end, expected TEXT behind it" },
		{ { "--number", "11" }, "found --number '11', expected a number from -3 to 10" },
		{ { "--number", "1x" }, "found --number '1x', expected a number from -3 to 10" },
		{ { "--number=" }, "found --number '', expected a number from -3 to 10" },
		{ { "--number", "99999999999999999999" },
		  "found --number '99999999999999999999', expected a number from -3 to 10" },
		{ { "-x" }, "found '-x', expected an option such as --help" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct values v;
		parse(&v, rows[i].words);
		ck_assert_msg(v.status < 0, "%s", rows[i].error);
		ck_assert_str_eq(v.err.text, rows[i].error);
	}
}
END_TEST

START_TEST(an_option_that_may_be_given_again_has_a_limit)
{
	const char *words[20] = { NULL };
	struct values v;
	for (int i = 0; i < 16; i++)
		words[i] = "--many=a";
	parse(&v, words);
	ck_assert_int_eq(v.status, 0);
	words[16] = "--many=a";
	parse(&v, words);
	ck_assert_int_lt(v.status, 0);
}
END_TEST

START_TEST(a_single_dash_is_a_word)
{
	struct values v;
	PARSE(&v, "-");
	ck_assert_int_eq(v.status, 0);
	ck_assert_int_eq(v.rest, 1);
}
END_TEST

TEST_MAIN("conformance.options", options_and_words_may_be_mixed,
	  a_lone_pair_of_dashes_ends_the_options, help_is_seen_wherever_it_stands,
	  a_mistake_says_what_was_found_and_expected, an_option_that_may_be_given_again_has_a_limit,
	  a_single_dash_is_a_word)
