#include "agents/common/verdict.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first two bytes are the status, the third how many records were sent. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return 0;
	int status = data[0] | data[1] << 8;
	AUTO_FREE char *body = alloc_bytes(data + 3, size - 3);
	enum verdict verdict = verdict_of(status, body, data[2]);

	if (verdict == VERDICT_STORED && status != 200 && status != 201)
		abort();
	return 0;
}
