#include "agents/common/status.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

const char *status_word(int status)
{
	static const char *const words[] = {
		[0x00] = "error",    [0x01] = "self-printing", [0x02] = "busy",
		[0x03] = "printing", [0x04] = "idle",          [0x05] = "paused",
		[0x06] = "drying",   [0x07] = "cleaning",      [0x08] = "uninitialised",
		[0x09] = "sleeping", [0x0a] = "off",           [0x0f] = "initialising",
		[0x11] = "charging",
	};
	const char *word = status >= 0 && (size_t)status < COUNT_OF(words) ? words[status] : NULL;

	return word ? word : "busy";
}

static int compare(const void *a, const void *b)
{
	return *(const uint8_t *)a - *(const uint8_t *)b;
}

static void add_code(cJSON *codes, char kind, int value)
{
	char text[8];

	snprintf(text, sizeof(text), "%c%02X", kind, (unsigned)value & 0xff);
	cJSON_AddItemToArray(codes, cJSON_CreateString(text));
}

void status_add(cJSON *record, int status, int error, const uint8_t *warnings, size_t count)
{
	uint8_t sorted[256];
	cJSON *codes = cJSON_AddArrayToObject(record, "codes");

	cJSON_AddStringToObject(record, "status", status_word(status));
	if (error >= 0)
		add_code(codes, 'E', error);
	if (count > sizeof(sorted))
		count = sizeof(sorted);
	if (count) {
		memcpy(sorted, warnings, count);
		qsort(sorted, count, 1, compare);
	}
	for (size_t i = 0; i < count; i++)
		if (!i || sorted[i] != sorted[i - 1])
			add_code(codes, 'W', sorted[i]);
}
