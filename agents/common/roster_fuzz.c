#include "agents/common/roster.h"

#include "base/buf.h"
#include "base/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct config_needs needs = { .panel = true };
	struct roster roster;
	AUTO_FREE char *text = alloc_bytes(data, size);

	roster_parse(&roster, text, "fuzz", &needs, NULL);
	roster_done(&roster);
	return 0;
}
