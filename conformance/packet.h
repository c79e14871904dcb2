/* packet.h: the headers of one Ethernet frame: IPv4, then TCP, UDP or ICMP.
 *
 * Pure and total: whatever the bytes are, the result says how far they made sense. */
#ifndef CONFORMANCE_PACKET_H
#define CONFORMANCE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_IPV4 = 0x0800, PACKET_ARP = 0x0806, PACKET_IPV6 = 0x86dd };
enum { PACKET_ICMP = 1, PACKET_TCP = 6, PACKET_UDP = 17 };
enum { PACKET_FIN = 1, PACKET_SYN = 2, PACKET_RST = 4, PACKET_ACK = 16 };

struct packet {
	const char *damage; /* what does not fit, NULL if all does; fields up to there are filled */
	uint16_t ethertype; /* values below 0x600 are the length of an 802.3 frame */

	/* IPv4 */
	uint32_t source, destination;
	uint8_t protocol;
	uint16_t id;
	bool fragment;          /* a part of a datagram: no transport fields until it is whole */
	bool more;              /* further parts follow */
	size_t fragment_offset; /* of this part, bytes */
	const uint8_t *payload; /* borrowed */
	size_t payload_size;

	/* TCP and UDP; of ICMP source_port is the type and destination_port the code */
	uint16_t source_port, destination_port;
	uint32_t sequence;
	uint8_t flags;
	const uint8_t *data; /* borrowed */
	size_t data_size;
};

void packet_read(struct packet *packet, const uint8_t *frame, size_t size);

/* Reads the transport header from packet->payload: for a datagram put together from fragments. */
void packet_read_transport(struct packet *packet);

#endif
