#include "base/loop.h"

#include <assert.h>
#include <stddef.h>
#include <time.h>
#include <uv.h>

#include "base/agenda.h"
#include "base/buf.h"
#include "base/wall.h"

/* What a virtual loop has instead of a clock. */
struct made_up {
	struct agenda agenda;
	int64_t wall;      /* calendar minus now */
	bool turning;      /* a timer is firing: now is its moment */
	struct loop *real; /* followed; NULL: time jumps */
	struct timer *alarm;
	double scale;
	uint64_t from, real_from; /* where following began, in both times */
};

struct loop {
	uv_loop_t uv;
	uint64_t now;
	const char *owner;       /* of the call back that runs */
	struct made_up *made_up; /* NULL: a real one */
};

struct watch {
	uv_poll_t uv;
	struct loop *loop;
	const char *owner;
	void (*ready)(void *arg, unsigned events);
	void *arg;
};

struct timer {
	uv_timer_t uv;
	struct agenda_item item; /* of a virtual loop */
	struct loop *loop;
	const char *owner;
	uint64_t at;
	void (*fire)(void *arg);
	void *arg;
};

/* A libuv call that can only fail through a bug of ours. */
static void must(int status, const char *what)
{
	if (status < 0) {
		fprintf(stderr, "loop: %s: %s\n", what, uv_strerror(status));
		abort();
	}
}

struct loop *loop_new(void)
{
	struct loop *loop = alloc_zero(1, sizeof(*loop));
	must(uv_loop_init(&loop->uv), "init");
	loop_update(loop);
	return loop;
}

struct loop *loop_new_virtual(int64_t wall_ns)
{
	struct loop *loop = alloc_zero(1, sizeof(*loop));
	loop->made_up = alloc_zero(1, sizeof(*loop->made_up));
	loop->made_up->wall = wall_ns;
	return loop;
}

static void made_up_free(struct made_up *made_up)
{
	assert(!agenda_first(&made_up->agenda));
	timer_free(made_up->alarm);
	agenda_done(&made_up->agenda);
	free(made_up);
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	if (loop->made_up) {
		made_up_free(loop->made_up);
		free(loop);
		return;
	}
	/* Closed handles are freed by their close callbacks, in one more turn. */
	uv_run(&loop->uv, UV_RUN_NOWAIT);
	must(uv_loop_close(&loop->uv), "close: a watch or timer is still open");
	free(loop);
}

static void follow(struct loop *loop)
{
	const struct made_up *made_up = loop->made_up;

	if (!made_up->real || made_up->turning)
		return;
	uint64_t passed = made_up->real->now - made_up->real_from;
	uint64_t now = made_up->from + (uint64_t)((double)passed * made_up->scale);
	if (now > loop->now)
		loop->now = now;
}

void loop_update(struct loop *loop)
{
	struct timespec now;

	if (loop->made_up) {
		follow(loop);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	loop->now = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t loop_now(struct loop *loop)
{
	if (loop->made_up)
		follow(loop);
	return loop->now;
}

int64_t loop_wall(struct loop *loop)
{
	return loop->made_up ? loop->made_up->wall + (int64_t)loop_now(loop) : wall_now();
}

/* Fires what is due until then, each at its own moment. */
static void advance(struct loop *loop, uint64_t until)
{
	struct made_up *made_up = loop->made_up;
	struct agenda_item *item;

	made_up->turning = true;
	while ((item = agenda_first(&made_up->agenda)) && item->at <= until) {
		struct timer *timer = (struct timer *)((char *)item - offsetof(struct timer, item));
		agenda_drop(&made_up->agenda, item);
		if (item->at > loop->now)
			loop->now = item->at;
		const char *before = loop->owner;
		loop->owner = timer->owner;
		timer->fire(timer->arg);
		loop->owner = before;
	}
	made_up->turning = false;
}

static void set_alarm(struct made_up *made_up)
{
	const struct agenda_item *first = agenda_first(&made_up->agenda);

	if (!made_up->real || made_up->turning)
		return;
	if (!first) {
		timer_stop(made_up->alarm);
		return;
	}
	uint64_t wait = first->at > made_up->from ? first->at - made_up->from : 0;
	timer_set(made_up->alarm,
		  made_up->real_from + (uint64_t)((double)wait / made_up->scale) + 1);
}

static void alarm_rings(void *arg)
{
	struct loop *loop = arg;
	advance(loop, loop_now(loop));
	set_alarm(loop->made_up);
}

void loop_follow(struct loop *loop, struct loop *real, double scale)
{
	struct made_up *made_up = loop->made_up;

	loop_update(real);
	made_up->real = real;
	made_up->scale = scale;
	made_up->from = loop->now;
	made_up->real_from = real->now;
	if (!made_up->alarm)
		made_up->alarm = timer_new(real, alarm_rings, loop);
	set_alarm(made_up);
}

void loop_own(struct loop *loop, const char *owner)
{
	loop->owner = owner;
}

const char *const *loop_owner(const struct loop *loop)
{
	return &loop->owner;
}

void loop_turn(struct loop *loop, bool wait)
{
	if (loop->made_up) {
		const struct agenda_item *first = agenda_first(&loop->made_up->agenda);
		advance(loop, wait && first ? first->at : loop->now);
		return;
	}
	uv_run(&loop->uv, wait ? UV_RUN_ONCE : UV_RUN_NOWAIT);
	loop_update(loop);
}

static bool is_empty(const struct loop *loop)
{
	return loop->made_up && !agenda_first(&loop->made_up->agenda);
}

static void limit_passed(void *arg)
{
	*(bool *)arg = true;
}

bool loop_run_until(struct loop *loop, bool (*done)(void *arg), void *arg, uint64_t within_ms)
{
	bool late = false;
	struct timer *limit = NULL;

	loop_update(loop);
	if (within_ms != UINT64_MAX) {
		limit = timer_new(loop, limit_passed, &late);
		timer_in(limit, within_ms);
	}
	bool finished = done(arg);
	while (!finished && !late && !is_empty(loop)) {
		loop_turn(loop, true);
		finished = done(arg);
	}
	timer_free(limit);
	return finished;
}

static void free_handle(uv_handle_t *handle)
{
	free(handle->data);
}

static void poll_ready(uv_poll_t *handle, int status, int events)
{
	struct watch *watch = handle->data;
	unsigned flags = 0;

	loop_update(watch->loop);
	if (status < 0 || events & (UV_READABLE | UV_DISCONNECT))
		flags |= LOOP_READ;
	if (events & UV_WRITABLE)
		flags |= LOOP_WRITE;
	struct loop *loop = watch->loop;
	const char *before = loop->owner;
	loop->owner = watch->owner;
	watch->ready(watch->arg, flags);
	loop->owner = before;
}

struct watch *watch_new(struct loop *loop, int fd, unsigned events,
			void (*ready)(void *arg, unsigned events), void *arg)
{
	assert(!loop->made_up);
	struct watch *watch = alloc_zero(1, sizeof(*watch));
	watch->loop = loop;
	watch->owner = loop->owner;
	watch->ready = ready;
	watch->arg = arg;
	must(uv_poll_init(&loop->uv, &watch->uv, fd), "watch");
	watch->uv.data = watch;
	watch_set(watch, events);
	return watch;
}

void watch_set(struct watch *watch, unsigned events)
{
	int flags = 0;

	if (events & LOOP_READ)
		flags |= UV_READABLE;
	if (events & LOOP_WRITE)
		flags |= UV_WRITABLE;
	if (flags)
		must(uv_poll_start(&watch->uv, flags, poll_ready), "watch");
	else
		must(uv_poll_stop(&watch->uv), "watch");
}

void watch_free(struct watch *watch)
{
	if (watch)
		uv_close((uv_handle_t *)&watch->uv, free_handle);
}

struct timer *timer_new(struct loop *loop, void (*fire)(void *arg), void *arg)
{
	struct timer *timer = alloc_zero(1, sizeof(*timer));
	timer->loop = loop;
	timer->owner = loop->owner;
	timer->fire = fire;
	timer->arg = arg;
	if (loop->made_up)
		return timer;
	must(uv_timer_init(&loop->uv, &timer->uv), "timer");
	timer->uv.data = timer;
	return timer;
}

static void timer_due(uv_timer_t *handle)
{
	struct timer *timer = handle->data;

	loop_update(timer->loop);
	/* libuv counts whole milliseconds and may be up to one early. */
	if (timer->loop->now < timer->at) {
		timer_set(timer, timer->at);
		return;
	}
	/* One that is due when a turn begins fires before libuv waits for descriptors, and the wait
	 * would have no end but the next event: this turn must not wait any more. */
	struct loop *loop = timer->loop;
	const char *before = loop->owner;
	uv_stop(&loop->uv);
	loop->owner = timer->owner;
	timer->fire(timer->arg);
	loop->owner = before;
}

void timer_set(struct timer *timer, uint64_t at_ns)
{
	struct loop *loop = timer->loop;

	if (loop->made_up) {
		agenda_put(&loop->made_up->agenda, &timer->item, at_ns);
		set_alarm(loop->made_up);
		return;
	}
	uint64_t wait_ms = at_ns > loop->now ? (at_ns - loop->now + 999999) / 1000000 : 0;

	timer->at = at_ns;
	uv_update_time(&loop->uv);
	must(uv_timer_start(&timer->uv, timer_due, wait_ms, 0), "timer");
}

void timer_in(struct timer *timer, uint64_t ms)
{
	timer_set(timer, loop_now(timer->loop) + ms * 1000000u);
}

void timer_stop(struct timer *timer)
{
	if (timer->loop->made_up)
		agenda_drop(&timer->loop->made_up->agenda, &timer->item);
	else
		must(uv_timer_stop(&timer->uv), "timer");
}

bool timer_active(const struct timer *timer)
{
	if (timer->loop->made_up)
		return timer->item.place > 0;
	return uv_is_active((const uv_handle_t *)&timer->uv);
}

void timer_free(struct timer *timer)
{
	if (!timer)
		return;
	if (timer->loop->made_up) {
		agenda_drop(&timer->loop->made_up->agenda, &timer->item);
		free(timer);
	} else {
		uv_close((uv_handle_t *)&timer->uv, free_handle);
	}
}
