/* fragment.h: IPv4 datagrams that came in parts, made whole (RFC 791). */
#ifndef CONFORMANCE_FRAGMENT_H
#define CONFORMANCE_FRAGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "conformance/packet.h"

struct fragment_pool; /* opaque */

struct fragment_pool *fragment_pool_new(void);
void fragment_pool_free(struct fragment_pool *pool);

/* Takes a part (packet->fragment). True when it makes its datagram whole: packet then has payload
 * and transport fields of the whole, borrowed from the pool, and *number is its first frame. */
bool fragment_add(struct fragment_pool *pool, struct packet *packet, bool from_agent,
		  uint64_t *number);

/* First frame from the agent whose datagram never became whole, 0 if there is none. */
uint64_t fragment_broken(const struct fragment_pool *pool);

#endif
