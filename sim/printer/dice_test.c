#include "sim/printer/dice.h"

#include "base/test.h"

enum { MANY = 20000 };

static const curve lengths = { 200, 300, 400, 500, 800, 900, 1000, 2000, 10000 };

START_TEST(a_distribution_passes_through_its_points)
{
	int below_median = 0, below_first = 0;

	for (uint64_t i = 0; i < MANY; i++) {
		struct dice dice = dice_for(7, 1, i);
		int64_t value = dice_curve(&dice, lengths);
		ck_assert_int_ge(value, 200);
		ck_assert_int_le(value, 10000);
		below_median += value < 800;
		below_first += value < 300;
	}
	ck_assert_int_lt(abs(below_median - MANY / 2), MANY / 50);
	ck_assert_int_lt(abs(below_first - MANY / 8), MANY / 50);
}
END_TEST

START_TEST(printers_seeds_and_purposes_have_throws_of_their_own)
{
	const uint64_t keys[] = { dice_key(1, "lobby-1"), dice_key(1, "lobby-2"),
				  dice_key(2, "lobby-1"), dice_key(1, "1-lobby") };
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_uint_ne(keys[i], keys[k]);
	struct dice a = dice_for(keys[0], 1, 1), b = dice_for(keys[0], 2, 1),
		    c = dice_for(keys[0], 1, 2), again = dice_for(keys[0], 1, 1);
	uint64_t thrown = dice_throw(&a);
	ck_assert_uint_ne(thrown, dice_throw(&b));
	ck_assert_uint_ne(thrown, dice_throw(&c));
	ck_assert_uint_eq(thrown, dice_throw(&again));
	ck_assert_uint_ne(thrown, dice_throw(&again));
}
END_TEST

START_TEST(a_chance_is_as_likely_as_it_says)
{
	int hits = 0;

	for (uint64_t i = 0; i < MANY; i++) {
		struct dice dice = dice_for(3, 9, i);
		hits += dice_chance(&dice, 100);
	}
	ck_assert_int_lt(abs(hits - MANY / 10), MANY / 100);
}
END_TEST

TEST_MAIN("sim.printer.dice", a_distribution_passes_through_its_points,
	  printers_seeds_and_purposes_have_throws_of_their_own, a_chance_is_as_likely_as_it_says)
