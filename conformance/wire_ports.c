/* The rules about where the agent's packets go. */
#include "base/ipv4.h"
#include "conformance/wire_check.h"

enum { ICMP_UNREACHABLE = 3, FRAGMENT = 0x10000, MALFORMED = 0x10001 };

static struct wire_matter matter_of(const struct flow *flow)
{
	return (struct wire_matter){ .peer = flow->peer,
				     .protocol = (int)flow->protocol,
				     .port = flow->peer_port };
}

/* A TCP connection counts by its SYN, without any data. What the agent's kernel sends by itself in
 * answer to others, an RST, counts as nothing; an accepted connection has a rule of its own. */
static void check_tcp(struct wire_check *check, const struct flow *flow)
{
	uint64_t frame = flow->opened;
	if (!frame && !flow->asked)
		frame = flow->agent_frame;
	if (!frame || wire_is_cloud_flow(check, flow) || wire_is_dns_flow(check, flow))
		return;
	struct wire_place place = wire_place(PACKET_TCP, flow->peer, flow->peer_port);
	/* IANA: 1883 is mqtt, 8883 secure-mqtt; anything else breaks the row for HTTPS. */
	bool is_mqtt = flow->peer_port == 1883 || flow->peer_port == 8883;
	wire_tell(check,
		  &(struct wire_finding){ .matter = matter_of(flow),
					  .requirement = is_mqtt ? wire_party(check)->mqtt : NULL,
					  .frame = frame,
					  .what = "TCP to a port or party that is not declared",
					  .expected = "TCP 443 of the cloud" },
		  "%s", place.text);
}

/* The first datagram that does not speak what is declared for its port. */
static void check_speech(struct wire_check *check, const struct flow *flow, const char *name,
			 const char *requirement, bool (*speaks)(const uint8_t *, size_t))
{
	for (size_t i = 0; i < flow->up.range_count; i++) {
		const struct flow_range *range = &flow->up.ranges[i];
		if (speaks(flow->up.data + range->offset, range->size))
			continue;
		struct wire_place place = wire_place(PACKET_UDP, flow->peer, flow->peer_port);
		wire_tell(check,
			  &(struct wire_finding){ .matter = matter_of(flow),
						  .requirement = requirement,
						  .frame = range->frame,
						  .what = "a declared port with another protocol",
						  .expected = name },
			  "%zu bytes that are not %s to %s", range->size, name, place.text);
		return;
	}
}

static void check_udp(struct wire_check *check, const struct flow *flow)
{
	struct wire_service service;
	if (!flow->agent_frame)
		return;
	if (wire_is_dns_flow(check, flow)) {
		check_speech(check, flow, "DNS", NULL, wire_speaks_dns);
		return;
	}
	if (wire_service(check, flow->peer_port, &service)) {
		check_speech(check, flow, service.name, service.requirement, service.speaks);
		return;
	}
	struct wire_place place = wire_place(PACKET_UDP, flow->peer, flow->peer_port);
	const struct wire_party *party = wire_party(check);
	wire_tell(check,
		  &(struct wire_finding){ .matter = matter_of(flow),
					  .requirement = party->snmp,
					  .frame = flow->agent_frame,
					  .what = "UDP to a port that is not declared",
					  .expected = party->snmp
							      ? "UDP 161 or 3289 of printers, DNS"
							      : "no UDP but DNS" },
		  "%s", place.text);
}

void wire_check_ports(struct wire_check *check)
{
	for (size_t i = 0; i < check->flows->count; i++) {
		const struct flow *flow = &check->flows->flows[i];
		if (flow->protocol == FLOW_TCP)
			check_tcp(check, flow);
		else
			check_udp(check, flow);
	}
	if (check->flows->broken_frame)
		wire_tell(check,
			  &(struct wire_finding){ .matter = { .protocol = FRAGMENT },
						  .frame = check->flows->broken_frame,
						  .what = "a datagram that never was whole",
						  .expected = "all its parts" },
			  "an IPv4 fragment without the rest");
}

static void tell_stranger(struct wire_check *check, const struct flow *flow, uint64_t frame,
			  const char *what, const char *expected)
{
	struct wire_place place = wire_place((int)flow->protocol, flow->peer, flow->peer_port);
	wire_tell(check,
		  &(struct wire_finding){ .matter = matter_of(flow),
					  .frame = frame,
					  .what = what,
					  .expected = expected },
		  "%s", place.text);
}

/* COL-6: a broadcast asks everybody. It is discovery, which a scenario may allow, if it is an ENPC
 * probe; an SNMP request or an ENPC query by broadcast collects from whoever answers. */
static void check_broadcast(struct wire_check *check, const struct flow *flow)
{
	for (size_t i = 0; i < flow->up.range_count; i++) {
		const struct flow_range *range = &flow->up.ranges[i];
		bool probe = flow->peer_port == PORT_ENPC &&
			     wire_is_probe(flow->up.data + range->offset, range->size);
		if (probe && check->policy->discovery)
			continue;
		tell_stranger(check, flow, range->frame,
			      probe ? "discovery by an agent that does not discover"
				    : "a broadcast that collects from every printer",
			      check->policy->discovery ? "ENPC probes only" : "no broadcast");
		return;
	}
}

static void check_flow(struct wire_check *check, const struct flow *flow)
{
	bool collects = flow->protocol == FLOW_UDP &&
			(flow->peer_port == PORT_SNMP || flow->peer_port == PORT_ENPC);
	uint64_t frame = flow->agent_frame;
	if (!frame)
		return;
	if (collects && wire_is_broadcast(check, flow->peer))
		check_broadcast(check, flow);
	else if (collects && !wire_is_designated(check, flow->peer))
		tell_stranger(check, flow, frame, "a request to a device that is not designated",
			      "designated printers only");
	else if (wire_is_stranger(check, flow->peer))
		tell_stranger(check, flow, frame, "traffic to a printer that is not designated",
			      "designated printers only");
}

/* What a frame holds, if the agent sent it and it is not ICMP type 3, which its kernel sends for
 * late answers. False for others. */
static bool sent_packet(const struct capture_frame *frame, struct packet *packet)
{
	if (!frame->from_agent)
		return false;
	packet_read(packet, frame->data, frame->size);
	bool kernel = packet->ethertype == PACKET_IPV4 && !packet->damage && !packet->fragment &&
		      packet->protocol == PACKET_ICMP && packet->source_port == ICMP_UNREACHABLE;
	return !kernel;
}

static bool is_other_ip(const struct packet *packet)
{
	return packet->ethertype == PACKET_IPV4 && packet->protocol != PACKET_TCP &&
	       packet->protocol != PACKET_UDP && !packet->damage;
}

static bool is_closed(const struct wire_policy *policy, uint32_t address, int64_t wall_ns)
{
	for (size_t i = 0; i < policy->closed_count; i++) {
		const struct wire_span *span = &policy->closed[i];
		if (span->address == address && wall_ns >= span->from && wall_ns < span->until)
			return true;
	}
	return false;
}

/* Its designation changes while the agent runs. */
static void check_closed(struct wire_check *check)
{
	for (size_t i = 0; check->policy->closed_count && i < check->capture->frame_count; i++) {
		const struct capture_frame *frame = &check->capture->frames[i];
		struct packet packet;
		if (!sent_packet(frame, &packet) || packet.ethertype != PACKET_IPV4 ||
		    !is_closed(check->policy, packet.destination, frame->wall_ns))
			continue;
		struct wire_place place =
			wire_place(packet.protocol, packet.destination, packet.destination_port);
		wire_tell(check,
			  &(struct wire_finding){
				  .matter = { packet.destination, packet.protocol, 0 },
				  .frame = frame->number,
				  .what = "a request to a device while it is not designated",
				  .expected = "the printers that were designated then" },
			  "%s", place.text);
	}
}

void wire_check_designated(struct wire_check *check)
{
	for (size_t i = 0; i < check->flows->count; i++)
		check_flow(check, &check->flows->flows[i]);
	check_closed(check);
	for (size_t i = 0; i < check->capture->frame_count; i++) {
		const struct capture_frame *frame = &check->capture->frames[i];
		struct packet packet;
		if (!sent_packet(frame, &packet) || !is_other_ip(&packet) ||
		    !wire_is_stranger(check, packet.destination))
			continue;
		struct wire_place place = wire_place(packet.protocol, packet.destination, 0);
		wire_tell(check,
			  &(struct wire_finding){
				  .matter = { packet.destination, packet.protocol, 0 },
				  .frame = frame->number,
				  .what = "traffic to a printer that is not designated",
				  .expected = "designated printers only" },
			  "%s", place.text);
	}
}

void wire_check_inbound(struct wire_check *check)
{
	for (size_t i = 0; i < check->flows->count; i++) {
		const struct flow *flow = &check->flows->flows[i];
		char peer[IPV4_TEXT_MAX];
		if (!flow->accepted)
			continue;
		wire_tell(check,
			  &(struct wire_finding){ .matter = { 0, PACKET_TCP, flow->agent_port },
						  .frame = flow->accepted,
						  .what = "a connection from outside was accepted",
						  .expected = "no answer, or RST" },
			  "SYN-ACK from TCP port %u to %s", flow->agent_port,
			  ipv4_format(flow->peer, peer));
	}
}

static const char *ethertype_name(uint16_t type)
{
	if (type == PACKET_IPV6)
		return " (IPv6)";
	return type == 0x88cc ? " (LLDP)" : "";
}

static void check_frame(struct wire_check *check, const struct capture_frame *frame,
			const struct packet *packet)
{
	struct wire_finding finding = { .frame = frame->number,
					.expected = "IPv4 with TCP or UDP, ARP, ICMP type 3" };
	if (packet->damage) {
		finding.what = "a packet that is malformed";
		finding.matter.protocol = MALFORMED;
		wire_tell(check, &finding, "%s", packet->damage);
	} else if (packet->ethertype != PACKET_IPV4 && packet->ethertype != PACKET_ARP) {
		finding.what = "a protocol that is not declared";
		finding.matter.protocol = packet->ethertype;
		wire_tell(check, &finding, "ethertype 0x%04x%s", packet->ethertype,
			  ethertype_name(packet->ethertype));
	} else if (is_other_ip(packet)) {
		struct wire_place place = wire_place(packet->protocol, packet->destination, 0);
		finding.what = "a protocol that is not declared";
		finding.matter = (struct wire_matter){ packet->destination, packet->protocol,
						       packet->source_port };
		if (packet->protocol == PACKET_ICMP)
			wire_tell(check, &finding, "%s (ICMP type %u)", place.text,
				  packet->source_port);
		else
			wire_tell(check, &finding, "%s", place.text);
	}
}

void wire_check_protocols(struct wire_check *check)
{
	for (size_t i = 0; i < check->capture->frame_count; i++) {
		const struct capture_frame *frame = &check->capture->frames[i];
		struct packet packet;
		if (sent_packet(frame, &packet))
			check_frame(check, frame, &packet);
	}
}
