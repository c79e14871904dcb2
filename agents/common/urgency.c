#include "agents/common/urgency.h"

#include <string.h>

#include "base/cleanup.h"
#include "ecsp/ecsp.h"

/* What can be missed most comes first; what must not wait comes last. */
static const char *const collections[] = { ECSP_SCHEDULED, ECSP_EVENT, ECSP_COMMAND };

int urgency_of(const char *collection)
{
	for (size_t i = 0; i < COUNT_OF(collections); i++)
		if (strcmp(collections[i], collection) == 0)
			return (int)i;
	return 0;
}

const char *urgency_collection(int urgency)
{
	bool known = urgency >= 0 && (size_t)urgency < COUNT_OF(collections);

	return collections[known ? urgency : 0];
}

bool urgency_before(int urgency, int other)
{
	return urgency > other;
}

bool urgency_waits(int urgency)
{
	return urgency == 0;
}
