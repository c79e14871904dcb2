#include "conformance/chance.h"

#include <math.h>

#include "base/digest.h"
#include "base/test.h"

static void is_about(double found, double expected)
{
	ck_assert_msg(fabs(found - expected) <= expected * 1e-6, "%g is not %g", found, expected);
}

START_TEST(tails_are_those_of_the_tables)
{
	is_about(chance_binomial(10, 0.5, 0), 1);
	is_about(chance_binomial(10, 0.5, 10), 1.0 / 1024);
	is_about(chance_binomial(10, 0.5, 5), 638.0 / 1024);
	is_about(chance_binomial(4, 0.25, 2), 67.0 / 256);
	ck_assert(chance_binomial(4, 0.25, 5) <= 0);
	ck_assert(chance_binomial(4, 0, 1) <= 0);
	is_about(chance_binomial(4, 1, 4), 1);
}
END_TEST

START_TEST(a_crowd_is_more_than_chance_brings_together)
{
	/* 40 * P(Bin(39, 0.2) >= 23) is 1.4e-7, with 22 it is 7e-7, with 21 3e-6. */
	size_t crowd = chance_crowd(40, 0.2, 1e-6);

	ck_assert(40 * chance_binomial(39, 0.2, crowd - 1) < 1e-6);
	ck_assert(40 * chance_binomial(39, 0.2, crowd - 2) >= 1e-6);
	ck_assert_uint_lt(crowd, 30);
	ck_assert_uint_gt(crowd, 16);
}
END_TEST

START_TEST(few_are_never_a_crowd)
{
	ck_assert_uint_gt(chance_crowd(3, 0.2, 1e-6), 3);
	ck_assert_uint_gt(chance_crowd(1, 0.2, 1e-6), 1);
}
END_TEST

START_TEST(the_densest_window_is_found)
{
	static const int64_t at[] = { 0, 10, 11, 12, 13, 40, 41 };
	size_t first = 99;

	ck_assert_uint_eq(chance_densest(at, 7, 3, &first), 4);
	ck_assert_uint_eq(first, 1);
	ck_assert_uint_eq(chance_densest(at, 7, 100, &first), 7);
	ck_assert_uint_eq(chance_densest(at, 7, 0, &first), 1);
	ck_assert_uint_eq(chance_densest(at, 0, 5, &first), 0);
}
END_TEST

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* What the bound promises, tried: 2,000 crowds of 40 that wait at random, none is taken for one
 * that does not. */
START_TEST(moments_at_random_are_no_crowd)
{
	uint64_t random = 1;

	for (int round = 0; round < 2000; round++) {
		int64_t at[40];
		size_t first;
		for (size_t i = 0; i < 40; i++) {
			random = mix64(random);
			at[i] = (int64_t)(random % 2000);
		}
		qsort(at, 40, sizeof(at[0]), compare);
		ck_assert_uint_lt(chance_densest(at, 40, 200, &first), chance_crowd(40, 0.2, 1e-6));
	}
}
END_TEST

TEST_MAIN("conformance.chance", tails_are_those_of_the_tables,
	  a_crowd_is_more_than_chance_brings_together, few_are_never_a_crowd,
	  the_densest_window_is_found, moments_at_random_are_no_crowd)
