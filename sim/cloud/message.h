/* message.h: is a JSON message what the contract says? Shapes as const tables, item ids beside the
 * members. The JSON Schemas in ecsp/schemas say the same for machines; a test holds the two
 * together by ecsp/examples. */
#ifndef SIM_CLOUD_MESSAGE_H
#define SIM_CLOUD_MESSAGE_H

#include <jansson.h>

#include "base/error.h"

enum message_kind {
	MESSAGE_REGISTRATION,
	MESSAGE_UPLOAD,
	MESSAGE_COMMAND,
	MESSAGE_RESULT,
	MESSAGE_CONFIGURATION,
	MESSAGE_APPLIED,
	MESSAGE_KIND_COUNT
};

extern const char *const message_names[MESSAGE_KIND_COUNT + 1]; /* NULL-terminated */

/* Strict parse (no duplicate keys, no broken UTF-8, nothing after the value), then message_check.
 * Caller owns. NULL with a sentence. */
json_t *message_read(enum message_kind kind, const void *data, size_t size, struct error *err);

/* 0, or -EINVAL with a sentence that begins with a JSON pointer: "/records/0/serial (D03): found
 * integer, expected text". */
int message_check(enum message_kind kind, const json_t *message, struct error *err);

/* The item id of a member of an upload's agent or record ("serial": "D03"), or NULL. */
const char *message_item(const char *member);

#endif
