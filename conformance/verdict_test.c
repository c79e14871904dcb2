#include "conformance/verdict.h"

#include "base/test.h"

static const char *const names[] = { "error", "fail", "inconclusive",
				     "warn",  "pass", "not applicable" };

START_TEST(every_verdict_has_the_name_that_reports_use)
{
	for (int i = 0; i < VERDICT_COUNT; i++) {
		ck_assert_str_eq(verdict_name((enum verdict)i), names[i]);
		ck_assert_int_eq(verdict_parse(names[i]), i);
	}
	ck_assert_str_eq(verdict_name(VERDICT_COUNT), "not tested");
}
END_TEST

START_TEST(a_word_that_is_no_verdict_is_none)
{
	static const char *const words[] = { "", "Pass", "passed", "not tested", "n/a" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ck_assert_int_eq(verdict_parse(words[i]), VERDICT_COUNT);
}
END_TEST

START_TEST(a_verdict_only_ever_gets_worse)
{
	for (int a = 0; a <= VERDICT_COUNT; a++) {
		for (int b = 0; b <= VERDICT_COUNT; b++) {
			enum verdict worse = verdict_worse((enum verdict)a, (enum verdict)b);
			ck_assert_int_eq(worse, a < b ? a : b);
		}
	}
	ck_assert_int_eq(verdict_worse(VERDICT_PASS, VERDICT_NOT_APPLICABLE), VERDICT_PASS);
}
END_TEST

TEST_MAIN("conformance.verdict", every_verdict_has_the_name_that_reports_use,
	  a_word_that_is_no_verdict_is_none, a_verdict_only_ever_gets_worse)
