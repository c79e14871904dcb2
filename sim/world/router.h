/* router.h: what becomes of each frame: a function of bytes, without descriptors.
 *
 * Ethernet frames of the agent come in; out go frames to the agent, IP packets to the cloud's
 * kernel, and UDP datagrams to the printers. */
#ifndef SIM_WORLD_ROUTER_H
#define SIM_WORLD_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/tap.h"
#include "sim/world/dnsfault.h"
#include "sim/world/wirefault.h"
#include "sim/world/world.h"

struct router; /* opaque */

struct router_options {
	struct tap *tap;          /* "dns.query" */
	struct wirefault *faults; /* borrowed */
	struct dnsfault *names;   /* borrowed; NULL: the resolver tells the truth */
	uint64_t (*now)(void *arg);
	void (*to_agent)(void *arg, const uint8_t *frame, size_t size);
	void (*to_cloud)(void *arg, const uint8_t *packet, size_t size);
	/* Keeps a packet until a time; hands it to router_arrive. */
	void (*later)(void *arg, uint64_t at_ns, bool from_agent, const uint8_t *packet,
		      size_t size);
	void *arg;
	/* As in struct world_options, any may be NULL. */
	world_udp *printers;
	bool (*is_printer)(void *arg, uint32_t address);
	bool (*is_open)(void *arg, uint32_t address, uint16_t port);
	void *printers_arg;
};

struct router *router_new(const struct router_options *options);
void router_free(struct router *router);

void router_from_agent(struct router *router, const uint8_t *frame, size_t size);
void router_from_cloud(struct router *router, const uint8_t *packet, size_t size);
void router_arrive(struct router *router, bool from_agent, uint8_t *packet, size_t size);
void router_udp(struct router *router, const struct packet_ends *ends, const uint8_t *data,
		size_t size);

#endif
