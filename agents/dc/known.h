/* known.h: which serial number each designated address gave last, on disk, so that a command for a
 * printer that is off after a restart fails as unreachable and not as unknown. */
#ifndef AGENTS_DC_KNOWN_H
#define AGENTS_DC_KNOWN_H

#include <stdint.h>

#include "base/loop.h"

struct known; /* opaque */

/* A missing or damaged file: nothing is known. */
struct known *known_new(struct loop *loop, const char *state);
void known_free(struct known *known); /* writes down what it did not yet */
const char *known_serial(const struct known *known, uint32_t address); /* "" if not known */
void known_set(struct known *known, uint32_t address, const char *serial);

#endif
