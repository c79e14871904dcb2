#include "base/loop.h"

#include <unistd.h>

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

static bool not_yet(void *arg)
{
	(void)arg;
	return false;
}

static void note(void *arg)
{
	*(bool *)arg = true;
}

static bool is_noted(void *arg)
{
	return *(bool *)arg;
}

struct again {
	struct timer *timer;
	unsigned count;
};

static void fire_again(void *arg)
{
	struct again *again = arg;
	again->count++;
	timer_in(again->timer, 0);
}

struct pair {
	struct watch *watches[2];
	int calls;
};

static void end_both(void *arg, unsigned events)
{
	struct pair *pair = arg;
	(void)events;
	pair->calls++;
	for (int i = 0; i < 2; i++)
		watch_free(pair->watches[i]);
}

START_TEST(a_timer_that_is_due_at_once_ends_a_wait_for_nothing_else)
{
	struct loop *loop = loop_new();
	bool noted = false;
	struct timer *timer = timer_new(loop, note, &noted);

	ck_assert(!loop_run_until(loop, not_yet, NULL, 0));
	timer_in(timer, 0);
	ck_assert(loop_run_until(loop, is_noted, &noted, UINT64_MAX));
	timer_free(timer);
	loop_free(loop);
}
END_TEST

START_TEST(a_timer_that_is_always_due_lets_the_others_fire)
{
	struct loop *loop = loop_new();
	bool noted = false;
	struct again again = { .count = 0 };
	struct timer *late = timer_new(loop, note, &noted);

	again.timer = timer_new(loop, fire_again, &again);
	timer_in(late, 1);
	timer_in(again.timer, 0);
	ck_assert(loop_run_until(loop, is_noted, &noted, 5000));
	ck_assert_uint_gt(again.count, 1);
	timer_free(again.timer);
	timer_free(late);
	loop_free(loop);
}
END_TEST

START_TEST(a_watch_that_another_ends_in_the_same_turn_is_silent)
{
	int ends[2][2];
	struct loop *loop = loop_new();
	struct pair pair = { .calls = 0 };

	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(pipe(ends[i]), 0);
		ck_assert_int_eq(write(ends[i][1], "x", 1), 1);
		pair.watches[i] = watch_new(loop, ends[i][0], LOOP_READ, end_both, &pair);
	}
	loop_turn(loop, true);
	loop_turn(loop, false);
	ck_assert_int_eq(pair.calls, 1);
	for (int i = 0; i < 4; i++)
		close(ends[i / 2][i % 2]);
	loop_free(loop);
}
END_TEST

START_TEST(a_paused_watch_does_not_even_hear_of_an_end)
{
	int ends[2];
	bool seen = false;
	struct loop *loop = loop_new();
	ck_assert_int_eq(pipe(ends), 0);
	struct watch *watch = watch_new(loop, ends[0], LOOP_READ, readable, &seen);
	watch_set(watch, 0);
	close(ends[1]);
	ck_assert(!loop_run_until(loop, is_set, &seen, 5));
	watch_set(watch, LOOP_READ);
	ck_assert(loop_run_until(loop, is_set, &seen, 5000));
	watch_free(watch);
	close(ends[0]);
	loop_free(loop);
}
END_TEST

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

static const int64_t START = 1767571200000000000; /* 2026-01-05T00:00:00Z */
static const uint64_t HOUR = 3600000000000;

/* A timer that sets itself again every hour, a given number of times. */
struct clockwork {
	struct loop *loop;
	struct timer *timer;
	int left;
	uint64_t last;
	const char *owner;
};

static void tick(void *arg)
{
	struct clockwork *clockwork = arg;
	clockwork->last = loop_now(clockwork->loop);
	if (--clockwork->left > 0)
		timer_in(clockwork->timer, 3600000);
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

START_TEST(a_virtual_day_passes_at_once)
{
	struct clockwork day = { .loop = loop_new_virtual(START), .left = 100 };
	day.timer = timer_new(day.loop, tick, &day);
	timer_in(day.timer, 3600000);
	ck_assert(!loop_run_until(day.loop, never, NULL, 86400000));
	ck_assert_int_eq(day.left, 100 - 24);
	ck_assert_uint_eq(day.last, 24 * HOUR);
	ck_assert_int_eq(loop_wall(day.loop), START + 24 * (int64_t)HOUR);
	timer_free(day.timer);
	loop_free(day.loop);
}
END_TEST

START_TEST(a_virtual_loop_ends_when_nothing_is_left_to_wait_for)
{
	struct clockwork day = { .loop = loop_new_virtual(START), .left = 3 };
	day.timer = timer_new(day.loop, tick, &day);
	timer_in(day.timer, 3600000);
	ck_assert(!loop_run_until(day.loop, never, NULL, UINT64_MAX));
	ck_assert_int_eq(day.left, 0);
	ck_assert_uint_eq(loop_now(day.loop), 3 * HOUR);
	timer_free(day.timer);
	loop_free(day.loop);
}
END_TEST

static bool is_over(void *arg)
{
	return ((struct clockwork *)arg)->left == 0;
}

START_TEST(a_virtual_loop_follows_a_real_one_at_its_own_pace)
{
	struct loop *real = loop_new();
	struct clockwork day = { .loop = loop_new_virtual(START), .left = 10 };
	uint64_t begun = loop_now(real);
	loop_follow(day.loop, real, 1000000);
	day.timer = timer_new(day.loop, tick, &day);
	timer_in(day.timer, 3600000);
	ck_assert(loop_run_until(real, is_over, &day, 20000));
	ck_assert_uint_ge((loop_now(real) - begun) * 1000000, 10 * HOUR);
	ck_assert_uint_ge(loop_now(day.loop), day.last);
	timer_free(day.timer);
	loop_free(day.loop);
	loop_free(real);
}
END_TEST

START_TEST(a_virtual_timer_can_be_stopped_and_freed_while_it_fires)
{
	struct loop *loop = loop_new_virtual(START);
	bool fired = false, other = false;
	struct timer *timer = timer_new(loop, set, &fired), *stopped = timer_new(loop, set, &other);
	timer_in(timer, 5);
	timer_in(stopped, 4);
	ck_assert(timer_active(stopped));
	timer_stop(stopped);
	ck_assert(!timer_active(stopped));
	ck_assert(loop_run_until(loop, is_set, &fired, 100));
	ck_assert_uint_eq(loop_now(loop), 5000000);
	ck_assert(!other);
	timer_free(timer);
	timer_free(stopped);
	loop_free(loop);
}
END_TEST

static void note_owner(void *arg)
{
	struct clockwork *work = arg;

	work->owner = *loop_owner(work->loop);
	timer_free(work->timer);
	work->timer = NULL;
	if (work->left-- == 0)
		return;
	work->timer = timer_new(work->loop, note_owner, work);
	timer_in(work->timer, 1);
}

static void belongs(struct loop *loop)
{
	struct clockwork one = { .loop = loop, .left = 3 }, other = one, nobody = one;
	bool over = false;

	loop_own(loop, "one");
	one.timer = timer_new(loop, note_owner, &one);
	loop_own(loop, "other");
	other.timer = timer_new(loop, note_owner, &other);
	loop_own(loop, NULL);
	nobody.timer = timer_new(loop, note_owner, &nobody);
	struct timer *end = timer_new(loop, set, &over);
	timer_in(one.timer, 1);
	timer_in(other.timer, 1);
	timer_in(nobody.timer, 1);
	timer_in(end, 50);
	ck_assert(loop_run_until(loop, is_set, &over, 10000));
	ck_assert_int_eq(one.left + other.left + nobody.left, -3);
	ck_assert_str_eq(one.owner, "one");
	ck_assert_str_eq(other.owner, "other");
	ck_assert_ptr_null(nobody.owner);
	ck_assert_ptr_null(*loop_owner(loop));
	timer_free(end);
	loop_free(loop);
}

START_TEST(what_a_call_back_makes_belongs_to_the_same_owner)
{
	belongs(loop_new());
	belongs(loop_new_virtual(START));
}
END_TEST

TEST_MAIN("base.loop", what_a_call_back_makes_belongs_to_the_same_owner, a_timer_never_fires_early,
	  waiting_ends_at_its_limit, a_timer_that_is_due_at_once_ends_a_wait_for_nothing_else,
	  a_timer_that_is_always_due_lets_the_others_fire,
	  a_watch_that_another_ends_in_the_same_turn_is_silent,
	  a_paused_watch_does_not_even_hear_of_an_end, a_closed_pipe_is_readable,
	  a_virtual_day_passes_at_once, a_virtual_loop_ends_when_nothing_is_left_to_wait_for,
	  a_virtual_loop_follows_a_real_one_at_its_own_pace,
	  a_virtual_timer_can_be_stopped_and_freed_while_it_fires)
