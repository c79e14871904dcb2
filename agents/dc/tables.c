#include "agents/dc/table.h"

#include <string.h>

#include "base/cleanup.h"
#include "ecsp/ecsp.h"

const struct column scalar_columns[] = {
	{ OID(OID_EPSON, 1, 1, 1, 4, 1), "status", COLUMN_STATUS },
	{ OID(OID_EPSON, 3, 1, 1, 11, 1), "time", COLUMN_CLOCK },
	{ OID(OID_EPSON, 1, 1, 1, 1, 1), "manufacturer", COLUMN_MAKER },
	{ OID(OID_EPSON, 1, 1, 1, 2, 1), "model", COLUMN_TEXT },
	{ OID(OID_EPSON, 1, 1, 1, 5, 1), "serial", COLUMN_TEXT },
	{ OID(OID_EXTENSION, 1, 1, 0), "region", COLUMN_TEXT },
	{ OID(OID_EXTENSION, 1, 2, 0), "country", COLUMN_TEXT },
	{ OID(OID_EXTENSION, 1, 3, 0), "printingSeconds", COLUMN_NUMBER },
	{ OID(OID_EXTENSION, 1, 4, 0), "printedSquareCm", COLUMN_NUMBER },
};
const size_t scalar_count = COUNT_OF(scalar_columns);

const struct column status_column = { OID(OID_EPSON, 1, 1, 1, 4, 1), "status", COLUMN_STATUS };
const struct column self_diagnosis_column = { OID(OID_EXTENSION, 1, 5, 0), NULL, COLUMN_NUMBER };

void table_rows(cJSON *record, const char *member, cJSON *rows)
{
	cJSON_AddItemToObject(record, member, rows);
}

/* {"name", "value"} rows become one object; the first of two equal names stands. */
static void finish_settings(cJSON *record, const char *member, cJSON *rows)
{
	cJSON *settings = cJSON_CreateObject();
	cJSON *row;

	cJSON_ArrayForEach(row, rows)
	{
		const char *name = cJSON_GetObjectItemCaseSensitive(row, "name")->valuestring;
		if (*name && !cJSON_GetObjectItemCaseSensitive(settings, name))
			cJSON_AddItemToObject(
				settings, name,
				cJSON_DetachItemFromObjectCaseSensitive(row, "value"));
	}
	cJSON_Delete(rows);
	if (settings->child)
		cJSON_AddItemToObject(record, member, settings);
	else
		cJSON_Delete(settings);
}

static void finish_firmware(cJSON *record, const char *member, cJSON *rows)
{
	cJSON *row;

	cJSON_ArrayForEach(row, rows)
	{
		const cJSON *name = cJSON_GetObjectItemCaseSensitive(row, "name");
		if (strcmp(name->valuestring, "FW Package") == 0 &&
		    !cJSON_GetObjectItemCaseSensitive(record, member))
			cJSON_AddItemToObject(
				record, member,
				cJSON_DetachItemFromObjectCaseSensitive(row, "value"));
	}
	cJSON_Delete(rows);
}

static const struct table table_firmware = {
	.member = "firmware",
	.index = OID(OID_EPSON, 2, 1, 1, 3, 1),
	.most = TABLE_WALK_MOST,
	.count = 2,
	.columns = { { OID(OID_EPSON, 2, 1, 1, 3, 1), "name", COLUMN_TEXT },
		     { OID(OID_EPSON, 2, 1, 1, 2, 1), "value", COLUMN_TEXT } },
	.finish = finish_firmware,
};

#define SETTINGS(group, name)                                                                      \
	{                                                                                          \
		.member = name, .index = OID(OID_EXTENSION, 2, group, 1, 1),                       \
		.most = TABLE_WALK_MOST, .count = 2,                                               \
		.columns = { { OID(OID_EXTENSION, 2, group, 1, 1), "name", COLUMN_TEXT },          \
			     { OID(OID_EXTENSION, 2, group, 1, 2), "value", COLUMN_SETTING } },    \
		.finish = finish_settings,                                                         \
	}

static const struct table table_settings[] = {
	SETTINGS(1, "panel"), SETTINGS(2, "printer"), SETTINGS(3, "maintenance"),
	SETTINGS(4, "media"), SETTINGS(5, "network"),
};

static const struct table table_history = {
	.member = "history",
	.index = OID(OID_EXTENSION, 3, 1, 1, 1),
	.most = TABLE_WALK_MOST,
	.count = 4,
	.columns = { { OID(OID_EXTENSION, 3, 1, 1, 1), "number", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 1, 1, 2), "time", COLUMN_TIME },
		     { OID(OID_EXTENSION, 3, 1, 1, 3), "kind", COLUMN_TEXT },
		     { OID(OID_EXTENSION, 3, 1, 1, 4), "code", COLUMN_TEXT } },
	.finish = table_rows,
};

static const struct table table_cleanings = {
	.member = "cleanings",
	.index = OID(OID_EXTENSION, 3, 2, 1, 1),
	.most = TABLE_WALK_MOST,
	.count = 3,
	.columns = { { OID(OID_EXTENSION, 3, 2, 1, 1), "number", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 2, 1, 2), "time", COLUMN_TIME },
		     { OID(OID_EXTENSION, 3, 2, 1, 3), "kind", COLUMN_TEXT } },
	.finish = table_rows,
};

static const struct table table_maintenances = {
	.member = "maintenances",
	.index = OID(OID_EXTENSION, 3, 3, 1, 1),
	.most = TABLE_WALK_MOST,
	.count = 3,
	.columns = { { OID(OID_EXTENSION, 3, 3, 1, 1), "number", COLUMN_NUMBER },
		     { OID(OID_EXTENSION, 3, 3, 1, 2), "time", COLUMN_TIME },
		     { OID(OID_EXTENSION, 3, 3, 1, 3), "part", COLUMN_TEXT } },
	.finish = table_rows,
};

static const struct table table_ink_usage = {
	.member = "inkUsage",
	.index = OID(OID_EXTENSION, 4, 1, 1),
	.most = TABLE_WALK_MOST,
	.count = 2,
	.columns = { { OID(OID_EXTENSION, 4, 1, 1), "color", COLUMN_TEXT },
		     { OID(OID_EXTENSION, 4, 1, 2), "microlitres", COLUMN_NUMBER } },
	.finish = table_rows,
};

const struct table *const tables[] = {
	&table_firmware,    &table_settings[0],  &table_settings[1], &table_settings[2],
	&table_settings[3], &table_settings[4],  &table_history,     &table_cleanings,
	&table_jobs,        &table_maintenances, &table_ink_usage,   &table_supplies,
};
const size_t table_count = COUNT_OF(tables);
