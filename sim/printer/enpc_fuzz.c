#include "sim/printer/fuzzbed.h"

/* Any datagram to port 3289. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_send(3289, data, size);
	return 0;
}
