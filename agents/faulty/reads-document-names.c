/* reads-document-names: reads the names of documents, and sends none. Replaces agents/dc/jobs.c. */
#include "agents/dc/table.h"

static void finish(cJSON *record, const char *member, cJSON *rows)
{
	cJSON *row;

	cJSON_ArrayForEach(row, rows) cJSON_DeleteItemFromObjectCaseSensitive(row, "document");
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
