/* observation.h: the kinds of observation that a journal can hold; docs/evidence.md says what each
 * means, and a test holds the two together. */
#ifndef CONFORMANCE_OBSERVATION_H
#define CONFORMANCE_OBSERVATION_H

#include <stdbool.h>

bool observation_is_known(const char *kind);
const char *observation_nearest(const char *kind); /* NULL if none is near */

extern const char *const observation_kinds[]; /* ends with NULL */

#endif
