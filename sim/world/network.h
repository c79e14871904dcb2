/* network.h: the two networks of a world and the devices that join them to the router. */
#ifndef SIM_WORLD_NETWORK_H
#define SIM_WORLD_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/world/broker.h"
#include "sim/world/netlink.h"

extern const uint8_t network_agent_hardware[6], network_gateway_hardware[6];

struct network {
	int cloud;         /* namespace W, where this process lives */
	int agent;         /* namespace A, where the agent will live */
	int tun;           /* IP packets of W */
	int tap;           /* Ethernet frames of A's eth0 */
	int agent_links;   /* rtnetlink in A */
	int agent_sockets; /* socket diagnosis in A: requests */
	int agent_ends;    /* socket diagnosis in A: notices of sockets that ended */
	int eth0;          /* index in A */
};

/* Called in the fresh network namespace that becomes W; afterwards the process is in W. */
int network_init(struct network *network, const struct broker *broker, struct error *err);
void network_done(struct network *network);

/* Pulls the agent's cable out or puts it in; it has taken effect on return. 0 or negative errno. */
int network_carrier(const struct network *network, bool on);

int network_counters(const struct network *network, struct netlink_counters *counters);

#endif
