#include "agents/common/backoff.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/loop.h"
#include "base/test.h"

/* What stands in the place of the C library's: somebody sets the calendar, between any two looks.
 */
static time_t wall_step;

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int status = (int)syscall(SYS_clock_gettime, clock, now);

	if (clock == CLOCK_REALTIME)
		now->tv_sec += wall_step;
	return status;
}

START_TEST(the_ceiling_doubles_up_to_the_maximum)
{
	static const int64_t ceilings[] = { 100, 200, 400, 800, 1000, 1000 };

	for (int round = 0; round < 200; round++) {
		struct backoff backoff;
		backoff_init(&backoff, 100, 1000);
		for (int i = 0; i < 6; i++) {
			int64_t wait = backoff_next(&backoff, 0);
			ck_assert_int_ge(wait, 0);
			ck_assert_int_le(wait, ceilings[i]);
		}
	}
}
END_TEST

START_TEST(the_wait_is_spread_over_the_whole_range)
{
	struct backoff backoff;
	int low = 0, high = 0;

	backoff_init(&backoff, 1000, 1000);
	for (int i = 0; i < 1000; i++) {
		int64_t wait = backoff_next(&backoff, 0);
		low += wait < 250;
		high += wait > 750;
	}
	ck_assert_int_gt(low, 150);
	ck_assert_int_gt(high, 150);
}
END_TEST

START_TEST(it_is_never_less_than_the_server_asked_for)
{
	struct backoff backoff;

	backoff_init(&backoff, 10, 20);
	for (int i = 0; i < 50; i++)
		ck_assert_int_ge(backoff_next(&backoff, 5000), 5000);
	ck_assert_int_eq(backoff_next(&backoff, INT64_MAX), 86400000);
}
END_TEST

START_TEST(success_starts_again_from_the_smallest)
{
	struct backoff backoff;

	backoff_init(&backoff, 10, 100000);
	for (int i = 0; i < 20; i++)
		backoff_next(&backoff, 0);
	backoff_reset(&backoff);
	ck_assert_int_le(backoff_next(&backoff, 0), 10);
}
END_TEST

START_TEST(two_agents_do_not_wait_alike)
{
	struct backoff a, b;
	int same = 0;

	backoff_init(&a, 100000, 100000);
	backoff_init(&b, 100000, 100000);
	for (int i = 0; i < 20; i++)
		same += backoff_next(&a, 0) == backoff_next(&b, 0);
	ck_assert_int_lt(same, 5);
}
END_TEST

START_TEST(longer_is_never_less_than_the_minimum_and_longest_than_half_the_maximum)
{
	struct backoff backoff;

	backoff_init(&backoff, 500, 100000);
	for (int i = 0; i < 50; i++) {
		backoff_reset(&backoff);
		int64_t longer = backoff_longer(&backoff);
		int64_t longest = backoff_longest(&backoff);
		ck_assert(longer >= 500 && longer <= 1000);
		ck_assert(longest >= 50000 && longest <= 100000);
	}
}
END_TEST

static void end_wait(void *arg)
{
	*(bool *)arg = true;
}

static bool is_over(void *arg)
{
	return *(bool *)arg;
}

START_TEST(a_wait_takes_its_time_whoever_sets_the_clock)
{
	static const time_t day = 86400, steps[] = { -400 * day, 400 * day };

	for (int i = 0; i < 2; i++) {
		bool over = false;
		struct backoff backoff;
		struct loop *loop = loop_new();
		struct timer *timer = timer_new(loop, end_wait, &over);
		const int64_t wall = loop_wall(loop);
		const uint64_t begun = loop_now(loop);
		backoff_init(&backoff, 1, 1);
		const int64_t wait = backoff_next(&backoff, 60);
		timer_in(timer, (uint64_t)wait);
		wall_step = steps[i];
		ck_assert(loop_run_until(loop, is_over, &over, 10000));
		ck_assert_int_ge((int64_t)(loop_now(loop) - begun) / 1000000, wait);
		/* The calendar did jump. */
		ck_assert_int_gt(llabs(loop_wall(loop) - wall) / 1000000000, 300 * day);
		wall_step = 0;
		timer_free(timer);
		loop_free(loop);
	}
}
END_TEST

TEST_MAIN("agents.common.backoff", a_wait_takes_its_time_whoever_sets_the_clock,
	  the_ceiling_doubles_up_to_the_maximum, the_wait_is_spread_over_the_whole_range,
	  it_is_never_less_than_the_server_asked_for, success_starts_again_from_the_smallest,
	  two_agents_do_not_wait_alike,
	  longer_is_never_less_than_the_minimum_and_longest_than_half_the_maximum)
