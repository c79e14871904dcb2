#include "base/test.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "reports/report.h"

static struct error why;

static json_t *golden_result(void)
{
	json_t *result = json_read_file("reports/golden/result.json", REPORT_RESULT_MAX, &why);
	ck_assert_msg(result, "%s", error_text(&why));
	return result;
}

/* The member at the end of pointer becomes value (stolen); NULL takes it away. */
static void change(json_t *result, const char *pointer, json_t *value)
{
	AUTO_FREE char *above = alloc_text(pointer);
	char *last = strrchr(above, '/');
	*last++ = 0;
	json_t *parent = json_at(result, above);
	if (json_is_array(parent))
		value ? json_array_set_new(parent, (size_t)atoi(last), value)
		      : json_array_remove(parent, (size_t)atoi(last));
	else
		value ? json_object_set_new(parent, last, value) : json_object_del(parent, last);
}

/* Each slip and the sentence it earns. */
static const struct slip {
	const char *pointer;
	const char *value; /* JSON; NULL: taken away */
	const char *sentence;
} slips[] = {
	{ "/format", "\"ecsp-result/2\"", "/format: found \"ecsp-result/2\", expected" },
	{ "/run", NULL, "/run: found nothing, expected an object" },
	{ "/run/started", "\"2026-11-22 16:05:09\"", "/run/started: found" },
	{ "/run/seconds", "-1", "/run/seconds: found -1, expected a number from 0" },
	{ "/run/versions/libuv", "[1]", "/run/versions/libuv: found a list, expected a text" },
	{ "/run/cases", "17", "/run/cases: found 17, expected 18 as the rows say" },
	{ "/summary/fail", "0", "/summary/fail: found 0, expected 3 as the rows say" },
	{ "/summary/not run", "0", "/summary/not run: found 0, expected 2 as the rows say" },
	{ "/scenarios/1/verdict", "\"ok\"", "/scenarios/1/verdict: found \"ok\", expected error" },
	{ "/scenarios/1/verdict", "\"pass\"", "/summary/fail: found 3, expected 2" },
	{ "/scenarios/1/id", "\"dc.items\"", "/scenarios/1/id: found \"dc.items\" a second time" },
	{ "/scenarios/0/id", "\"\"", "/scenarios/0/id: found \"\"" },
	{ "/scenarios/0/folder", "\"../up\"", "/scenarios/0/folder: found \"../up\"" },
	{ "/scenarios/0/folder", "\"a//b\"", "/scenarios/0/folder: found \"a//b\"" },
	{ "/scenarios/0/folder", "\"a/../b\"", "/scenarios/0/folder: found \"a/../b\"" },
	{ "/scenarios/0/findings/0/evidence/0/file", "\"javascript:alert(1)\"",
	  "/scenarios/0/findings/0/evidence/0/file: found \"javascript:alert(1)\"" },
	{ "/scenarios/0/findings/0/evidence/0/line", "\"12\"",
	  "/scenarios/0/findings/0/evidence/0/line: found \"12\", expected an integer" },
	{ "/scenarios/0/timeline/lanes/0/marks/0/kind", "\"party\"",
	  "/scenarios/0/timeline/lanes/0/marks/0/kind: found \"party\"" },
	{ "/items/0", NULL, "/items: found 43 rows, expected all 44 data items" },
	{ "/items/3/cells/1/agent", "\"dc\"",
	  "/items/3/cells/1/agent: found \"dc\" a second time" },
	{ "/requirements/0", NULL, "/requirements: found 43 rows, expected all 44 clauses" },
	{ "/requirements/0/why", NULL, "/requirements/0/why: found nothing, expected why" },
};

START_TEST(each_slip_is_named_by_its_pointer)
{
	const struct slip *slip = &slips[_i];
	AUTO_JSON json_t *result = golden_result();
	change(result, slip->pointer,
	       slip->value ? json_loads(slip->value, JSON_DECODE_ANY, NULL) : NULL);
	ck_assert_int_eq(report_check(result, &why), -EINVAL);
	ck_assert_msg(!strncmp(error_text(&why), slip->sentence, strlen(slip->sentence)), "%s",
		      error_text(&why));
}
END_TEST

START_TEST(the_golden_result_is_accepted)
{
	AUTO_JSON json_t *result = golden_result();
	ck_assert_msg(!report_check(result, &why), "%s", error_text(&why));
}
END_TEST

START_TEST(what_a_newer_writer_adds_is_passed_over)
{
	AUTO_JSON json_t *result = golden_result();
	change(result, "/scenarios/0/mood", json_string("sunny"));
	ck_assert_int_eq(report_check(result, &why), 0);
}
END_TEST

START_TEST(what_is_no_object_is_refused)
{
	AUTO_JSON json_t *list = json_array();
	ck_assert_int_eq(report_check(list, &why), -EINVAL);
	ck_assert_str_eq(error_text(&why), "result: found a list, expected an object");
	ck_assert_int_eq(report_check(NULL, &why), -EINVAL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reports.check");
	TCase *tcase = tcase_create("check");
	tcase_add_loop_test(tcase, each_slip_is_named_by_its_pointer, 0, (int)COUNT_OF(slips));
	tcase_add_test(tcase, the_golden_result_is_accepted);
	tcase_add_test(tcase, what_a_newer_writer_adds_is_passed_over);
	tcase_add_test(tcase, what_is_no_object_is_refused);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
