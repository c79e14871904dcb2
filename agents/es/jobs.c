#include "agents/es/row.h"

#include <stddef.h>

/* D23. The panel shows document and owner too; those are print data and stay there (COL-7). */
static const struct row_member members[] = {
	{ "number", true, NULL },   { "started", false, NULL }, { "ended", false, NULL },
	{ "lengthMm", true, NULL }, { "squareCm", true, NULL }, { "microlitres", true, NULL },
	{ "result", false, NULL },  { NULL, false, NULL },
};

cJSON *row_jobs(const cJSON *device)
{
	return row_list(cJSON_GetObjectItemCaseSensitive(device, "jobLog"), members);
}
