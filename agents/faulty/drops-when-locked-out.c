/* drops-when-locked-out: throws away what the cloud did not take because it did not let the agent
 * in. Replaces agents/common/verdict.c. */
#include "agents/common/verdict.h"

#include "agents/common/upload.h"

enum verdict verdict_of(int status, const char *body, size_t records)
{
	if ((status == 200 || status == 201) && upload_stored(body, records))
		return VERDICT_STORED;
	return status >= 400 && status < 500 ? VERDICT_NEVER : VERDICT_AGAIN;
}
