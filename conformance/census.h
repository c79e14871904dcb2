/* census.h: who of the agents has come to a living world's cloud, and with what: counted from what
 * the cloud tells, on its way to whoever else listens. */
#ifndef CONFORMANCE_CENSUS_H
#define CONFORMANCE_CENSUS_H

#include <jansson.h>

#include "sim/tap.h"

struct cloud;
struct census; /* opaque */

/* next: who else listens, borrowed; NULL: nobody. */
struct census *census_new(struct tap *next);
void census_free(struct census *census); /* NULL is fine; after the cloud */

struct tap *census_tap(struct census *census);

/* An agent that may log in. */
void census_expect(struct census *census, const char *agent);

/* {"name": "cloud", "agents": 1000, "registered", "connected", "reporting", "uploads", "records",
 * "duplicates", "refused", "silent": [ids, at most 10, of those that uploaded nothing]}. Caller
 * owns. */
json_t *census_report(const struct census *census, const struct cloud *cloud);

#endif
