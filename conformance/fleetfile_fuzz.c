#include "conformance/fleetfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any text as a fleet file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fleetfile_free(fleetfile_parse((const char *)data, size, "f.yaml", NULL));
	return 0;
}
