#include "agents/common/retry_after.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = RETRY_AFTER_MAX_MS / 1000 };

int64_t retry_after_ms(const char *value, int64_t now_ns)
{
	char *end;

	long seconds = strtol(value, &end, 10);
	if (end != value && *(end + strspn(end, " \t\r\n")) == 0) {
		if (seconds < 0)
			return 0;
		/* Also what is more than a long holds: strtol gives the most then. */
		return seconds > DAY_S ? RETRY_AFTER_MAX_MS : (int64_t)seconds * 1000;
	}
	time_t at = curl_getdate(value, NULL);
	if (at < 0 || at <= now_ns / 1000000000)
		return 0;
	/* Years have as many digits as somebody likes. */
	if (at > now_ns / 1000000000 + DAY_S)
		return RETRY_AFTER_MAX_MS;
	return (int64_t)at * 1000 - now_ns / 1000000;
}
