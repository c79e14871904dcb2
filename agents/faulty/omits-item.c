/* omits-item: leaves out the consumables (D17). Stands before table_supplies. */
#include "agents/dc/table.h"

/* The linker (--wrap) puts the second in the place of the first. */
extern const struct table __real_table_supplies;
extern const struct table __wrap_table_supplies;

static void finish(cJSON *record, const char *member, cJSON *rows)
{
	__real_table_supplies.finish(record, member, rows);
	cJSON_DeleteItemFromObjectCaseSensitive(record, member);
}

const struct table __wrap_table_supplies = {
	.member = "consumables",
	.index = OID(OID_EPSON, 28, 1, 1, 6, 1),
	.most = TABLE_WALK_MOST,
	.count = 4,
	.columns = { { OID(OID_EPSON, 28, 1, 1, 6, 1), "kind", COLUMN_NUMBER },
		     { OID(OID_EPSON, 28, 1, 1, 2, 1), "level", COLUMN_NUMBER },
		     { OID(OID_EPSON, 28, 1, 1, 3, 1), "replaced", COLUMN_NUMBER },
		     { OID(OID_SUPPLIES, 6, 1), "name", COLUMN_TEXT } },
	.finish = finish,
};
