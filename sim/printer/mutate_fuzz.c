#include <stdlib.h>

#include "sim/printer/fuzzbed.h"
#include "sim/printer/mutate.h"

/* A seed of eight bytes, then any bytes as what is damaged again and again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { SEED = 8, TIMES = 8, MAX = 8192 };
	struct buf bytes, did;

	if (size < SEED || size > MAX / 2)
		return 0;
	buf_init(&bytes, MAX);
	buf_init(&did, 4096);
	buf_add(&bytes, data + SEED, size - SEED);
	for (uint64_t i = 0; i < TIMES; i++) {
		uint64_t seed = (uint64_t)get_be32(data) << 32 | get_be32(data + 4);
		mutate_ber(&bytes, seed + i, &did);
		if (bytes.size > MAX || bytes.failed)
			abort();
	}
	buf_done(&bytes);
	buf_done(&did);
	return 0;
}
