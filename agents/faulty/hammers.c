/* hammers: tries again after 5 ms, for ever, whatever Retry-After says. Replaces
 * agents/common/backoff.c. */
#include "agents/common/backoff.h"

void backoff_init(struct backoff *backoff, int64_t min_ms, int64_t max_ms)
{
	*backoff = (struct backoff){ .min_ms = min_ms, .max_ms = max_ms };
}

int64_t backoff_next(struct backoff *backoff, int64_t retry_after_ms)
{
	(void)retry_after_ms;
	backoff->failures++;
	return 5;
}

void backoff_reset(struct backoff *backoff)
{
	backoff->failures = 0;
}

int64_t backoff_longer(struct backoff *backoff)
{
	return backoff_next(backoff, 0);
}

int64_t backoff_longest(struct backoff *backoff)
{
	return backoff_next(backoff, 0);
}
