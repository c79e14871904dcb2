#include "agents/dc/value.h"

#include <string.h>

#include "agents/common/text.h"
#include "base/cleanup.h"
#include "base/wall.h"

static cJSON *text_json(const struct snmp_value *value)
{
	AUTO_FREE char *text = text_clean(value->data, value->size);

	return *text ? cJSON_CreateString(text) : NULL;
}

static cJSON *time_json(const struct snmp_value *value)
{
	char utc[TEXT_TIME_MAX];
	int64_t ns;
	AUTO_FREE char *text = text_clean(value->data, value->size);

	return wall_parse(text, &ns) ? cJSON_CreateString(text_seconds(ns, utc)) : NULL;
}

static cJSON *clock_json(const struct snmp_value *value)
{
	char utc[TEXT_TIME_MAX];
	int64_t ns;

	if (!text_date_and_time(value->data, value->size, &ns))
		return NULL;
	return cJSON_CreateString(text_seconds(ns, utc));
}

/* IEEE 1284 device id: "MFG:EPSON;CMD:…;" or, spelt out, "MANUFACTURER:EPSON;" */
static cJSON *maker_json(const struct snmp_value *value)
{
	static const char *const names[] = { "MFG:", "MANUFACTURER:" };
	AUTO_FREE char *text = text_clean(value->data, value->size);
	char *rest = text;

	for (char *part; (part = strsep(&rest, ";"));) {
		for (size_t i = 0; i < COUNT_OF(names); i++) {
			size_t size = strlen(names[i]);
			if (strncmp(part, names[i], size) == 0 && part[size])
				return cJSON_CreateString(part + size);
		}
	}
	return NULL;
}

static cJSON *number_json(const struct snmp_value *value)
{
	return value->kind == SNMP_NUMBER && value->number >= 0
		       ? cJSON_CreateNumber((double)value->number)
		       : NULL;
}

static cJSON *bytes_json(enum column_kind kind, const struct snmp_value *value)
{
	switch (kind) {
	case COLUMN_TEXT:
		return text_json(value);
	case COLUMN_SETTING: {
		/* An empty setting is a setting. */
		AUTO_FREE char *text = text_clean(value->data, value->size);
		return cJSON_CreateString(text);
	}
	case COLUMN_TIME:
		return time_json(value);
	case COLUMN_CLOCK:
		return clock_json(value);
	case COLUMN_MAKER:
		return maker_json(value);
	case COLUMN_NUMBER:
	case COLUMN_STATUS:
		break;
	}
	return NULL;
}

cJSON *value_json(enum column_kind kind, const struct snmp_value *value)
{
	if (value->kind == SNMP_BYTES)
		return bytes_json(kind, value);
	if (value->kind == SNMP_NUMBER && kind == COLUMN_SETTING)
		return cJSON_CreateNumber((double)value->number);
	return kind == COLUMN_NUMBER ? number_json(value) : NULL;
}
