/* loop.h: the one place that waits, and the owner of "now".
 *
 * Descriptors and timers call back on one thread. Time is monotonic nanoseconds, read once a turn,
 * so everything that happens in a turn happens at the same instant. Over epoll;
 * libuv did the same for three times the system calls and the memory (decision 13).
 *
 * A virtual loop has timers only, and makes its time up: a turn that may wait jumps to the next
 * timer, so a day passes as fast as the processor goes and the same way each time; or it follows
 * a real loop, faster or slower. */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;  /* opaque */
struct watch; /* a watched descriptor; owned by the caller, ended by watch_free */
struct timer; /* a one-shot timer that can be set again; ended by timer_free */

enum { LOOP_READ = 1, LOOP_WRITE = 2 }; /* flags; errors and hang-ups are reported as readable */

struct loop *loop_new(void);
struct loop *loop_new_virtual(int64_t wall_ns); /* the calendar at its beginning, ns since 1970 */
void loop_free(struct loop *loop); /* NULL is fine; watches and timers must have ended */

uint64_t loop_now(struct loop *loop); /* nanoseconds, CLOCK_MONOTONIC, of this turn */
void loop_update(struct loop *loop);  /* reads the clock again, after long work */
int64_t loop_wall(struct loop *loop); /* the calendar, UTC, ns since 1970 */

/* A virtual loop's time from now on: that of a real loop, times scale (> 0). The real loop turns
 * and is borrowed until loop_free of the virtual one. */
void loop_follow(struct loop *loop, struct loop *real, double scale);

/* Whose call back this is, where one loop serves many: a name, borrowed for as long as the loop, or
 * NULL. A watch or timer belongs to whoever it was whose call back made it; outside of call backs
 * it is set by hand. The second gives where the name of now can always be read. */
void loop_own(struct loop *loop, const char *owner);
const char *const *loop_owner(const struct loop *loop);

/* Runs until done(arg) is true (checked after every turn) or within_ms have passed (UINT64_MAX:
 * no limit). Returns whether done. On a virtual loop also ends when nothing is left to wait for. */
bool loop_run_until(struct loop *loop, bool (*done)(void *arg), void *arg, uint64_t within_ms);
void loop_turn(struct loop *loop, bool wait); /* one turn; wait: may block for the next event */

/* fd is borrowed. Never returns NULL. Not on a virtual loop. */
struct watch *watch_new(struct loop *loop, int fd, unsigned events,
			void (*ready)(void *arg, unsigned events), void *arg);
void watch_set(struct watch *watch, unsigned events); /* 0 pauses */
void watch_free(struct watch *watch);                 /* NULL is fine; allowed inside ready */

struct timer *timer_new(struct loop *loop, void (*fire)(void *arg), void *arg);
void timer_set(struct timer *timer, uint64_t at_ns); /* absolute, on loop_now's scale */
void timer_in(struct timer *timer, uint64_t ms);
void timer_stop(struct timer *timer);
bool timer_active(const struct timer *timer);
void timer_free(struct timer *timer); /* NULL is fine; allowed inside fire */

#endif
