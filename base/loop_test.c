#include "base/loop.h"

#include "base/test.h"

static bool is_set(void *arg)
{
	return *(bool *)arg;
}

static void set(void *arg)
{
	*(bool *)arg = true;
}

START_TEST(a_timer_never_fires_early)
{
	struct loop *loop = loop_new();
	bool fired = false;
	struct timer *timer = timer_new(loop, set, &fired);
	uint64_t start = loop_now(loop);
	timer_in(timer, 5);
	ck_assert(loop_run_until(loop, is_set, &fired, 5000));
	ck_assert_uint_ge(loop_now(loop) - start, 5000000);
	timer_free(timer);
	loop_free(loop);
}
END_TEST

START_TEST(waiting_ends_at_its_limit)
{
	struct loop *loop = loop_new();
	bool never = false;
	ck_assert(!loop_run_until(loop, is_set, &never, 5));
	loop_free(loop);
}
END_TEST

static void readable(void *arg, unsigned events)
{
	*(bool *)arg = events & LOOP_READ;
}

START_TEST(a_closed_pipe_is_readable)
{
	int ends[2];
	bool seen = false;
	struct loop *loop = loop_new();
	ck_assert_int_eq(pipe(ends), 0);
	struct watch *watch = watch_new(loop, ends[0], LOOP_READ, readable, &seen);
	close(ends[1]);
	ck_assert(loop_run_until(loop, is_set, &seen, 5000));
	watch_free(watch);
	loop_turn(loop, false);
	close(ends[0]);
	loop_free(loop);
}
END_TEST

TEST_MAIN("base.loop", a_timer_never_fires_early, waiting_ends_at_its_limit,
	  a_closed_pipe_is_readable)
