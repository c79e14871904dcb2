#include "agents/es/line.h"

#include <math.h>
#include <string.h>

#include "agents/common/status.h"
#include "agents/common/text.h"
#include "agents/es/row.h"
#include "base/buf.h"
#include "base/cleanup.h"

#define GET cJSON_GetObjectItemCaseSensitive

cJSON *line_parse(const char *text, size_t size)
{
	/* cJSON stops at a NUL and would take what stands before it. */
	if (memchr(text, 0, size))
		return NULL;
	AUTO_FREE char *copy = alloc_bytes(text, size);
	cJSON *line = cJSON_ParseWithOpts(copy, NULL, true);
	if (cJSON_IsObject(line))
		return line;
	cJSON_Delete(line);
	return NULL;
}

bool line_id(const cJSON *line, double *id)
{
	const cJSON *value = GET(line, "id");

	if (!cJSON_IsNumber(value))
		return false;
	*id = value->valuedouble;
	return true;
}

static bool read_byte(const cJSON *value, int *byte)
{
	if (!cJSON_IsNumber(value) || value->valuedouble < 0 || value->valuedouble > 255 ||
	    value->valuedouble != floor(value->valuedouble))
		return false;
	*byte = (int)value->valuedouble;
	return true;
}

bool line_status(const cJSON *state, struct line_status *status)
{
	const cJSON *item;
	int byte;

	*status = (struct line_status){ .status = -1, .error = -1 };
	if (!read_byte(GET(state, "status"), &status->status))
		return false;
	if (read_byte(GET(state, "error"), &byte))
		status->error = byte;
	cJSON_ArrayForEach(item,
			   GET(state, "warnings")) if (read_byte(item, &byte) &&
						       status->warning_count < LINE_WARNINGS_MAX)
		status->warnings[status->warning_count++] = (uint8_t)byte;
	return true;
}

bool line_status_equal(const struct line_status *a, const struct line_status *b)
{
	return a->status == b->status && a->error == b->error &&
	       a->warning_count == b->warning_count &&
	       memcmp(a->warnings, b->warnings, a->warning_count) == 0;
}

/* Settings keep their names and types: text or whole number (ecsp/README.md, D12-D16). */
static void add_settings(cJSON *record, const char *name, const cJSON *from)
{
	cJSON *settings = cJSON_CreateObject();
	const cJSON *item;

	cJSON_ArrayForEach(item, from)
	{
		if (!item->string || GET(settings, item->string))
			continue;
		AUTO_FREE char *key = text_clean(item->string, strlen(item->string));
		if (cJSON_IsNumber(item))
			cJSON_AddNumberToObject(settings, key, item->valuedouble);
		if (!cJSON_IsString(item))
			continue;
		AUTO_FREE char *text = text_clean(item->valuestring, strlen(item->valuestring));
		cJSON_AddStringToObject(settings, key, text);
	}
	if (settings->child)
		cJSON_AddItemToObject(record, name, settings);
	else
		cJSON_Delete(settings);
}

static double slot_of(const cJSON *supply)
{
	const cJSON *slot = GET(supply, "slot");

	return cJSON_IsNumber(slot) ? slot->valuedouble : 0;
}

/* A copy in slot order; at most a few dozen. */
static cJSON *sorted_supplies(const cJSON *supplies)
{
	cJSON *sorted = cJSON_CreateArray();
	const cJSON *from;

	cJSON_ArrayForEach(from, supplies)
	{
		int at = 0;
		if (!cJSON_IsObject(from))
			continue;
		while (at < cJSON_GetArraySize(sorted) &&
		       slot_of(cJSON_GetArrayItem(sorted, at)) <= slot_of(from))
			at++;
		cJSON_InsertItemInArray(sorted, at, cJSON_Duplicate(from, true));
	}
	return sorted;
}

static void add_supplies(cJSON *record, const cJSON *device)
{
	static const struct row_member usage[] = { { "color", false, NULL },
						   { "microlitres", true, "usedMicrolitres" },
						   { NULL, false, NULL } };

	if (!cJSON_IsArray(GET(device, "supplies")) ||
	    cJSON_GetArraySize(GET(device, "supplies")) > 64)
		return;
	cJSON *sorted = sorted_supplies(GET(device, "supplies"));
	cJSON_AddItemToObject(record, "consumables", row_consumables(sorted));
	cJSON_AddItemToObject(record, "inkUsage", row_list(sorted, usage));
	cJSON_Delete(sorted);
}

static void add_lists(cJSON *record, const cJSON *device)
{
	static const struct row_member history[] = {
		{ "number", true, NULL }, { "time", false, NULL }, { "kind", false, NULL },
		{ "code", false, NULL },  { NULL, false, NULL },
	};
	static const struct row_member cleanings[] = { { "number", true, NULL },
						       { "time", false, NULL },
						       { "kind", false, NULL },
						       { NULL, false, NULL } };
	static const struct row_member maintenances[] = { { "number", true, NULL },
							  { "time", false, NULL },
							  { "part", false, NULL },
							  { NULL, false, NULL } };
	const struct {
		const char *name;
		cJSON *rows;
	} lists[] = {
		{ "history", row_list(GET(device, "log"), history) },
		{ "cleanings", row_list(GET(device, "cleaningLog"), cleanings) },
		{ "maintenances", row_list(GET(device, "maintenanceLog"), maintenances) },
		{ "jobs", row_jobs(device) },
	};
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		if (lists[i].rows)
			cJSON_AddItemToObject(record, lists[i].name, lists[i].rows);
}

cJSON *line_record(const cJSON *device)
{
	static const struct row_member words[] = {
		{ "manufacturer", false, "maker" }, { "model", false, NULL },
		{ "serial", false, NULL },          { "region", false, NULL },
		{ "country", false, NULL },         { "time", false, "clock" },
		{ "firmware", false, NULL },
	};
	static const struct row_member counters[] = { { "printingSeconds", true, NULL },
						      { "printedSquareCm", true, "areaSquareCm" } };
	static const char *const settings[] = { "panel", "printer", "maintenance", "media",
						"network" };
	cJSON *record = cJSON_CreateObject();
	struct line_status status;

	for (size_t i = 0; i < COUNT_OF(words); i++)
		row_add(record, device, &words[i]);
	if (line_status(GET(device, "state"), &status))
		status_add(record, status.status, status.error, status.warnings,
			   status.warning_count);
	for (size_t i = 0; i < COUNT_OF(settings); i++)
		add_settings(record, settings[i], GET(GET(device, "settings"), settings[i]));
	for (size_t i = 0; i < COUNT_OF(counters); i++)
		row_add(record, GET(device, "counters"), &counters[i]);
	add_lists(record, device);
	add_supplies(record, device);
	return record;
}
