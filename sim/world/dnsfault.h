/* dnsfault.h: what the world's name server answers instead of the truth. Pure: an answer in,
 * another out. */
#ifndef SIM_WORLD_DNSFAULT_H
#define SIM_WORLD_DNSFAULT_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/tap.h"
#include "sim/world/resolver.h"

struct dnsfault; /* opaque */

/* tap: "fault.reached" {fault, name, done} for each answer that is changed or held back. Borrowed.
 */
struct dnsfault *dnsfault_new(struct tap *tap);
void dnsfault_free(struct dnsfault *fault);

/* dns.answer {kind, name, count}: only questions for name, only so many; default all. */
int dnsfault_set(struct dnsfault *fault, const json_t *parameters, struct error *err);
void dnsfault_clear(struct dnsfault *fault, const char *name); /* NULL: all */

/* Changes what resolver_answer made, in place, and in seen what it says. Returns the new size, at
 * most the old one; 0: no answer goes out. */
size_t dnsfault_bend(struct dnsfault *fault, uint8_t *answer, size_t size,
		     struct resolver_seen *seen);
/* Tells that the last answer was bent, if it was: when it is out. */
void dnsfault_tell(struct dnsfault *fault, const struct resolver_seen *seen);

#endif
