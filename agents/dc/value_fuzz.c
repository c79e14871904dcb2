#include "agents/dc/value.h"

#include "base/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum column_kind kinds[] = { COLUMN_TEXT,    COLUMN_NUMBER, COLUMN_TIME,
						  COLUMN_SETTING, COLUMN_MAKER,  COLUMN_CLOCK };
	struct snmp_value value = { .kind = SNMP_BYTES, .data = data, .size = size };

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		cJSON_Delete(value_json(kinds[i], &value));
	return 0;
}
