#include "agents/dc/st2.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct st2 st2;

	if (st2_parse(data, size, &st2) &&
	    (st2.status < 0 || st2.warning_count > ST2_WARNINGS_MAX || !st2_equal(&st2, &st2)))
		abort();
	return 0;
}
