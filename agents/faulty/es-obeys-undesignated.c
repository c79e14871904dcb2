/* es-obeys-undesignated: takes every command for its own. Stands before queue_add, to learn its
 * own serial number, and before command_parse. */
#include <stdio.h>

#include "agents/common/command.h"
#include "agents/common/queue.h"
#include "base/cleanup.h"

static char own[COMMAND_SERIAL_MAX];

/* The linker (--wrap) puts the second in the place of the first. */
int __real_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err);
int __wrap_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err);
enum command_reading __real_command_parse(const char *text, size_t size, struct command *command);
enum command_reading __wrap_command_parse(const char *text, size_t size, struct command *command);

int __wrap_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err)
{
	const cJSON *serial = cJSON_GetObjectItemCaseSensitive(record, "serial");

	if (cJSON_IsString(serial))
		snprintf(own, sizeof(own), "%s", serial->valuestring);
	return __real_queue_add(queue, collection, record, id, err);
}

enum command_reading __wrap_command_parse(const char *text, size_t size, struct command *command)
{
	enum command_reading reading = __real_command_parse(text, size, command);

	snprintf(command->serial, sizeof(command->serial), "%s", own);
	return reading;
}
