#include "sim/world/packet.h"

#include <string.h>

#include "base/buf.h"

enum { TTL = 64, ICMP_SIZE = 8, MORE_FRAGMENTS = 0x2000 };

uint32_t packet_sum(uint32_t sum, const void *bytes, size_t size)
{
	const uint8_t *p = bytes;
	uint64_t total = sum;

	for (; size > 1; size -= 2, p += 2)
		total += get_be16(p);
	if (size)
		total += (uint32_t)p[0] << 8;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint32_t)total;
}

uint16_t packet_checksum(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* The pseudo header of UDP and TCP. */
static uint32_t sum_of_ends(const uint8_t *ip, uint8_t protocol, size_t size)
{
	return packet_sum((uint32_t)(protocol + size), ip + 12, 8);
}

static bool parse_udp(struct packet *packet)
{
	const uint8_t *udp = packet->payload;

	if (packet->payload_size < UDP_SIZE)
		return false;
	size_t length = get_be16(udp + 4);
	if (length < UDP_SIZE || (!packet->more && length > packet->payload_size))
		return false;
	packet->from_port = get_be16(udp);
	packet->to_port = get_be16(udp + 2);
	packet->data = udp + UDP_SIZE;
	packet->data_size =
		(length < packet->payload_size ? length : packet->payload_size) - UDP_SIZE;
	return true;
}

static bool parse_tcp(struct packet *packet)
{
	const uint8_t *tcp = packet->payload;

	if (packet->payload_size < TCP_SIZE)
		return false;
	size_t header = (size_t)(tcp[12] >> 4) * 4;
	if (header < TCP_SIZE || header > packet->payload_size)
		return false;
	packet->from_port = get_be16(tcp);
	packet->to_port = get_be16(tcp + 2);
	packet->sequence = get_be32(tcp + 4);
	packet->acknowledged = get_be32(tcp + 8);
	packet->flags = tcp[13];
	packet->data = tcp + header;
	packet->data_size = packet->payload_size - header;
	return true;
}

bool packet_parse(struct packet *packet, const uint8_t *bytes, size_t size)
{
	if (size < IPV4_SIZE || bytes[0] >> 4 != 4)
		return false;
	size_t header = (size_t)(bytes[0] & 15) * 4;
	size_t total = get_be16(bytes + 2);
	if (header < IPV4_SIZE || total < header || total > size ||
	    packet_checksum(packet_sum(0, bytes, header)))
		return false;
	uint16_t fragment = get_be16(bytes + 6);
	*packet = (struct packet){
		.bytes = bytes,
		.size = total,
		.header = header,
		.from = get_be32(bytes + 12),
		.to = get_be32(bytes + 16),
		.id = get_be16(bytes + 4),
		.offset = (uint16_t)((fragment & 0x1fff) * 8),
		.more = fragment & MORE_FRAGMENTS,
		.ttl = bytes[8],
		.protocol = bytes[9],
		.payload = bytes + header,
		.payload_size = total - header,
	};
	if (packet->offset + packet->payload_size > PACKET_MAX)
		return false;
	if (packet->offset)
		return true;
	if (packet->protocol == PACKET_UDP)
		return parse_udp(packet);
	return packet->protocol != PACKET_TCP || parse_tcp(packet);
}

bool packet_udp_sound(const struct packet *packet)
{
	const uint8_t *udp = packet->payload;
	size_t length = packet->data_size + UDP_SIZE;

	if (!get_be16(udp + 6)) /* RFC 768: the sender made none */
		return true;
	return !packet_checksum(
		packet_sum(sum_of_ends(packet->bytes, PACKET_UDP, length), udp, length));
}

static void renew_checksum(uint8_t *ip)
{
	put_be16(ip + 10, 0);
	put_be16(ip + 10, packet_checksum(packet_sum(0, ip, (size_t)(ip[0] & 15) * 4)));
}

void packet_pass_hop(uint8_t *bytes)
{
	bytes[8]--;
	renew_checksum(bytes);
}

static void write_ip(uint8_t *out, const struct packet_ends *ends, uint8_t protocol, size_t size)
{
	memset(out, 0, IPV4_SIZE);
	out[0] = 0x45;
	put_be16(out + 2, (uint16_t)size);
	put_be16(out + 4, ends->id);
	out[8] = TTL;
	out[9] = protocol;
	put_be32(out + 12, ends->from);
	put_be32(out + 16, ends->to);
	renew_checksum(out);
}

size_t packet_udp(uint8_t *out, const struct packet_ends *ends, const void *data, size_t size)
{
	uint8_t *udp = out + IPV4_SIZE;
	size_t length = UDP_SIZE + size;

	write_ip(out, ends, PACKET_UDP, IPV4_SIZE + length);
	put_be16(udp, ends->from_port);
	put_be16(udp + 2, ends->to_port);
	put_be16(udp + 4, (uint16_t)length);
	put_be16(udp + 6, 0);
	if (size)
		memcpy(udp + UDP_SIZE, data, size);
	uint16_t sum =
		packet_checksum(packet_sum(sum_of_ends(out, PACKET_UDP, length), udp, length));
	put_be16(udp + 6, sum ? sum : 0xffff); /* RFC 768: 0 means none */
	return IPV4_SIZE + length;
}

size_t packet_refuse(uint8_t *out, enum packet_refusal refusal, uint32_t from,
		     const struct packet *about)
{
	static const struct {
		uint8_t type, code;
	} kinds[] = {
		[REFUSAL_NET] = { 3, 0 },   [REFUSAL_HOST] = { 3, 1 },
		[REFUSAL_PORT] = { 3, 3 },  [REFUSAL_PROTOCOL] = { 3, 2 },
		[REFUSAL_TIME] = { 11, 0 },
	};
	uint8_t *icmp = out + IPV4_SIZE;

	if (about->offset || about->protocol == PACKET_ICMP || about->to >= 0xe0000000u)
		return 0;
	size_t quoted = about->header + 8;
	if (quoted > about->size)
		quoted = about->size;
	memset(icmp, 0, ICMP_SIZE);
	icmp[0] = kinds[refusal].type;
	icmp[1] = kinds[refusal].code;
	memcpy(icmp + ICMP_SIZE, about->bytes, quoted);
	put_be16(icmp + 2, packet_checksum(packet_sum(0, icmp, ICMP_SIZE + quoted)));
	struct packet_ends ends = { .from = from, .to = about->from };
	write_ip(out, &ends, PACKET_ICMP, IPV4_SIZE + ICMP_SIZE + quoted);
	return IPV4_SIZE + ICMP_SIZE + quoted;
}

size_t packet_reset(uint8_t *out, const struct packet *segment)
{
	uint8_t *tcp = out + IPV4_SIZE;
	bool acked = segment->flags & TCP_IS_ACK;

	if (segment->flags & TCP_IS_RST)
		return 0;
	struct packet_ends ends = { .from = segment->to, .to = segment->from };
	write_ip(out, &ends, PACKET_TCP, IPV4_SIZE + TCP_SIZE);
	memset(tcp, 0, TCP_SIZE);
	put_be16(tcp, segment->to_port);
	put_be16(tcp + 2, segment->from_port);
	/* RFC 9293, 3.10.7.1: the reset carries the number the other side expects. */
	uint32_t length = (uint32_t)segment->data_size + !!(segment->flags & TCP_IS_SYN) +
			  !!(segment->flags & TCP_IS_FIN);
	put_be32(tcp + 4, acked ? segment->acknowledged : 0);
	put_be32(tcp + 8, acked ? 0 : segment->sequence + length);
	tcp[12] = TCP_SIZE / 4 << 4;
	tcp[13] = (uint8_t)(acked ? TCP_IS_RST : TCP_IS_RST | TCP_IS_ACK);
	put_be16(tcp + 16, packet_checksum(packet_sum(sum_of_ends(out, PACKET_TCP, TCP_SIZE), tcp,
						      TCP_SIZE)));
	return IPV4_SIZE + TCP_SIZE;
}

void packet_ethernet(uint8_t *out, const uint8_t to[6], const uint8_t from[6], uint16_t type)
{
	memcpy(out, to, 6);
	memcpy(out + 6, from, 6);
	put_be16(out + 12, type);
}

size_t packet_arp_answer(uint8_t *out, const uint8_t *request, const uint8_t hardware[6])
{
	const uint8_t *asked = request + ETHERNET_SIZE;
	uint8_t *arp = out + ETHERNET_SIZE;

	packet_ethernet(out, request + 6, hardware, ETHERTYPE_IS_ARP);
	memcpy(arp, asked, 6); /* hardware and protocol types and sizes */
	put_be16(arp + 6, 2);  /* RFC 826: reply */
	memcpy(arp + 8, hardware, 6);
	memcpy(arp + 14, asked + 24, 4);
	memcpy(arp + 18, asked + 8, 10);
	return ARP_SIZE;
}

void packet_fragments(const uint8_t *bytes, size_t size, size_t mtu,
		      void (*piece)(void *arg, const uint8_t *bytes, size_t size), void *arg)
{
	uint8_t out[PACKET_MTU];

	if (size <= mtu || mtu > sizeof(out)) {
		piece(arg, bytes, size);
		return;
	}
	size_t step = (mtu - IPV4_SIZE) & ~(size_t)7;
	for (size_t at = 0; at < size - IPV4_SIZE; at += step) {
		size_t left = size - IPV4_SIZE - at;
		size_t now = left < step ? left : step;
		memcpy(out, bytes, IPV4_SIZE);
		put_be16(out + 2, (uint16_t)(IPV4_SIZE + now));
		put_be16(out + 6, (uint16_t)(at / 8 | (now < left ? MORE_FRAGMENTS : 0)));
		renew_checksum(out);
		memcpy(out + IPV4_SIZE, bytes + IPV4_SIZE + at, now);
		piece(arg, out, IPV4_SIZE + now);
	}
}
