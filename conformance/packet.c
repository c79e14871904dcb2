#include "conformance/packet.h"

#include "base/buf.h"

static void read_tcp(struct packet *packet)
{
	const uint8_t *p = packet->payload;
	size_t size = packet->payload_size;
	if (size < 20 || (size_t)(p[12] >> 4) * 4 < 20 || (size_t)(p[12] >> 4) * 4 > size) {
		packet->damage = "TCP header is cut";
		return;
	}
	size_t header = (size_t)(p[12] >> 4) * 4;
	packet->source_port = get_be16(p);
	packet->destination_port = get_be16(p + 2);
	packet->sequence = get_be32(p + 4);
	packet->flags = p[13];
	packet->data = p + header;
	packet->data_size = size - header;
}

static void read_udp(struct packet *packet)
{
	const uint8_t *p = packet->payload;
	if (packet->payload_size < 8 || get_be16(p + 4) < 8 ||
	    get_be16(p + 4) > packet->payload_size) {
		packet->damage = "UDP datagram is cut";
		return;
	}
	packet->source_port = get_be16(p);
	packet->destination_port = get_be16(p + 2);
	packet->data = p + 8;
	/* All that left the agent counts, also bytes behind the length that UDP tells. */
	packet->data_size = packet->payload_size - 8;
}

static void read_icmp(struct packet *packet)
{
	if (packet->payload_size < 8) {
		packet->damage = "ICMP message is cut";
		return;
	}
	packet->source_port = packet->payload[0];
	packet->destination_port = packet->payload[1];
	packet->data = packet->payload + 8;
	packet->data_size = packet->payload_size - 8;
}

void packet_read_transport(struct packet *packet)
{
	if (packet->protocol == PACKET_TCP)
		read_tcp(packet);
	else if (packet->protocol == PACKET_UDP)
		read_udp(packet);
	else if (packet->protocol == PACKET_ICMP)
		read_icmp(packet);
}

static void read_ipv4(struct packet *packet, const uint8_t *p, size_t size)
{
	size_t header = size ? (size_t)(p[0] & 15) * 4 : 0;
	if (size < 20 || p[0] >> 4 != 4 || header < 20 || header > get_be16(p + 2) ||
	    get_be16(p + 2) > size) {
		packet->damage = "IPv4 header does not fit its frame";
		return;
	}
	packet->source = get_be32(p + 12);
	packet->destination = get_be32(p + 16);
	packet->protocol = p[9];
	packet->id = get_be16(p + 4);
	packet->fragment_offset = (size_t)(get_be16(p + 6) & 0x1fff) * 8;
	packet->more = p[6] & 0x20;
	packet->fragment = packet->more || packet->fragment_offset;
	packet->payload = p + header;
	packet->payload_size = get_be16(p + 2) - header;
	if (!packet->fragment)
		packet_read_transport(packet);
}

void packet_read(struct packet *packet, const uint8_t *frame, size_t size)
{
	enum { ETHERNET = 14 };
	*packet = (struct packet){ 0 };
	if (size < ETHERNET) {
		packet->damage = "Ethernet header is cut";
		return;
	}
	packet->ethertype = get_be16(frame + 12);
	if (packet->ethertype == PACKET_IPV4)
		read_ipv4(packet, frame + ETHERNET, size - ETHERNET);
}
