#include "sim/world/pcapng.h"

#include <string.h>

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_NAMES = 4,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_SECRETS = 10,

	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_APPLICATION = 4, /* of the section */
	OPTION_NAME = 2,        /* of an interface */
	OPTION_DESCRIPTION = 3,
	OPTION_RESOLUTION = 9,
	OPTION_FLAGS = 2,    /* of a packet */
	OPTION_RECEIVED = 4, /* of statistics */
	OPTION_DROPPED = 5,

	NAME_IPV4 = 1,
	OPTION_MAX = 65535,
};

static const uint32_t TLS_KEY_LOG = 0x544c534b;

static void add_u64(struct buf *out, uint64_t value)
{
	buf_add_le32(out, (uint32_t)value);
	buf_add_le32(out, (uint32_t)(value >> 32));
}

static void pad(struct buf *out, size_t size)
{
	buf_add_zero(out, -size & 3);
}

static void option(struct buf *out, uint16_t code, const void *data, size_t size)
{
	if (size > OPTION_MAX)
		size = OPTION_MAX;
	buf_add_le16(out, code);
	buf_add_le16(out, (uint16_t)size);
	buf_add(out, data, size);
	pad(out, size);
}

static void option_text(struct buf *out, uint16_t code, const char *text)
{
	if (text)
		option(out, code, text, strlen(text));
}

static void option_u64(struct buf *out, uint16_t code, uint64_t value)
{
	buf_add_le16(out, code);
	buf_add_le16(out, 8);
	add_u64(out, value);
}

static size_t begin(struct buf *out, uint32_t type)
{
	size_t start = out->size;
	buf_add_le32(out, type);
	buf_add_le32(out, 0);
	return start;
}

/* Sets both lengths of the block that began at start. */
static void end(struct buf *out, size_t start)
{
	uint32_t length = (uint32_t)(out->size - start + 4);

	buf_add_le32(out, length);
	if (out->failed)
		return;
	for (size_t i = 0; i < 4; i++)
		out->data[start + 4 + i] = (uint8_t)(length >> 8 * i);
}

void pcapng_section(struct buf *out, const char *application, const char *comment)
{
	size_t start = begin(out, BLOCK_SECTION);
	buf_add_le32(out, 0x1a2b3c4d);
	buf_add_le16(out, 1);
	buf_add_le16(out, 0);
	add_u64(out, UINT64_MAX); /* length not said */
	option_text(out, OPTION_APPLICATION, application);
	option_text(out, OPTION_COMMENT, comment);
	option(out, OPTION_END, NULL, 0);
	end(out, start);
}

void pcapng_interface(struct buf *out, uint16_t link_type, const char *name,
		      const char *description)
{
	static const uint8_t nanoseconds = 9;
	size_t start = begin(out, BLOCK_INTERFACE);
	buf_add_le16(out, link_type);
	buf_add_le16(out, 0);
	buf_add_le32(out, 0); /* packets are never cut */
	option_text(out, OPTION_NAME, name);
	option_text(out, OPTION_DESCRIPTION, description);
	option(out, OPTION_RESOLUTION, &nanoseconds, 1);
	option(out, OPTION_END, NULL, 0);
	end(out, start);
}

void pcapng_names(struct buf *out, const struct pcapng_name *names, size_t count)
{
	size_t start = begin(out, BLOCK_NAMES);
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(names[i].name) + 1;
		if (size > 256)
			continue;
		buf_add_le16(out, NAME_IPV4);
		buf_add_le16(out, (uint16_t)(4 + size));
		buf_add_be32(out, names[i].address);
		buf_add(out, names[i].name, size);
		pad(out, size);
	}
	buf_add_le32(out, 0);
	end(out, start);
}

void pcapng_secrets(struct buf *out, const void *key_log, size_t size)
{
	size_t start = begin(out, BLOCK_SECRETS);
	buf_add_le32(out, TLS_KEY_LOG);
	buf_add_le32(out, (uint32_t)size);
	buf_add(out, key_log, size);
	pad(out, size);
	end(out, start);
}

void pcapng_packet(struct buf *out, const struct pcapng_packet *packet)
{
	const uint8_t direction[4] = { packet->outbound ? 2 : 1 };
	uint64_t time = (uint64_t)packet->wall_ns;
	size_t start = begin(out, BLOCK_PACKET);

	buf_add_le32(out, packet->interface);
	buf_add_le32(out, (uint32_t)(time >> 32));
	buf_add_le32(out, (uint32_t)time);
	buf_add_le32(out, (uint32_t)packet->size);
	buf_add_le32(out, (uint32_t)packet->size);
	buf_add(out, packet->data, packet->size);
	pad(out, packet->size);
	option(out, OPTION_FLAGS, direction, sizeof(direction));
	option_text(out, OPTION_COMMENT, packet->comment);
	option(out, OPTION_END, NULL, 0);
	end(out, start);
}

void pcapng_statistics(struct buf *out, uint32_t interface, int64_t wall_ns, uint64_t received,
		       uint64_t dropped)
{
	uint64_t time = (uint64_t)wall_ns;
	size_t start = begin(out, BLOCK_STATISTICS);

	buf_add_le32(out, interface);
	buf_add_le32(out, (uint32_t)(time >> 32));
	buf_add_le32(out, (uint32_t)time);
	option_u64(out, OPTION_RECEIVED, received);
	option_u64(out, OPTION_DROPPED, dropped);
	option(out, OPTION_END, NULL, 0);
	end(out, start);
}

/* A tag of the upper PDU header: big-endian, padded to 4. */
static void tag(struct buf *out, uint16_t type, const void *data, size_t size)
{
	buf_add_be16(out, type);
	buf_add_be16(out, (uint16_t)(size + (-size & 3)));
	buf_add(out, data, size);
	pad(out, size);
}

static void tag_u32(struct buf *out, uint16_t type, uint32_t value)
{
	uint8_t bytes[4];
	put_be32(bytes, value);
	tag(out, type, bytes, sizeof(bytes));
}

void pcapng_pdu(struct buf *out, const struct pcapng_pdu *pdu)
{
	enum {
		TAG_PROTOCOL = 12,
		TAG_FROM = 20,
		TAG_TO = 21,
		TAG_PORT_TYPE = 24,
		TAG_FROM_PORT = 25,
		TAG_TO_PORT = 26,
		PORT_TCP = 2
	};

	tag(out, TAG_PROTOCOL, pdu->protocol, strlen(pdu->protocol));
	tag_u32(out, TAG_FROM, pdu->from);
	tag_u32(out, TAG_TO, pdu->to);
	tag_u32(out, TAG_PORT_TYPE, PORT_TCP);
	tag_u32(out, TAG_FROM_PORT, pdu->from_port);
	tag_u32(out, TAG_TO_PORT, pdu->to_port);
	buf_add_le32(out, 0); /* end of tags */
}
