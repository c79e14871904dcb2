/* capture_fixture.h: captures built in memory, for tests: no socket, no world, every byte chosen.
 */
#ifndef CONFORMANCE_CAPTURE_FIXTURE_H
#define CONFORMANCE_CAPTURE_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "conformance/capture.h"

#define FIXTURE_AGENT    0x0a000005u /* 10.0.0.5 */
#define FIXTURE_GATEWAY  0x0a000001u
#define FIXTURE_RESOLVER 0x0a000035u
#define FIXTURE_NET_ALL  0x0affffffu /* 10.255.255.255 */
#define FIXTURE_PRINTER  0x0a10000au /* 10.16.0.10, designated */
#define FIXTURE_STRANGER 0x0a10000bu /* 10.16.0.11, not designated */
#define FIXTURE_CLOUD    0xc633640au /* 198.51.100.10 */

enum { FIXTURE_MAX = 1 << 24, FIXTURE_SYN = 2, FIXTURE_RST = 4, FIXTURE_ACK = 16 };

static inline void fixture_patch(struct buf *buf, size_t at, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		buf->data[at + i] = (uint8_t)(value >> (8 * i));
}

static inline size_t fixture_block(struct buf *buf, uint32_t type)
{
	buf_add_le32(buf, type);
	buf_add_le32(buf, 0);
	return buf->size - 8;
}

static inline void fixture_end(struct buf *buf, size_t begin)
{
	uint32_t length = (uint32_t)(buf->size - begin + 4);
	buf_add_le32(buf, length);
	fixture_patch(buf, begin + 4, length);
}

static inline void fixture_interface(struct buf *buf, uint16_t link)
{
	size_t begin = fixture_block(buf, 1);
	buf_add_le16(buf, link);
	buf_add_le16(buf, 0);
	buf_add_le32(buf, 0);
	buf_add(buf, "\x09\x00\x01\x00\x09\x00\x00\x00", 8); /* if_tsresol: nanoseconds */
	buf_add_le32(buf, 0);
	fixture_end(buf, begin);
}

/* Section header, an Ethernet interface (0) and one of plaintext (1). */
static inline void fixture_init(struct buf *buf)
{
	buf_init(buf, FIXTURE_MAX);
	size_t begin = fixture_block(buf, 0x0a0d0d0a);
	buf_add_le32(buf, 0x1a2b3c4d);
	buf_add_le16(buf, 1);
	buf_add_le16(buf, 0);
	buf_add(buf, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	fixture_end(buf, begin);
	fixture_interface(buf, 1);
	fixture_interface(buf, 252);
}

static inline void fixture_packet(struct buf *buf, uint32_t interface, bool from_agent,
				  const void *data, size_t size)
{
	size_t begin = fixture_block(buf, 6);
	buf_add_le32(buf, interface);
	buf_add_le32(buf, 0x18000000); /* some time in 2024, nanoseconds */
	buf_add_le32(buf, (uint32_t)buf->size);
	buf_add_le32(buf, (uint32_t)size);
	buf_add_le32(buf, (uint32_t)size);
	buf_add(buf, data, size);
	buf_add_zero(buf, (0 - size) & 3);
	buf_add_le16(buf, 2);
	buf_add_le16(buf, 4);
	buf_add_le32(buf, from_agent ? 2 : 1);
	buf_add_le32(buf, 0);
	fixture_end(buf, begin);
}

struct fixture_ends {
	bool from_agent;
	uint32_t peer;
	uint16_t agent_port, peer_port;
};

static inline void fixture_ipv4(struct buf *frame, const struct fixture_ends *ends,
				uint8_t protocol, size_t payload)
{
	buf_init(frame, 70000);
	buf_add(frame, "\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02\x08\x00", 14);
	buf_add_be16(frame, 0x4500);
	buf_add_be16(frame, (uint16_t)(20 + payload));
	buf_add_be32(frame, 0x00010000);
	buf_add_u8(frame, 64);
	buf_add_u8(frame, protocol);
	buf_add_be16(frame, 0);
	buf_add_be32(frame, ends->from_agent ? FIXTURE_AGENT : ends->peer);
	buf_add_be32(frame, ends->from_agent ? ends->peer : FIXTURE_AGENT);
}

static inline void fixture_ports(struct buf *frame, const struct fixture_ends *ends)
{
	buf_add_be16(frame, ends->from_agent ? ends->agent_port : ends->peer_port);
	buf_add_be16(frame, ends->from_agent ? ends->peer_port : ends->agent_port);
}

static inline void fixture_udp(struct buf *buf, const struct fixture_ends *ends, const void *data,
			       size_t size)
{
	struct buf frame;
	fixture_ipv4(&frame, ends, 17, 8 + size);
	fixture_ports(&frame, ends);
	buf_add_be16(&frame, (uint16_t)(8 + size));
	buf_add_be16(&frame, 0);
	buf_add(&frame, data, size);
	fixture_packet(buf, 0, ends->from_agent, frame.data, frame.size);
	buf_done(&frame);
}

static inline void fixture_tcp(struct buf *buf, const struct fixture_ends *ends, uint8_t flags,
			       uint32_t sequence, const void *data, size_t size)
{
	struct buf frame;
	fixture_ipv4(&frame, ends, 6, 20 + size);
	fixture_ports(&frame, ends);
	buf_add_be32(&frame, sequence);
	buf_add_be32(&frame, 0);
	buf_add_u8(&frame, 0x50);
	buf_add_u8(&frame, flags);
	buf_add_zero(&frame, 6);
	buf_add(&frame, data, size);
	fixture_packet(buf, 0, ends->from_agent, frame.data, frame.size);
	buf_done(&frame);
}

/* SYN, SYN-ACK, then the agent's bytes and the peer's; numbers begin at 1000 and 5000. */
static inline void fixture_connection(struct buf *buf, const struct fixture_ends *ends,
				      const struct buf *up, const struct buf *down)
{
	struct fixture_ends agent = *ends, peer = *ends;
	agent.from_agent = true;
	peer.from_agent = false;
	fixture_tcp(buf, &agent, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(buf, &peer, FIXTURE_SYN | FIXTURE_ACK, 4999, "", 0);
	if (up->size)
		fixture_tcp(buf, &agent, FIXTURE_ACK, 1000, up->data, up->size);
	if (down->size)
		fixture_tcp(buf, &peer, FIXTURE_ACK, 5000, down->data, down->size);
}

/* Plaintext from or to the agent's port 40000 at the cloud. */
static inline void fixture_piece(struct buf *buf, const char *protocol, bool from_agent,
				 uint16_t agent_port, const void *data, size_t size)
{
	struct buf piece;
	buf_init(&piece, 70000);
	buf_add_be32(&piece, 12u << 16 | 4);
	buf_add(&piece, protocol, 4);
	buf_add_be32(&piece, 20u << 16 | 4);
	buf_add_be32(&piece, from_agent ? FIXTURE_AGENT : FIXTURE_CLOUD);
	buf_add_be32(&piece, 21u << 16 | 4);
	buf_add_be32(&piece, from_agent ? FIXTURE_CLOUD : FIXTURE_AGENT);
	buf_add_be32(&piece, 25u << 16 | 4);
	buf_add_be32(&piece, from_agent ? agent_port : 443);
	buf_add_be32(&piece, 26u << 16 | 4);
	buf_add_be32(&piece, from_agent ? 443 : agent_port);
	buf_add_be32(&piece, 0);
	buf_add(&piece, data, size);
	fixture_packet(buf, 1, from_agent, piece.data, piece.size);
	buf_done(&piece);
}

/* Hello messages in their records. versions 0: no such extension. */
static inline void fixture_record(struct buf *buf, uint8_t type, const void *data, size_t size)
{
	buf_add_u8(buf, type);
	buf_add_be16(buf, 0x0301);
	buf_add_be16(buf, (uint16_t)size);
	buf_add(buf, data, size);
}

static inline void fixture_client_hello(struct buf *buf, uint16_t legacy, const uint16_t *versions,
					size_t count)
{
	struct buf hello;
	static const uint8_t names[] = "\x00\x00\x00\x15\x00\x13\x00\x00\x10"
				       "api.ecsp.example"
				       "\x00\x10\x00\x07\x00\x05\x04mqtt";
	size_t extensions = sizeof(names) - 1 + (count ? 5 + 2 * count : 0);
	buf_init(&hello, 4096);
	buf_add_be32(&hello, (uint32_t)(1u << 24 | (2 + 32 + 1 + 6 + 2 + 2 + extensions)));
	buf_add_be16(&hello, legacy);
	buf_add_zero(&hello, 32 + 1);
	buf_add(&hello, "\x00\x04\x13\x01\xc0\x2f\x01\x00", 8);
	buf_add_be16(&hello, (uint16_t)extensions);
	buf_add(&hello, names, sizeof(names) - 1);
	if (count) {
		buf_add_be16(&hello, 43);
		buf_add_be16(&hello, (uint16_t)(1 + 2 * count));
		buf_add_u8(&hello, (uint8_t)(2 * count));
		for (size_t i = 0; i < count; i++)
			buf_add_be16(&hello, versions[i]);
	}
	fixture_record(buf, 22, hello.data, hello.size);
	buf_done(&hello);
}

static inline void fixture_server_hello(struct buf *buf, uint16_t legacy, uint16_t version)
{
	struct buf hello;
	buf_init(&hello, 4096);
	buf_add_be32(&hello, (uint32_t)(2u << 24 | (38u + (version ? 8u : 0u))));
	buf_add_be16(&hello, legacy);
	buf_add_zero(&hello, 32 + 1);
	buf_add(&hello, "\x13\x01\x00", 3);
	if (version) {
		buf_add_be16(&hello, 6);
		buf_add_be16(&hello, 43);
		buf_add_be16(&hello, 2);
		buf_add_be16(&hello, version);
	}
	fixture_record(buf, 22, hello.data, hello.size);
	buf_done(&hello);
}

#endif
