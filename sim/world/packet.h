/* packet.h: IPv4 on Ethernet as bytes: pure reading and writing, no state, no descriptors.
 * Addresses and ports are host order. */
#ifndef SIM_WORLD_PACKET_H
#define SIM_WORLD_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ETHERNET_SIZE = 14,
	IPV4_SIZE = 20, /* without options, as written here */
	UDP_SIZE = 8,
	TCP_SIZE = 20,
	ARP_SIZE = ETHERNET_SIZE + 28,
	PACKET_MAX = 65535,
	PACKET_MTU = 1500,
	UDP_DATA_MAX = PACKET_MAX - IPV4_SIZE - UDP_SIZE,

	ETHERTYPE_IS_IPV4 = 0x0800,
	ETHERTYPE_IS_ARP = 0x0806,
};

enum packet_protocol { PACKET_ICMP = 1, PACKET_TCP = 6, PACKET_UDP = 17 };

enum tcp_flag { TCP_IS_FIN = 1, TCP_IS_SYN = 2, TCP_IS_RST = 4, TCP_IS_ACK = 16 };

/* One IPv4 packet; pointers lead into the bytes that were parsed. */
struct packet {
	const uint8_t *bytes;
	size_t size; /* of header and payload, without what Ethernet padded */
	size_t header;
	uint32_t from, to;
	uint16_t id;
	uint16_t offset; /* of a fragment, bytes */
	bool more;       /* fragments follow */
	uint8_t ttl;
	uint8_t protocol;
	const uint8_t *payload;
	size_t payload_size;
	/* Only for TCP and UDP and only in the first fragment, otherwise 0. */
	uint16_t from_port, to_port;
	uint8_t flags; /* TCP */
	uint32_t sequence, acknowledged;
	const uint8_t *data; /* after the UDP or TCP header, else NULL */
	size_t data_size;
};

/* False when the bytes are no sound IPv4 packet: lengths, header checksum. */
bool packet_parse(struct packet *packet, const uint8_t *bytes, size_t size);
static inline bool packet_is_fragment(const struct packet *packet)
{
	return packet->more || packet->offset;
}
/* Is the UDP checksum right (or absent)? Only for whole UDP packets. */
bool packet_udp_sound(const struct packet *packet);

/* RFC 1071 over size bytes, going on from sum. */
uint32_t packet_sum(uint32_t sum, const void *bytes, size_t size);
uint16_t packet_checksum(uint32_t sum);

/* One hop less to live; the header checksum is renewed. */
void packet_pass_hop(uint8_t *bytes);

/* Writers: out has room for what they say; they return the size written. */
struct packet_ends {
	uint32_t from, to;
	uint16_t from_port, to_port;
	uint16_t id;
};
/* IPV4_SIZE + UDP_SIZE + size bytes; size <= UDP_DATA_MAX. */
size_t packet_udp(uint8_t *out, const struct packet_ends *ends, const void *data, size_t size);
/* ICMP error from `from` about a packet: at most PACKET_ICMP_MAX bytes. 0 when RFC 1122, 3.2.2
 * forbids one: for fragments but the first, ICMP, broadcast and multicast. */
enum { PACKET_ICMP_MAX = IPV4_SIZE + 8 + 60 + 8 };
enum packet_refusal {
	REFUSAL_NET,
	REFUSAL_HOST,
	REFUSAL_PORT,
	REFUSAL_PROTOCOL,
	REFUSAL_TIME,
};
size_t packet_refuse(uint8_t *out, enum packet_refusal refusal, uint32_t from,
		     const struct packet *about);
/* TCP reset in answer to a segment: IPV4_SIZE + TCP_SIZE bytes, or 0 for a reset. */
size_t packet_reset(uint8_t *out, const struct packet *segment);
void packet_ethernet(uint8_t *out, const uint8_t to[6], const uint8_t from[6], uint16_t type);
/* Answer to an ARP request (ARP_SIZE bytes): whoever was asked for has this hardware address. */
size_t packet_arp_answer(uint8_t *out, const uint8_t *request, const uint8_t hardware[6]);

/* Cuts a packet into pieces of at most mtu bytes, in order; one that fits is passed on as it is. */
void packet_fragments(const uint8_t *bytes, size_t size, size_t mtu,
		      void (*piece)(void *arg, const uint8_t *bytes, size_t size), void *arg);

#endif
