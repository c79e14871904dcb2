#include "base/loop.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/agenda.h"
#include "base/buf.h"
#include "base/wall.h"

enum { EVENTS_A_TURN = 256 };

/* What a virtual loop has instead of a clock. */
struct made_up {
	int64_t wall;      /* calendar minus now */
	bool turning;      /* a timer is firing: now is its moment */
	struct loop *real; /* followed; NULL: time jumps */
	struct timer *alarm;
	double scale;
	uint64_t from, real_from; /* where following began, in both times */
};

struct loop {
	uint64_t now;
	const char *owner;       /* of the call back that runs */
	struct agenda agenda;    /* of the timers */
	struct made_up *made_up; /* NULL: a real one */
	/* Of a real one: */
	int epoll;
	size_t open, watching;      /* watches and timers that did not end; descriptors in epoll */
	struct epoll_event *events; /* of this turn; a watch that ends takes itself out */
	int event_count;
};

struct watch {
	struct loop *loop;
	const char *owner;
	int fd;
	unsigned events; /* 0: not in epoll */
	void (*ready)(void *arg, unsigned events);
	void *arg;
};

struct timer {
	struct agenda_item item;
	struct loop *loop;
	const char *owner;
	void (*fire)(void *arg);
	void *arg;
};

/* What can only fail through a bug of ours, or where the kernel has nothing left. */
static void must(bool done, const char *what)
{
	if (!done) {
		fprintf(stderr, "loop: %s: %s\n", what, strerror(errno));
		abort();
	}
}

struct loop *loop_new(void)
{
	struct loop *loop = alloc_zero(1, sizeof(*loop));
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	must(loop->epoll >= 0, "epoll");
	loop->events = alloc_zero(EVENTS_A_TURN, sizeof(*loop->events));
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

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	if (loop->made_up) {
		timer_free(loop->made_up->alarm);
		free(loop->made_up);
	} else {
		close(loop->epoll);
	}
	assert(!loop->open && !agenda_first(&loop->agenda)); /* a watch or a timer did not end */
	agenda_done(&loop->agenda);
	free(loop->events);
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

static struct timer *timer_of(struct agenda_item *item)
{
	return (struct timer *)((char *)item - offsetof(struct timer, item));
}

/* It may end itself. */
static void ring(struct loop *loop, struct timer *timer)
{
	const char *before = loop->owner;

	agenda_drop(&loop->agenda, &timer->item);
	loop->owner = timer->owner;
	timer->fire(timer->arg);
	loop->owner = before;
}

/* Fires what is due until then, each at its own moment. */
static void advance(struct loop *loop, uint64_t until)
{
	struct agenda_item *item;

	loop->made_up->turning = true;
	while ((item = agenda_first(&loop->agenda)) && item->at <= until) {
		if (item->at > loop->now)
			loop->now = item->at;
		ring(loop, timer_of(item));
	}
	loop->made_up->turning = false;
}

static void set_alarm(struct loop *loop)
{
	const struct made_up *made_up = loop->made_up;
	const struct agenda_item *first = agenda_first(&loop->agenda);

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
	set_alarm(loop);
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
	set_alarm(loop);
}

void loop_own(struct loop *loop, const char *owner)
{
	loop->owner = owner;
}

const char *const *loop_owner(const struct loop *loop)
{
	return &loop->owner;
}

/* ---- a turn ---- */

/* Those that are due now, but for those that are set while others fire. Returns whether any was. */
static bool fire_due(struct loop *loop)
{
	uint64_t last = loop->agenda.last_number;
	struct agenda_item *item;
	bool fired = false;

	while ((item = agenda_first(&loop->agenda)) && item->at <= loop->now &&
	       item->number <= last) {
		ring(loop, timer_of(item));
		loop_update(loop);
		fired = true;
	}
	return fired;
}

/* Milliseconds until the next timer, rounded up: none fires early. -1: no timer. */
static int until_next(const struct loop *loop)
{
	const struct agenda_item *first = agenda_first(&loop->agenda);

	if (!first)
		return loop->watching ? -1 : 0;
	uint64_t wait = first->at > loop->now ? (first->at - loop->now + 999999) / 1000000 : 0;
	return wait < INT_MAX ? (int)wait : INT_MAX;
}

/* Errors and hang-ups wake whatever was asked for: reading or writing then tells what it is. */
static void be_ready(struct watch *watch, uint32_t events)
{
	struct loop *loop = watch->loop;
	bool over = events & (EPOLLERR | EPOLLHUP);
	unsigned flags = over ? watch->events | LOOP_READ : 0;

	if (events & EPOLLIN)
		flags |= LOOP_READ;
	if (events & EPOLLOUT)
		flags |= LOOP_WRITE;
	const char *before = loop->owner;
	loop->owner = watch->owner;
	watch->ready(watch->arg, flags);
	loop->owner = before;
}

static void listen_to_all(struct loop *loop, int wait_ms)
{
	int count = epoll_pwait(loop->epoll, loop->events, EVENTS_A_TURN, wait_ms, NULL);

	must(count >= 0 || errno == EINTR, "wait");
	loop->event_count = count;
	for (int i = 0; i < loop->event_count; i++) {
		struct watch *watch = loop->events[i].data.ptr;
		loop_update(loop);
		if (watch && watch->events)
			be_ready(watch, loop->events[i].events);
	}
	loop->event_count = 0;
}

void loop_turn(struct loop *loop, bool wait)
{
	if (loop->made_up) {
		const struct agenda_item *first = agenda_first(&loop->agenda);
		advance(loop, wait && first ? first->at : loop->now);
		return;
	}
	loop_update(loop);
	/* A turn in which something happened does not wait. */
	bool fired = fire_due(loop);
	listen_to_all(loop, wait && !fired ? until_next(loop) : 0);
	loop_update(loop);
	fire_due(loop);
}

static bool is_empty(const struct loop *loop)
{
	return loop->made_up && !agenda_first(&loop->agenda);
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

/* ---- descriptors ---- */

struct watch *watch_new(struct loop *loop, int fd, unsigned events,
			void (*ready)(void *arg, unsigned events), void *arg)
{
	assert(!loop->made_up);
	struct watch *watch = alloc_zero(1, sizeof(*watch));
	*watch = (struct watch){
		.loop = loop, .owner = loop->owner, .fd = fd, .ready = ready, .arg = arg
	};
	loop->open++;
	watch_set(watch, events);
	return watch;
}

void watch_set(struct watch *watch, unsigned events)
{
	struct loop *loop = watch->loop;
	struct epoll_event event = { .data.ptr = watch };
	int change = !watch->events ? EPOLL_CTL_ADD : events ? EPOLL_CTL_MOD : EPOLL_CTL_DEL;

	if (events == watch->events)
		return;
	if (events & LOOP_READ)
		event.events |= EPOLLIN;
	if (events & LOOP_WRITE)
		event.events |= EPOLLOUT;
	/* Paused is out of epoll: it would tell of errors all the same. */
	must(!epoll_ctl(loop->epoll, change, watch->fd, &event) || change == EPOLL_CTL_DEL,
	     "watch");
	loop->watching += change == EPOLL_CTL_ADD;
	loop->watching -= change == EPOLL_CTL_DEL;
	watch->events = events;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	struct loop *loop = watch->loop;
	watch_set(watch, 0);
	for (int i = 0; i < loop->event_count; i++)
		if (loop->events[i].data.ptr == watch)
			loop->events[i].data.ptr = NULL;
	loop->open--;
	free(watch);
}

/* ---- timers ---- */

struct timer *timer_new(struct loop *loop, void (*fire)(void *arg), void *arg)
{
	struct timer *timer = alloc_zero(1, sizeof(*timer));

	timer->loop = loop;
	timer->owner = loop->owner;
	timer->fire = fire;
	timer->arg = arg;
	loop->open++;
	return timer;
}

void timer_set(struct timer *timer, uint64_t at_ns)
{
	struct loop *loop = timer->loop;

	agenda_put(&loop->agenda, &timer->item, at_ns);
	if (loop->made_up)
		set_alarm(loop);
}

void timer_in(struct timer *timer, uint64_t ms)
{
	timer_set(timer, loop_now(timer->loop) + ms * 1000000u);
}

void timer_stop(struct timer *timer)
{
	agenda_drop(&timer->loop->agenda, &timer->item);
}

bool timer_active(const struct timer *timer)
{
	return timer->item.place > 0;
}

void timer_free(struct timer *timer)
{
	if (!timer)
		return;
	timer_stop(timer);
	timer->loop->open--;
	free(timer);
}
