/* ignores-retry-after: comes back when it likes, whatever the cloud asked for. Wraps backoff_next.
 */
#include "agents/common/backoff.h"

int64_t __real_backoff_next(struct backoff *backoff, int64_t least_ms);
int64_t __wrap_backoff_next(struct backoff *backoff, int64_t least_ms);

int64_t __wrap_backoff_next(struct backoff *backoff, int64_t least_ms)
{
	(void)least_ms;
	return __real_backoff_next(backoff, 0);
}
