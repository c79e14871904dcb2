#include "agents/common/verdict.h"

#include "base/test.h"

#define STORED "{\"upload\":\"k\",\"records\":2}"

START_TEST(only_an_answer_that_counts_the_records_means_stored)
{
	ck_assert_int_eq(verdict_of(201, STORED, 2), VERDICT_STORED);
	ck_assert_int_eq(verdict_of(200, STORED, 2), VERDICT_STORED);
	ck_assert_int_eq(verdict_of(201, STORED, 3), VERDICT_AGAIN);
	ck_assert_int_eq(verdict_of(200, "<html>Welcome</html>", 2), VERDICT_AGAIN);
	ck_assert_int_eq(verdict_of(204, "", 2), VERDICT_AGAIN);
}
END_TEST

START_TEST(what_may_pass_is_tried_again)
{
	static const int statuses[] = { 0, 301, 302, 408, 429, 500, 502, 503, 504, 599 };

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		ck_assert_int_eq(verdict_of(statuses[i], "", 1), VERDICT_AGAIN);
}
END_TEST

START_TEST(who_is_not_let_in_keeps_what_he_has)
{
	static const int statuses[] = { 401, 403, 409 };

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		ck_assert_int_eq(verdict_of(statuses[i], STORED, 2), VERDICT_LOGIN);
}
END_TEST

START_TEST(what_was_refused_is_never_tried_again)
{
	static const int statuses[] = { 400, 404, 405, 411, 413, 415, 422 };

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		ck_assert_int_eq(verdict_of(statuses[i], STORED, 2), VERDICT_NEVER);
}
END_TEST

TEST_MAIN("agents.common.verdict", only_an_answer_that_counts_the_records_means_stored,
	  what_may_pass_is_tried_again, who_is_not_let_in_keeps_what_he_has,
	  what_was_refused_is_never_tried_again)
