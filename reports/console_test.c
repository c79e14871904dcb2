#include "base/test.h"

#include "base/json.h"
#include "reports/columns.h"
#include "reports/console.h"
#include "reports/report.h"

enum { OUT_MAX = 1 << 20 };

static struct buf print(bool colour, unsigned width)
{
	struct error why;
	struct buf out;
	AUTO_JSON json_t *result =
		json_read_file("reports/golden/result.json", REPORT_RESULT_MAX, &why);
	ck_assert_msg(result, "%s", error_text(&why));
	buf_init(&out, OUT_MAX);
	report_console(result, &out, colour, width);
	ck_assert(!out.failed);
	return out;
}

START_TEST(no_line_is_wider_than_the_terminal)
{
	static const unsigned widths[] = { 40, 64, 80, 120, 200 };
	struct buf out = print(false, widths[_i]);
	char *rest = NULL;
	for (char *line = strtok_r((char *)out.data, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		ck_assert_msg(columns_of(line) <= widths[_i], "%s", line);
	buf_done(&out);
}
END_TEST

START_TEST(what_failed_is_told_with_its_reason_and_place)
{
	struct buf out = print(false, 0);
	const char *text = buf_text(&out);
	ck_assert_ptr_nonnull(strstr(text, "✗ fail            dc.designated"));
	ck_assert_ptr_nonnull(strstr(text,
				     "    COL-6     The agent sent 3 unicast SNMP requests to "
				     "10.16.0.13, which is not on its device list.\n"));
	ck_assert_ptr_nonnull(strstr(text, "    evidence  dc.designated/journal.jsonl line 34\n"));
	ck_assert_ptr_nonnull(strstr(text, "· not run"));
	ck_assert_ptr_nonnull(strstr(text, "\nError\n18 scenarios ran in 33.2 s: 11 passed, "));
	buf_done(&out);
}
END_TEST

START_TEST(no_control_sequence_of_an_agent_reaches_the_terminal)
{
	struct buf out = print(false, 80);
	ck_assert_ptr_null(strchr(buf_text(&out), '\033'));
	ck_assert_ptr_null(strchr(buf_text(&out), '\a'));
	ck_assert_ptr_null(strstr(buf_text(&out), "\u202e"));
	buf_done(&out);
}
END_TEST

START_TEST(colour_is_only_there_when_asked_for)
{
	struct buf out = print(true, 80);
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "\033[1;31m✗\033[0m"));
	buf_done(&out);
}
END_TEST

START_TEST(wide_and_combining_characters_are_counted_as_they_are_shown)
{
	struct buf out;
	buf_init(&out, OUT_MAX);
	ck_assert_uint_eq(columns_of("測色値"), 6);
	ck_assert_uint_eq(columns_of("e\u0301"), 1);
	columns_pad("測色値", 5, &out);
	ck_assert_str_eq(buf_text(&out), "測色…");
	buf_clear(&out);
	columns_wrap("one two three", 7, 2, &out);
	ck_assert_str_eq(buf_text(&out), "one two\n  three\n");
	buf_clear(&out);
	columns_clean("a\xff\ab\n", &out);
	ck_assert_str_eq(buf_text(&out), "a\ufffd\ufffdb ");
	buf_done(&out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reports.console");
	TCase *tcase = tcase_create("console");
	tcase_add_loop_test(tcase, no_line_is_wider_than_the_terminal, 0, 5);
	tcase_add_test(tcase, what_failed_is_told_with_its_reason_and_place);
	tcase_add_test(tcase, no_control_sequence_of_an_agent_reaches_the_terminal);
	tcase_add_test(tcase, colour_is_only_there_when_asked_for);
	tcase_add_test(tcase, wide_and_combining_characters_are_counted_as_they_are_shown);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
