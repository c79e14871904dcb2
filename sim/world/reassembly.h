/* reassembly.h: fragments of a datagram back into one packet (RFC 791, 3.2). Holds a few at a time;
 * what does not complete within its time is forgotten, as a host would. */
#ifndef SIM_WORLD_REASSEMBLY_H
#define SIM_WORLD_REASSEMBLY_H

#include <stddef.h>
#include <stdint.h>

#include "sim/world/packet.h"

struct reassembly; /* opaque */

struct reassembly *reassembly_new(void);
void reassembly_free(struct reassembly *reassembly);

/* Takes a fragment; now_ns is monotonic. Returns the whole packet (header first, valid until the
 * next call) and its size when this was the last piece, else NULL. */
const uint8_t *reassembly_add(struct reassembly *reassembly, const struct packet *fragment,
			      uint64_t now_ns, size_t *size);

#endif
