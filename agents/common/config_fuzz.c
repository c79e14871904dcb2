#include "agents/common/config.h"

#include "base/buf.h"
#include "base/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config config;
	AUTO_FREE char *text = alloc_bytes(data, size);

	config_defaults(&config);
	config_parse(&config, text, size, "fuzz", NULL);
	config_done(&config);
	return 0;
}
