/* es-leaks-job: sends the document's name where the result of a job belongs. Replaces
 * agents/es/jobs.c. */
#include "agents/es/row.h"

#include <stddef.h>

static const struct row_member members[] = {
	{ "number", true, NULL },        { "started", false, NULL }, { "ended", false, NULL },
	{ "lengthMm", true, NULL },      { "squareCm", true, NULL }, { "microlitres", true, NULL },
	{ "result", false, "document" }, { NULL, false, NULL },
};

cJSON *row_jobs(const cJSON *device)
{
	return row_list(cJSON_GetObjectItemCaseSensitive(device, "jobLog"), members);
}
