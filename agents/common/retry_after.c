#include "agents/common/retry_after.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int64_t limited(int64_t ms)
{
	return ms < 0 ? 0 : ms > RETRY_AFTER_MAX_MS ? RETRY_AFTER_MAX_MS : ms;
}

int64_t retry_after_ms(const char *value, int64_t now_ns)
{
	char *end;

	errno = 0;
	long seconds = strtol(value, &end, 10);
	if (end != value && *(end + strspn(end, " \t\r\n")) == 0)
		return errno || seconds > RETRY_AFTER_MAX_MS ? limited(seconds)
							     : limited((int64_t)seconds * 1000);
	time_t at = curl_getdate(value, NULL);
	return at < 0 ? 0 : limited((int64_t)at * 1000 - now_ns / 1000000);
}
