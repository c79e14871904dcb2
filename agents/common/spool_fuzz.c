#include "agents/common/spool.h"

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = spool_check((const char *)data, size);

	/* The sum almost never fits by chance; what follows it is read by the queue either way. */
	if (text && text != (const char *)data + 65)
		abort();
	AUTO_FREE char *copy = alloc_bytes(data, size);
	cJSON_Delete(cJSON_Parse(copy));
	return 0;
}
