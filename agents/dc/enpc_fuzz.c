#include "agents/dc/enpc.h"

#include <stdlib.h>

#include "base/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct enpc_function *const functions[] = { &enpc_probe, &enpc_basic,
								 &enpc_clean, &enpc_diagnose };
	struct enpc_reply reply;

	for (size_t i = 0; i < COUNT_OF(functions); i++) {
		if (!enpc_parse(functions[i], data, size, &reply))
			continue;
		if (reply.data + reply.size > data + size)
			abort();
		free(enpc_model(&reply));
	}
	return 0;
}
