#include "agents/common/backoff.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/digest.h"

void backoff_init(struct backoff *backoff, int64_t min_ms, int64_t max_ms)
{
	*backoff = (struct backoff){ .min_ms = min_ms, .max_ms = max_ms };
	if (getrandom(&backoff->random, sizeof(backoff->random), 0) !=
	    (ssize_t)sizeof(backoff->random))
		abort(); /* cannot fail for 8 bytes once the machine is up */
}

static int64_t ceiling(const struct backoff *backoff)
{
	int64_t top = backoff->min_ms;

	for (unsigned i = 0; i < backoff->failures && top < backoff->max_ms; i++)
		top *= 2;
	return top < backoff->max_ms ? top : backoff->max_ms;
}

int64_t backoff_next(struct backoff *backoff, int64_t retry_after_ms)
{
	const int64_t day_ms = 86400000;
	uint64_t top = (uint64_t)ceiling(backoff);

	backoff->random = mix64(backoff->random);
	int64_t wait = (int64_t)(backoff->random % (top + 1));
	if (backoff->failures < UINT32_MAX)
		backoff->failures++;
	if (retry_after_ms > day_ms)
		retry_after_ms = day_ms;
	return wait > retry_after_ms ? wait : retry_after_ms;
}

int64_t backoff_longer(struct backoff *backoff)
{
	return backoff->min_ms + backoff_next(backoff, 0);
}

int64_t backoff_longest(struct backoff *backoff)
{
	backoff->failures = UINT32_MAX;
	return backoff->max_ms / 2 + backoff_next(backoff, 0) / 2;
}

void backoff_reset(struct backoff *backoff)
{
	backoff->failures = 0;
}
