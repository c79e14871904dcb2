#include "agents/common/retry_after.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *value = alloc_bytes(data, size);
	int64_t wait = retry_after_ms(value, 1795342530000000000);

	if (wait < 0 || wait > RETRY_AFTER_MAX_MS)
		abort();
	return 0;
}
