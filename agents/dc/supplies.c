#include "agents/dc/table.h"

#include <string.h>

/* D17. An ink's colour stands with its usage: the k-th ink row is the k-th row of D20. */
static const char *color_of(const cJSON *record, int ink)
{
	const cJSON *usage =
		cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(record, "inkUsage"), ink);

	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(usage, "color"));
}

static void add_supply(cJSON *supplies, const cJSON *row, const char *kind, const char *color)
{
	double level = cJSON_GetObjectItemCaseSensitive(row, "level")->valuedouble;
	cJSON *supply = cJSON_CreateObject();

	cJSON_AddStringToObject(supply, "name",
				cJSON_GetObjectItemCaseSensitive(row, "name")->valuestring);
	cJSON_AddStringToObject(supply, "kind", kind);
	if (color)
		cJSON_AddStringToObject(supply, "color", color);
	if (level <= 100)
		cJSON_AddNumberToObject(supply, "level", level);
	cJSON_AddNumberToObject(supply, "replaced",
				cJSON_GetObjectItemCaseSensitive(row, "replaced")->valuedouble);
	cJSON_AddItemToArray(supplies, supply);
}

static void finish_supplies(cJSON *record, const char *member, cJSON *rows)
{
	enum { KIND_BOX = 2, KIND_INK = 4 };
	cJSON *supplies = cJSON_CreateArray();
	cJSON *row;
	int ink = 0;

	cJSON_ArrayForEach(row, rows)
	{
		int kind = cJSON_GetObjectItemCaseSensitive(row, "kind")->valueint;
		if (kind == KIND_INK)
			add_supply(supplies, row, "ink", color_of(record, ink++));
		else if (kind == KIND_BOX)
			add_supply(supplies, row, "box", NULL);
	}
	cJSON_Delete(rows);
	cJSON_AddItemToObject(record, member, supplies);
}

const struct table table_supplies = {
	.member = "consumables",
	.index = OID(OID_EPSON, 28, 1, 1, 6, 1),
	.most = TABLE_WALK_MOST,
	.count = 4,
	.columns = { { OID(OID_EPSON, 28, 1, 1, 6, 1), "kind", COLUMN_NUMBER },
		     { OID(OID_EPSON, 28, 1, 1, 2, 1), "level", COLUMN_NUMBER },
		     { OID(OID_EPSON, 28, 1, 1, 3, 1), "replaced", COLUMN_NUMBER },
		     { OID(OID_SUPPLIES, 6, 1), "name", COLUMN_TEXT } },
	.finish = finish_supplies,
};
