/* backoff.h: how long to wait after a failure: random between 0 and min(max, min * 2^n) (full
 * jitter, so that a fleet does not come back as one), and never less than the server asked for. */
#ifndef AGENTS_COMMON_BACKOFF_H
#define AGENTS_COMMON_BACKOFF_H

#include <stdint.h>

struct backoff {
	int64_t min_ms, max_ms;
	unsigned failures; /* in a row */
	uint64_t random;   /* state of the generator */
};

void backoff_init(struct backoff *backoff, int64_t min_ms, int64_t max_ms);

/* Counts a failure and returns milliseconds to wait. retry_after_ms: 0 if the server said
 * nothing; longer than a day is taken as a day. */
int64_t backoff_next(struct backoff *backoff, int64_t retry_after_ms);

/* The same where it was too much for somebody: never less than the minimum. */
int64_t backoff_longer(struct backoff *backoff);

/* Where it will not be better soon: at least half the maximum, now and later. */
int64_t backoff_longest(struct backoff *backoff);

/* Only after something really worked. */
void backoff_reset(struct backoff *backoff);

#endif
