/* oldest-first: sends what lies longest first, whatever it is. Replaces agents/common/urgency.c. */
#include "agents/common/urgency.h"

#include <string.h>

#include "base/cleanup.h"
#include "ecsp/ecsp.h"

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
	return collections[urgency];
}

bool urgency_before(int urgency, int other)
{
	return other < 0 && urgency >= 0;
}

bool urgency_waits(int urgency)
{
	(void)urgency;
	return true;
}
