#include "agents/common/verdict.h"

#include <stdbool.h>

#include "agents/common/upload.h"

/* Another 4xx would come for every resend; 408 and 429 are about the moment, not the upload. */
static bool is_final(int status)
{
	return status >= 400 && status < 500 && status != 408 && status != 429;
}

/* Not let in, or not known: that is about the agent, and the records are as good as before. */
static bool is_about_us(int status)
{
	return status == 401 || status == 403 || status == 409;
}

enum verdict verdict_of(int status, const char *body, size_t records)
{
	if ((status == 200 || status == 201) && upload_stored(body, records))
		return VERDICT_STORED;
	if (is_about_us(status))
		return VERDICT_LOGIN;
	return is_final(status) ? VERDICT_NEVER : VERDICT_AGAIN;
}
