#include "sim/world/resolver.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t answer[RESOLVER_ANSWER_MAX];
	struct resolver_seen seen;
	size_t used = resolver_answer(data, size, answer, &seen);

	/* An answer is about the question, and a name ends within its room. */
	if (used > sizeof(answer) || (used && memcmp(answer, data, 2) != 0) ||
	    strnlen(seen.name, sizeof(seen.name)) == sizeof(seen.name))
		abort();
	return 0;
}
