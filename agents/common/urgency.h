/* urgency.h: what goes out first: commands, then events, then what was scheduled, so that what is
 * live does not wait behind what an outage left. */
#ifndef AGENTS_COMMON_URGENCY_H
#define AGENTS_COMMON_URGENCY_H

#include <stdbool.h>

/* Number of a collection (ECSP_SCHEDULED…), as it stands on disk, and back. */
int urgency_of(const char *collection);
const char *urgency_collection(int urgency);

bool urgency_before(int urgency, int other); /* must it go first? */
bool urgency_waits(int urgency);             /* can it be missed most, and be sent at leisure? */

#endif
