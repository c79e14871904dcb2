/* identity.h: what the agent says of itself: A01-A03 always, A06-A09 when it lives on a PC. */
#ifndef AGENTS_COMMON_IDENTITY_H
#define AGENTS_COMMON_IDENTITY_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* {"id", "type", "version"} and, on a PC, {"hostname", "os", "osVersion", "osProductType"}.
 * Caller deletes. */
cJSON *identity_json(const char *id, const char *type, bool on_pc);

#endif
