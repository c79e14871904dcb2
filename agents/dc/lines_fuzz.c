#include "agents/dc/lines.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct st2 st2;

	if (lines_parse(data, size, &st2) &&
	    (st2.status < 0 || st2.error > 255 || st2.warning_count > ST2_WARNINGS_MAX))
		abort();
	return 0;
}
