/* believes-portal: takes any answer of success for the cloud's, whoever gave it and whatever it
 * says. Replaces agents/common/verdict.c. */
#include "agents/common/verdict.h"

enum verdict verdict_of(int status, const char *body, size_t records)
{
	(void)body;
	(void)records;
	if (status >= 200 && status < 300)
		return VERDICT_STORED;
	return status >= 400 && status < 500 && status != 408 && status != 429 ? VERDICT_NEVER
									       : VERDICT_AGAIN;
}
