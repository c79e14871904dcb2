#include "sim/world/router.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "sim/world/network.h"
#include "sim/world/reassembly.h"
#include "sim/world/resolver.h"

enum { HTTPS = 443, DNS = 53 };

struct router {
	struct router_options options;
	struct reassembly *reassembly;
	uint16_t next_id;
	uint8_t frame[ETHERNET_SIZE + PACKET_MAX];
	uint8_t packet[PACKET_MAX];
};

/* What an address of the world is. */
enum place {
	PLACE_GATEWAY,
	PLACE_RESOLVER,
	PLACE_CLOUD,
	PLACE_PRINTER,
	PLACE_ABSENT,
	PLACE_BROADCAST,
	PLACE_MULTICAST,
	PLACE_ELSEWHERE
};

struct router *router_new(const struct router_options *options)
{
	struct router *router = alloc_zero(1, sizeof(*router));
	router->options = *options;
	router->reassembly = reassembly_new();
	return router;
}

void router_free(struct router *router)
{
	if (!router)
		return;
	reassembly_free(router->reassembly);
	free(router);
}

static bool is_printer(const struct router *router, uint32_t address)
{
	const struct router_options *options = &router->options;
	return options->is_printer && options->is_printer(options->printers_arg, address);
}

static enum place place_of(const struct router *router, uint32_t address)
{
	if (address == WORLD_GATEWAY_IP)
		return PLACE_GATEWAY;
	if (address == WORLD_DNS_IP)
		return PLACE_RESOLVER;
	if ((address & 0xffffff00u) == WORLD_CLOUD_NET)
		return PLACE_CLOUD;
	if (address == 0xffffffffu || address == 0x0affffffu)
		return PLACE_BROADCAST;
	if (address >= 0xe0000000u)
		return PLACE_MULTICAST;
	if ((address & 0xfff00000u) == WORLD_PRINTERS && is_printer(router, address))
		return PLACE_PRINTER;
	return address >> 24 == 10 ? PLACE_ABSENT : PLACE_ELSEWHERE;
}

static void frame_out(void *arg, const uint8_t *bytes, size_t size)
{
	struct router *router = arg;

	packet_ethernet(router->frame, network_agent_hardware, network_gateway_hardware,
			ETHERTYPE_IS_IPV4);
	memcpy(router->frame + ETHERNET_SIZE, bytes, size);
	router->options.to_agent(router->options.arg, router->frame, ETHERNET_SIZE + size);
}

/* To the agent, once the wire has had its say. */
static void deliver(struct router *router, const uint8_t *bytes, size_t size)
{
	packet_fragments(bytes, size, PACKET_MTU, frame_out, router);
}

/* Sends a packet to the agent over a wire that may lose or delay it. */
static void send(struct router *router, const uint8_t *bytes, size_t size)
{
	const struct router_options *options = &router->options;
	struct packet packet;

	if (!packet_parse(&packet, bytes, size))
		return;
	struct wirefault_verdict verdict = wirefault_judge(options->faults, &packet, false);
	if (verdict.drop)
		return;
	if (verdict.delay_ns)
		options->later(options->arg, options->now(options->arg) + verdict.delay_ns, false,
			       bytes, size);
	else
		deliver(router, bytes, size);
}

static void refuse(struct router *router, enum packet_refusal refusal, uint32_t from,
		   const struct packet *about)
{
	uint8_t out[PACKET_ICMP_MAX];
	size_t size = packet_refuse(out, refusal, from, about);

	if (size)
		send(router, out, size);
}

static void refuse_tcp(struct router *router, const struct packet *segment)
{
	uint8_t out[IPV4_SIZE + TCP_SIZE];
	size_t size = packet_is_fragment(segment) ? 0 : packet_reset(out, segment);

	if (size)
		send(router, out, size);
}

void router_udp(struct router *router, const struct packet_ends *ends, const uint8_t *data,
		size_t size)
{
	struct packet_ends numbered = *ends;

	if (size > UDP_DATA_MAX)
		return;
	numbered.id = ++router->next_id;
	send(router, router->packet, packet_udp(router->packet, &numbered, data, size));
}

static void resolve(struct router *router, const struct packet *packet)
{
	uint8_t out[RESOLVER_ANSWER_MAX];
	struct resolver_seen seen;
	struct dnsfault *fault = router->options.names;
	size_t size = resolver_answer(packet->data, packet->data_size, out, &seen);
	if (fault)
		size = dnsfault_bend(fault, out, size, &seen);

	if (seen.name[0]) {
		char address[IPV4_TEXT_MAX];
		char number[16];
		const char *type = resolver_type(seen.type);
		snprintf(number, sizeof(number), "TYPE%u", seen.type);
		tap_seen(router->options.tap, "dns.query",
			 json_pack("{s:o, s:s, s:s?}", "name",
				   json_lossy_text(seen.name, strlen(seen.name)), "type",
				   type ? type : number, "answer",
				   seen.answered ? ipv4_format(seen.address, address) : NULL));
	}
	if (fault)
		dnsfault_tell(fault, &seen);
	if (!size)
		return;
	struct packet_ends ends = { .from = packet->to,
				    .to = packet->from,
				    .from_port = packet->to_port,
				    .to_port = packet->from_port };
	router_udp(router, &ends, out, size);
}

static void to_printers(struct router *router, const struct packet *packet, enum place place)
{
	const struct router_options *options = &router->options;
	bool open = options->printers &&
		    (place == PLACE_BROADCAST || !options->is_open ||
		     options->is_open(options->printers_arg, packet->to, packet->to_port));

	if (open)
		options->printers(options->printers_arg, packet->from, packet->from_port,
				  packet->to, packet->to_port, packet->data, packet->data_size);
	else if (place != PLACE_BROADCAST)
		refuse(router, REFUSAL_PORT, packet->to, packet);
}

/* A UDP datagram, whole. */
static void take_udp(struct router *router, const struct packet *packet)
{
	enum place place = place_of(router, packet->to);

	if (!packet_udp_sound(packet))
		return;
	switch (place) {
	case PLACE_RESOLVER:
		if (packet->to_port == DNS)
			resolve(router, packet);
		else
			refuse(router, REFUSAL_PORT, packet->to, packet);
		return;
	case PLACE_PRINTER:
	case PLACE_BROADCAST:
		to_printers(router, packet, place);
		return;
	case PLACE_GATEWAY:
	case PLACE_CLOUD: /* nothing there listens on UDP */
		refuse(router, REFUSAL_PORT, packet->to, packet);
		return;
	case PLACE_ABSENT:
		refuse(router, REFUSAL_HOST, WORLD_GATEWAY_IP, packet);
		return;
	case PLACE_ELSEWHERE:
		refuse(router, REFUSAL_NET, WORLD_GATEWAY_IP, packet);
		return;
	case PLACE_MULTICAST:
		return;
	}
}

static void forward(struct router *router, uint8_t *bytes, const struct packet *packet)
{
	if (packet->ttl <= 1) {
		refuse(router, REFUSAL_TIME, WORLD_GATEWAY_IP, packet);
		return;
	}
	packet_pass_hop(bytes);
	router->options.to_cloud(router->options.arg, bytes, packet->size);
}

/* The kernel sockets behind the router listen on every address there is; the router holds cloud and
 * printers apart: 443 is the cloud's alone, any other port the printers'. */
static void take_tcp(struct router *router, uint8_t *bytes, const struct packet *packet)
{
	bool https = packet->to_port == HTTPS;

	switch (place_of(router, packet->to)) {
	case PLACE_CLOUD:
		if (https || packet->offset)
			forward(router, bytes, packet);
		else
			refuse_tcp(router, packet);
		return;
	case PLACE_PRINTER:
		if (!https)
			forward(router, bytes, packet);
		else
			refuse_tcp(router, packet);
		return;
	case PLACE_GATEWAY:
	case PLACE_RESOLVER:
		refuse_tcp(router, packet);
		return;
	case PLACE_ABSENT:
		refuse(router, REFUSAL_HOST, WORLD_GATEWAY_IP, packet);
		return;
	case PLACE_ELSEWHERE:
		refuse(router, REFUSAL_NET, WORLD_GATEWAY_IP, packet);
		return;
	case PLACE_BROADCAST:
	case PLACE_MULTICAST:
		return;
	}
}

static void take(struct router *router, uint8_t *bytes, size_t size)
{
	const struct router_options *options = &router->options;
	struct packet packet;

	if (!packet_parse(&packet, bytes, size))
		return;
	if (packet.protocol == PACKET_TCP) {
		take_tcp(router, bytes, &packet);
	} else if (packet.protocol == PACKET_UDP && packet_is_fragment(&packet)) {
		size_t whole;
		const uint8_t *joined = reassembly_add(router->reassembly, &packet,
						       options->now(options->arg), &whole);
		if (joined && packet_parse(&packet, joined, whole))
			take_udp(router, &packet);
	} else if (packet.protocol == PACKET_UDP) {
		take_udp(router, &packet);
	} else if (place_of(router, packet.to) < PLACE_BROADCAST) {
		/* Also for ICMP: errors the agent's kernel sends end here, as on any network. */
		refuse(router, REFUSAL_PROTOCOL, packet.to, &packet);
	}
}

void router_arrive(struct router *router, bool from_agent, uint8_t *packet, size_t size)
{
	/* The cable may have been pulled meanwhile. */
	if (wirefault_drops_frame(router->options.faults))
		return;
	if (from_agent)
		take(router, packet, size);
	else
		deliver(router, packet, size);
}

static void answer_arp(struct router *router, const uint8_t *frame, size_t size)
{
	static const uint8_t request[] = { 0, 1, 8, 0, 6, 4, 0, 1 }; /* Ethernet, IPv4, who has */
	uint8_t out[ARP_SIZE];

	if (size < ARP_SIZE || memcmp(frame + ETHERNET_SIZE, request, sizeof(request)) != 0)
		return;
	enum place place = place_of(router, get_be32(frame + 38));
	if (place != PLACE_GATEWAY && place != PLACE_RESOLVER && place != PLACE_PRINTER)
		return;
	size_t used = packet_arp_answer(out, frame, network_gateway_hardware);
	router->options.to_agent(router->options.arg, out, used);
}

void router_from_agent(struct router *router, const uint8_t *frame, size_t size)
{
	const struct router_options *options = &router->options;
	struct packet packet;

	if (size < ETHERNET_SIZE || size > sizeof(router->frame))
		return;
	uint16_t type = get_be16(frame + 12);
	if (type != ETHERTYPE_IS_IPV4) {
		if (!wirefault_drops_frame(options->faults) && type == ETHERTYPE_IS_ARP)
			answer_arp(router, frame, size);
		return;
	}
	if (!packet_parse(&packet, frame + ETHERNET_SIZE, size - ETHERNET_SIZE) ||
	    packet.from != WORLD_AGENT_IP)
		return;
	struct wirefault_verdict verdict = wirefault_judge(options->faults, &packet, true);
	if (verdict.drop)
		return;
	if (verdict.delay_ns) {
		options->later(options->arg, options->now(options->arg) + verdict.delay_ns, true,
			       packet.bytes, packet.size);
		return;
	}
	AUTO_FREE uint8_t *copy = (uint8_t *)alloc_bytes(packet.bytes, packet.size);
	take(router, copy, packet.size);
}

void router_from_cloud(struct router *router, const uint8_t *bytes, size_t size)
{
	struct packet packet;

	if (!packet_parse(&packet, bytes, size) || packet.to != WORLD_AGENT_IP || packet.ttl <= 1)
		return;
	enum place place = place_of(router, packet.from);
	if (place != PLACE_CLOUD && place != PLACE_PRINTER)
		return;
	AUTO_FREE uint8_t *copy = (uint8_t *)alloc_bytes(packet.bytes, packet.size);
	packet_pass_hop(copy);
	send(router, copy, packet.size);
}
