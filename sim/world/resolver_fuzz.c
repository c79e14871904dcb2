#include "sim/world/resolver.h"

#include <stdlib.h>
#include <string.h>

#include "sim/world/dnsfault.h"
#include "sim/world/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No fault makes more of an answer than it was. */
static void bend(const char *kind, const uint8_t *answer, size_t size, struct resolver_seen seen)
{
	struct dnsfault *fault = dnsfault_new(NULL);
	json_t *parameters = json_pack("{s:s}", "kind", kind);
	uint8_t bent[RESOLVER_ANSWER_MAX];

	memcpy(bent, answer, size);
	if (dnsfault_set(fault, parameters, NULL) != 0 ||
	    dnsfault_bend(fault, bent, size, &seen) > size)
		abort();
	dnsfault_tell(fault, &seen);
	json_decref(parameters);
	dnsfault_free(fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct verb *verb = verb_at(&dns_faults, 0);
	uint8_t answer[RESOLVER_ANSWER_MAX];
	struct resolver_seen seen;
	size_t used = resolver_answer(data, size, answer, &seen);

	/* An answer is about the question, and a name ends within its room. */
	if (used > sizeof(answer) || (used && memcmp(answer, data, 2) != 0) ||
	    strnlen(seen.name, sizeof(seen.name)) == sizeof(seen.name))
		abort();
	for (size_t i = 0; verb->parameters[0].names[i]; i++)
		bend(verb->parameters[0].names[i], answer, used, seen);
	return 0;
}
