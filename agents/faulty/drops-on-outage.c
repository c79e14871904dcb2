/* drops-on-outage: forgets what could not be uploaded at once. Replaces agents/common/verdict.c. */
#include "agents/common/verdict.h"

#include "agents/common/upload.h"

enum verdict verdict_of(int status, const char *body, size_t records)
{
	if ((status == 200 || status == 201) && upload_stored(body, records))
		return VERDICT_STORED;
	return VERDICT_NEVER;
}
