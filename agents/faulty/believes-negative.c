/* believes-negative: reports a count below zero as it stands. Stands before value_json. */
#include "agents/dc/value.h"

/* The linker (--wrap) puts the second in the place of the first. */
cJSON *__real_value_json(enum column_kind kind, const struct snmp_value *value);
cJSON *__wrap_value_json(enum column_kind kind, const struct snmp_value *value);

cJSON *__wrap_value_json(enum column_kind kind, const struct snmp_value *value)
{
	if (kind == COLUMN_NUMBER && value->kind == SNMP_NUMBER && value->number < 0)
		return cJSON_CreateNumber((double)value->number);
	return __real_value_json(kind, value);
}
