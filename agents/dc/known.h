/* known.h: which serial number each designated address gave last, on disk, so that a command for a
 * printer that is off after a restart fails as unreachable and not as unknown. */
#ifndef AGENTS_DC_KNOWN_H
#define AGENTS_DC_KNOWN_H

#include <stdint.h>

struct known; /* opaque */

struct known *known_new(const char *state); /* a missing or damaged file: nothing is known */
void known_free(struct known *known);
const char *known_serial(const struct known *known, uint32_t address); /* "" if not known */
void known_set(struct known *known, uint32_t address, const char *serial);

#endif
