#include "agents/common/setup_document.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "agents/common/config.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"

enum { WEEK_MS = 604800000, DAY_MS = 86400000 };

static const struct number {
	const char *name;
	size_t offset;
	int64_t least, most;
} numbers[] = {
	{ "version", offsetof(struct setup_document, version), 1, INT32_MAX },
	{ "intervalMs", offsetof(struct setup_document, interval_ms), 100, WEEK_MS },
	{ "pollMs", offsetof(struct setup_document, poll_ms), 50, DAY_MS },
};

static int read_number(struct setup_document *document, const struct number *number,
		       const cJSON *item, struct error *err)
{
	int64_t *place = (int64_t *)(void *)((char *)document + number->offset);
	double value = cJSON_IsNumber(item) ? item->valuedouble : NAN;

	if (*place)
		return error_set(err, EINVAL, "%s: found a second time", number->name);
	if (!(value >= (double)number->least && value <= (double)number->most) ||
	    value != floor(value))
		return error_set(err, EINVAL, "%s: expected a whole number from %lld to %lld",
				 number->name, (long long)number->least, (long long)number->most);
	*place = (int64_t)value;
	return 0;
}

static bool contains(const uint32_t *list, size_t count, uint32_t address)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == address)
			return true;
	return false;
}

static int read_designated(struct setup_document *document, const cJSON *list, struct error *err)
{
	const cJSON *item;
	uint32_t address;

	if (document->designates)
		return error_set(err, EINVAL, "designated: found a second time");
	document->designates = true;
	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > CONFIG_TARGETS_MAX)
		return error_set(err, EINVAL, "designated: expected at most %d addresses",
				 CONFIG_TARGETS_MAX);
	document->designated =
		alloc_zero((size_t)cJSON_GetArraySize(list) + 1, sizeof(*document->designated));
	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsString(item) || !ipv4_parse(item->valuestring, &address))
			return error_set(err, EINVAL, "designated: expected IPv4 addresses");
		if (!contains(document->designated, document->count, address))
			document->designated[document->count++] = address;
	}
	return 0;
}

static int read_member(struct setup_document *document, const cJSON *item, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		if (strcmp(numbers[i].name, item->string) == 0)
			return read_number(document, &numbers[i], item, err);
	if (strcmp(item->string, "designated") == 0)
		return read_designated(document, item, err);
	return error_set(err, EINVAL, "there is a member that is not declared");
}

int setup_read(struct setup_document *document, const char *text, size_t size, struct error *err)
{
	const cJSON *item;
	int status = 0;

	*document = (struct setup_document){ 0 };
	/* cJSON stops at a NUL and would take what stands before it. */
	if (memchr(text, 0, size))
		return error_set(err, EINVAL, "expected JSON, found a NUL");
	AUTO_FREE char *copy = alloc_bytes(text, size);
	cJSON *json = cJSON_ParseWithOpts(copy, NULL, true);
	if (!cJSON_IsObject(json))
		status = error_set(err, EINVAL, "expected one JSON object");
	cJSON_ArrayForEach(item, json)
	{
		if (status == 0)
			status = read_member(document, item, err);
	}
	if (status == 0 && !document->version)
		status = error_set(err, EINVAL, "version: expected one");
	cJSON_Delete(json);
	return status;
}

void setup_document_done(struct setup_document *document)
{
	free(document->designated);
	*document = (struct setup_document){ 0 };
}

bool setup_is_newer(const struct setup_document *document, const struct setup_document *current)
{
	return !current || document->version > current->version;
}
