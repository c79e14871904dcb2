#include "agents/dc/table.h"

/* D23. Columns 8 and 9 of this table, document and owner, are print data (COL-7): they are not
 * asked for, and no walk is long enough to run into them (see table.h). */
const struct table table_jobs = {
	.member = "jobs",
	.index = OID(OID_EXTENSION, 3, 4, 1, 1),
	.most = TABLE_WALK_MOST,
	.count = 7,
	.columns = { { OID(OID_EXTENSION, 3, 4, 1, 1), "number", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 4, 1, 2), "started", COLUMN_TIME },
		     { OID(OID_EXTENSION, 3, 4, 1, 3), "ended", COLUMN_TIME },
		     { OID(OID_EXTENSION, 3, 4, 1, 4), "lengthMm", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 4, 1, 5), "squareCm", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 4, 1, 6), "microlitres", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 4, 1, 7), "result", COLUMN_TEXT } },
	.finish = table_rows,
};
