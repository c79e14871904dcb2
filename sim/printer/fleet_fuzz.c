#include "sim/printer/fuzzbed.h"

/* Any datagram to port 161. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_send(161, data, size);
	return 0;
}
