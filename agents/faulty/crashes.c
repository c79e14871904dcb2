/* crashes: dies of a bad pointer after the first upload. Replaces agents/common/verdict.c. */
#include "agents/common/verdict.h"

#include <signal.h>

#include "agents/common/upload.h"

enum verdict verdict_of(int status, const char *body, size_t records)
{
	if (status == 201 && upload_stored(body, records))
		raise(SIGSEGV);
	return VERDICT_AGAIN;
}
