/* collect.h: reads one printer by SNMP into a record. Whatever it answers, or does not, the
 * collection ends: with a record, or with why there is none. */
#ifndef AGENTS_DC_COLLECT_H
#define AGENTS_DC_COLLECT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "agents/common/snmp.h"
#include "agents/dc/st2.h"

struct collection; /* opaque; ends itself with done */

struct collected {
	int status; /* 0, or negative errno: nothing else is valid then */
	struct st2 st2;
	cJSON *record; /* NULL for a look; the call back takes it over */
	bool self_diagnosis;
};

typedef void collect_done(void *arg, struct collected *collected);

/* only_look: the status block alone. done comes later, never from inside. */
struct collection *collect_start(const struct snmp_options *options, bool only_look,
				 collect_done *done, void *arg);
void collect_cancel(struct collection *collection); /* NULL is fine; not inside done */

#endif
