/* mutate.h: seeded damage: the same bytes and the same seed give the same other bytes.
 *
 * Bytes are flipped, put in, taken out; of what is BER, also elements: taken out, doubled, moved
 * and filled anew, with the lengths around them made right again, so that the damage gets past the
 * first check of a reader. */
#ifndef SIM_PRINTER_MUTATE_H
#define SIM_PRINTER_MUTATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* One change, which did tells in words. False if there was nothing to change or no room for more;
 * then the bytes stay. */
bool mutate_ber(struct buf *bytes, uint64_t seed, struct buf *did);
bool mutate_bytes(struct buf *bytes, uint64_t seed, struct buf *did);

#endif
