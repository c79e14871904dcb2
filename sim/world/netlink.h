/* netlink.h: the few rtnetlink requests the world needs. Each waits for the kernel's answer, which
 * comes at once. Addresses are host order. Errors are negative errno. */
#ifndef SIM_WORLD_NETLINK_H
#define SIM_WORLD_NETLINK_H

#include <stdbool.h>
#include <stdint.h>

int netlink_open(int protocol); /* in the caller's network namespace */

/* Brings a link up; queue: its transmit queue in packets, 0 leaves it. */
int netlink_link_up(int fd, int index, uint32_t queue);
int netlink_link_hardware(int fd, int index, const uint8_t address[6]);

struct netlink_address {
	int index;
	uint32_t address;
	uint8_t prefix;     /* bits */
	uint32_t broadcast; /* 0: none */
};
/* Adds the address without a route for its prefix: neighbours are never looked up. */
int netlink_address(int fd, const struct netlink_address *address);

struct netlink_route {
	int index;
	uint8_t table, type, scope; /* RT_TABLE_*, RTN_*, RT_SCOPE_* */
	uint32_t to;
	uint8_t prefix;
	uint32_t gateway; /* 0: none; else reached on the link whatever its address */
};
int netlink_route(int fd, const struct netlink_route *route);

struct netlink_counters {
	uint64_t sent, received, send_dropped;
};
int netlink_counters(int fd, int index, struct netlink_counters *counters);

#endif
