/* no-jitter: waits as long as it may at most, as all its like do, so that a fleet which lost its
 * server at one moment comes back at one moment. Wraps backoff_next. */
#include "agents/common/backoff.h"

int64_t __real_backoff_next(struct backoff *backoff, int64_t retry_after_ms);
int64_t __wrap_backoff_next(struct backoff *backoff, int64_t retry_after_ms);

int64_t __wrap_backoff_next(struct backoff *backoff, int64_t retry_after_ms)
{
	int64_t wait = backoff->min_ms;

	for (unsigned i = 0; i < backoff->failures && wait < backoff->max_ms; i++)
		wait *= 2;
	if (wait > backoff->max_ms)
		wait = backoff->max_ms;
	__real_backoff_next(backoff, retry_after_ms);
	return wait > retry_after_ms ? wait : retry_after_ms;
}
