/* command.h: what the cloud asks by MQTT (REM-3), read strictly; and the answer's JSON. */
#ifndef AGENTS_COMMON_COMMAND_H
#define AGENTS_COMMON_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COMMAND_ID_MAX = 65, COMMAND_SERIAL_MAX = 65 };

enum operation { OPERATION_STATUS, OPERATION_CLEAN, OPERATION_DIAGNOSE };

struct command {
	char id[COMMAND_ID_MAX];
	char serial[COMMAND_SERIAL_MAX];
	enum operation operation;
	int64_t issued, expires; /* UTC nanoseconds */
};

/* COMMAND_MALFORMED: the id and the serial could be read, so it can be refused; a result has both.
 * COMMAND_NONSENSE: not even that; there is nobody to answer to. */
enum command_reading { COMMAND_GOOD, COMMAND_MALFORMED, COMMAND_NONSENSE };

enum command_reading command_parse(const char *text, size_t size, struct command *command);

bool command_expired(const struct command *command, int64_t now);

struct outcome {
	const char *outcome;   /* ECSP_DONE, ECSP_REFUSED, ECSP_FAILED */
	const char *reason;    /* NULL when done */
	const char *diagnosis; /* NULL: none */
};

/* The result message; time is now. Caller frees. */
char *command_result(const struct command *command, const struct outcome *outcome);

#endif
