#include "base/loop.h"

#include <time.h>
#include <uv.h>

#include "base/buf.h"

struct loop {
	uv_loop_t uv;
	uint64_t now;
};

struct watch {
	uv_poll_t uv;
	struct loop *loop;
	void (*ready)(void *arg, unsigned events);
	void *arg;
};

struct timer {
	uv_timer_t uv;
	struct loop *loop;
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

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	/* Closed handles are freed by their close callbacks, in one more turn. */
	uv_run(&loop->uv, UV_RUN_NOWAIT);
	must(uv_loop_close(&loop->uv), "close: a watch or timer is still open");
	free(loop);
}

void loop_update(struct loop *loop)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	loop->now = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t loop_now(struct loop *loop)
{
	return loop->now;
}

void loop_turn(struct loop *loop, bool wait)
{
	uv_run(&loop->uv, wait ? UV_RUN_ONCE : UV_RUN_NOWAIT);
	loop_update(loop);
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
	while (!finished && !late) {
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
	watch->ready(watch->arg, flags);
}

struct watch *watch_new(struct loop *loop, int fd, unsigned events,
			void (*ready)(void *arg, unsigned events), void *arg)
{
	struct watch *watch = alloc_zero(1, sizeof(*watch));
	watch->loop = loop;
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
	timer->fire = fire;
	timer->arg = arg;
	must(uv_timer_init(&loop->uv, &timer->uv), "timer");
	timer->uv.data = timer;
	return timer;
}

static void timer_due(uv_timer_t *handle)
{
	struct timer *timer = handle->data;

	loop_update(timer->loop);
	/* libuv counts whole milliseconds and may be up to one early. */
	if (timer->loop->now < timer->at)
		timer_set(timer, timer->at);
	else
		timer->fire(timer->arg);
}

void timer_set(struct timer *timer, uint64_t at_ns)
{
	struct loop *loop = timer->loop;
	uint64_t wait_ms = at_ns > loop->now ? (at_ns - loop->now + 999999) / 1000000 : 0;

	timer->at = at_ns;
	uv_update_time(&loop->uv);
	must(uv_timer_start(&timer->uv, timer_due, wait_ms, 0), "timer");
}

void timer_in(struct timer *timer, uint64_t ms)
{
	timer_set(timer, timer->loop->now + ms * 1000000u);
}

void timer_stop(struct timer *timer)
{
	must(uv_timer_stop(&timer->uv), "timer");
}

bool timer_active(const struct timer *timer)
{
	return uv_is_active((const uv_handle_t *)&timer->uv);
}

void timer_free(struct timer *timer)
{
	if (timer)
		uv_close((uv_handle_t *)&timer->uv, free_handle);
}
