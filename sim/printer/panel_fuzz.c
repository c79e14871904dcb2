#include "sim/printer/fuzzbed.h"
#include "sim/printer/panel.h"

/* Any line to the panel. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct device *device;
	bool watch = false;

	fuzz_fleet(&device);
	json_decref(panel_answer(device, (const char *)data, size, &watch));
	return 0;
}
