/* network_map.h: addresses in place of real ones: every /24 becomes a network for documentation or
 * benchmarks, the last octet stays, so what was in one network still is. IPv6 is counted on. */
#ifndef CONFORMANCE_NETWORK_MAP_H
#define CONFORMANCE_NETWORK_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sim/printer/oid.h"

enum { NETWORKS_MAX = 512, ADDRESSES6_MAX = 64 };

struct network_map {
	uint32_t networks[NETWORKS_MAX]; /* address >> 8, in the order they were met */
	size_t count;
	uint8_t addresses6[ADDRESSES6_MAX][16];
	size_t count6;
};

/* Masks, multicast, this host and nobody stay as they are. */
uint32_t network_map_address(struct network_map *map, uint32_t address);
void network_map_address6(struct network_map *map, uint8_t address[16]);
/* Addresses of either kind inside a text. Its length may change. */
void network_map_text(struct network_map *map, struct buf *text);
/* Addresses in the index of the tables that are indexed by one (RFC 1213, RFC 4293). */
void network_map_oid(struct network_map *map, struct oid *oid);

#endif
