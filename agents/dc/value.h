/* value.h: one SNMP value as the JSON of one member. Pure. */
#ifndef AGENTS_DC_VALUE_H
#define AGENTS_DC_VALUE_H

#include <cjson/cJSON.h>

#include "agents/common/snmp.h"
#include "agents/dc/table.h"

/* NULL when the printer has no such value or one of another type: then the item is left out. Not
 * for COLUMN_STATUS. Caller deletes. */
cJSON *value_json(enum column_kind kind, const struct snmp_value *value);

#endif
