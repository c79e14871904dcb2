#include "agents/common/snmp_engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snmp_engine engine;

	if (size >= 4)
		snmp_engine_read(data + 4, size - 4,
				 (int32_t)((uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 |
					   (uint32_t)data[2] << 8 | data[3]),
				 &engine);
	return 0;
}
