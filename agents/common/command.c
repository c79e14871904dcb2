#include "agents/common/command.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/wall.h"
#include "ecsp/ecsp.h"

static const char *const operations[] = {
	[OPERATION_STATUS] = ECSP_OP_STATUS,
	[OPERATION_CLEAN] = ECSP_OP_CLEAN,
	[OPERATION_DIAGNOSE] = ECSP_OP_DIAGNOSE,
};

enum member { ID, OPERATION, SERIAL, ISSUED, EXPIRES, MEMBERS };

static const char *const members[MEMBERS] = { "command", "operation", "serial", "issued",
					      "expires" };

/* Each member once, all texts, none unknown: anything else is not a command. */
static bool read_members(const cJSON *json, const char *values[MEMBERS])
{
	bool good = true;
	const cJSON *item;

	cJSON_ArrayForEach(item, json)
	{
		size_t i = 0;
		while (i < MEMBERS && strcmp(members[i], item->string) != 0)
			i++;
		if (i == MEMBERS || values[i] || !cJSON_IsString(item))
			good = false;
		else
			values[i] = item->valuestring;
	}
	for (size_t i = 0; i < MEMBERS; i++)
		good = good && values[i];
	return good;
}

/* Printable ASCII: it goes back out and into file content. */
static bool copy_word(char *to, size_t max, const char *word)
{
	size_t size = word ? strlen(word) : 0;

	if (!size || size >= max)
		return false;
	for (size_t i = 0; i < size; i++)
		if (word[i] <= ' ' || word[i] > '~')
			return false;
	memcpy(to, word, size + 1);
	return true;
}

static bool find_operation(const char *word, enum operation *operation)
{
	for (size_t i = 0; i < COUNT_OF(operations); i++) {
		if (strcmp(operations[i], word) == 0) {
			*operation = (enum operation)i;
			return true;
		}
	}
	return false;
}

static enum command_reading read_command(const cJSON *json, struct command *command)
{
	const char *values[MEMBERS] = { NULL };
	bool good = read_members(json, values);

	if (!copy_word(command->id, sizeof(command->id), values[ID]) ||
	    !copy_word(command->serial, sizeof(command->serial), values[SERIAL]))
		return COMMAND_NONSENSE;
	if (!good || !find_operation(values[OPERATION], &command->operation) ||
	    !wall_parse(values[ISSUED], &command->issued) ||
	    !wall_parse(values[EXPIRES], &command->expires))
		return COMMAND_MALFORMED;
	return COMMAND_GOOD;
}

enum command_reading command_parse(const char *text, size_t size, struct command *command)
{
	*command = (struct command){ 0 };
	/* cJSON stops at a NUL and would take what stands before it. */
	if (memchr(text, 0, size))
		return COMMAND_NONSENSE;
	AUTO_FREE char *copy = alloc_bytes(text, size);
	/* And a text that holds one ends there for whoever compares it: "clean\u0000ed" would
	 * clean. */
	if (strstr(copy, "\\u0000"))
		return COMMAND_NONSENSE;
	cJSON *json = cJSON_ParseWithOpts(copy, NULL, true);
	enum command_reading reading = COMMAND_NONSENSE;
	if (cJSON_IsObject(json))
		reading = read_command(json, command);
	cJSON_Delete(json);
	return reading;
}

bool command_expired(const struct command *command, int64_t now)
{
	return now > command->expires;
}

char *command_result(const struct command *command, const struct outcome *outcome)
{
	char now[WALL_TEXT_MAX];
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "command", command->id);
	cJSON_AddStringToObject(json, "serial", command->serial);
	cJSON_AddStringToObject(json, "outcome", outcome->outcome);
	if (outcome->reason)
		cJSON_AddStringToObject(json, "reason", outcome->reason);
	cJSON_AddStringToObject(json, "time", wall_format(wall_now(), now));
	if (outcome->diagnosis) {
		cJSON *detail = cJSON_AddObjectToObject(json, "detail");
		cJSON_AddStringToObject(detail, "diagnosis", outcome->diagnosis);
	}
	char *text = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	return text;
}
