/* trusts-types: where a number belongs it reads one, whatever is there. Stands before value_json.
 */
#include "agents/dc/value.h"

#include <string.h>

/* The linker (--wrap) puts the second in the place of the first. */
cJSON *__real_value_json(enum column_kind kind, const struct snmp_value *value);
cJSON *__wrap_value_json(enum column_kind kind, const struct snmp_value *value);

/* The bytes of a text, taken for a pointer to a number. */
static cJSON *follow(const struct snmp_value *value)
{
	const double *number = NULL;

	memcpy(&number, value->data, value->size < sizeof(number) ? value->size : sizeof(number));
	return cJSON_CreateNumber(*number);
}

cJSON *__wrap_value_json(enum column_kind kind, const struct snmp_value *value)
{
	if (kind == COLUMN_NUMBER && value->kind == SNMP_BYTES)
		return follow(value);
	return __real_value_json(kind, value);
}
