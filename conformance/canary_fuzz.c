/* Any bytes can be searched, and a hit lies inside them. */
#include "conformance/canary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(void *arg, const struct canary_hit *hit)
{
	const size_t *size = arg;
	if (hit->offset >= *size)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct canary_mark marks[] = { { "Quarterly-Report", "document" } };
	struct canary *canary = canary_new(marks, 1, NULL);
	canary_search(canary, data, size, check, &size);
	canary_free(canary);
	return 0;
}
