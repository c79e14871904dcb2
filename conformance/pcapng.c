#include "conformance/pcapng.h"

#include <errno.h>

#include "base/buf.h"

enum { HEADER = 8, TRAILER = 4, MAGIC_LITTLE = 0x1a2b3c4d, MAGIC_BIG = 0x4d3c2b1a };

static int damaged(const struct pcapng_block *block, struct error *err, const char *what)
{
	return error_set(err, EINVAL, "capture: block at byte %zu: %s", block->offset, what);
}

/* draft-ietf-opsawg-pcapng: byte-order magic, version 1.0 (1.2 is written too), section length. */
static int check_section(const struct pcapng_block *block, struct error *err)
{
	if (block->size < 16)
		return damaged(block, err, "section header is too short");
	uint32_t magic = get_le32(block->body);
	if (magic == MAGIC_BIG)
		return damaged(block, err, "found a big-endian section, expected little-endian");
	if (magic != MAGIC_LITTLE)
		return damaged(block, err, "found no byte-order magic, expected 1A2B3C4D");
	if (get_le16(block->body + 4) != 1)
		return damaged(block, err, "found another major version, expected 1");
	return 0;
}

static bool known(uint32_t type)
{
	return type == PCAPNG_SECTION || type == PCAPNG_INTERFACE || type == PCAPNG_NAMES ||
	       type == PCAPNG_STATISTICS || type == PCAPNG_PACKET || type == PCAPNG_SECRETS;
}

static int read_block(const struct pcapng_reader *reader, struct pcapng_block *block,
		      struct error *err)
{
	const uint8_t *at = reader->data + reader->offset;
	size_t left = reader->size - reader->offset;
	*block = (struct pcapng_block){ .offset = reader->offset };
	if (left < HEADER + TRAILER)
		return damaged(block, err, "the file ends inside a block header");
	block->type = get_le32(at);
	uint32_t length = get_le32(at + 4);
	if (!reader->offset && block->type != PCAPNG_SECTION)
		return damaged(block, err, "found no section header, so this is no pcapng file");
	/* The type of a section header reads the same both ways, its length does not. */
	if (block->type == PCAPNG_SECTION && get_le32(at + 8) == MAGIC_BIG)
		return damaged(block, err, "found a big-endian section, expected little-endian");
	if (length < HEADER + TRAILER || length % 4)
		return damaged(block, err, "its length is no multiple of 4 that holds a block");
	if (length > left)
		return damaged(block, err, "it reaches beyond the end of the file");
	if (get_le32(at + length - TRAILER) != length)
		return damaged(block, err, "its two length fields differ");
	block->body = at + HEADER;
	block->size = length - HEADER - TRAILER;
	return 0;
}

int pcapng_next(struct pcapng_reader *reader, struct pcapng_block *block, struct error *err)
{
	if (reader->offset == reader->size && reader->size)
		return 0;
	int status = read_block(reader, block, err);
	if (status)
		return status;
	if (!known(block->type))
		return error_set(
			err, EINVAL,
			"capture: block at byte %zu: found type 0x%08x, which no recorder writes",
			block->offset, block->type);
	if (block->type == PCAPNG_SECTION) {
		if (block->offset)
			return damaged(block, err, "found a second section, expected one");
		status = check_section(block, err);
		if (status)
			return status;
	}
	reader->offset += block->size + HEADER + TRAILER;
	return 1;
}

int pcapng_option_next(const struct pcapng_block *block, size_t *at, struct pcapng_option *option,
		       struct error *err)
{
	if (*at == block->size)
		return 0;
	if (block->size - *at < 4)
		return damaged(block, err, "an option is cut");
	option->code = get_le16(block->body + *at);
	option->size = get_le16(block->body + *at + 2);
	option->data = block->body + *at + 4;
	if (pcapng_padded(option->size) > block->size - *at - 4)
		return damaged(block, err, "an option reaches beyond its block");
	*at += 4 + pcapng_padded(option->size);
	if (option->code != PCAPNG_OPTION_END)
		return 1;
	if (*at != block->size)
		return damaged(block, err, "something follows the end of the options");
	return 0;
}

int pcapng_packet_read(const struct pcapng_block *block, struct pcapng_packet *packet,
		       struct error *err)
{
	enum { FIXED = 20 };
	if (block->size < FIXED)
		return damaged(block, err, "packet block is too short");
	const uint8_t *body = block->body;
	*packet = (struct pcapng_packet){
		.interface = get_le32(body),
		.ticks = (uint64_t)get_le32(body + 4) << 32 | get_le32(body + 8),
		.data = body + FIXED,
		.size = get_le32(body + 12),
	};
	if (packet->size > block->size - FIXED || pcapng_padded(packet->size) > block->size - FIXED)
		return damaged(block, err, "the packet reaches beyond its block");
	if (get_le32(body + 16) != packet->size)
		return damaged(block, err, "only a part of the packet was kept");
	packet->options = FIXED + pcapng_padded(packet->size);
	return 0;
}
