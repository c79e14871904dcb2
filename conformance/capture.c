#include "conformance/capture.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "conformance/pcapng.h"

enum { LINK_ETHERNET = 1, LINK_UPPER_PDU = 252, INTERFACE_MAX = 16 };
enum { NS_PER_S = 1000000000 };

struct interface {
	uint16_t link;
	uint64_t ns_per_tick;
};

struct reading {
	struct capture *capture;
	struct interface interfaces[INTERFACE_MAX];
	size_t interface_count;
	size_t frame_room, piece_room;
};

static int damaged(const struct pcapng_block *block, struct error *err, const char *what)
{
	return error_set(err, EINVAL, "capture: block at byte %zu: %s", block->offset, what);
}

/* if_tsresol: a power of ten of at most nine decimals; the default is microseconds. */
static int read_resolution(const struct pcapng_block *block, const struct pcapng_option *option,
			   struct interface *interface, struct error *err)
{
	if (option->size != 1 || option->data[0] > 9)
		return damaged(block, err, "its time resolution is no power of ten down to 10^-9");
	interface->ns_per_tick = NS_PER_S;
	for (int i = 0; i < option->data[0]; i++)
		interface->ns_per_tick /= 10;
	return 0;
}

static int read_interface(struct reading *reading, const struct pcapng_block *block,
			  struct error *err)
{
	if (block->size < 8)
		return damaged(block, err, "interface block is too short");
	if (reading->interface_count == INTERFACE_MAX)
		return damaged(block, err, "found more interfaces than 16");
	struct interface *interface = &reading->interfaces[reading->interface_count];
	*interface = (struct interface){ .link = get_le16(block->body), .ns_per_tick = 1000 };
	if (interface->link != LINK_ETHERNET && interface->link != LINK_UPPER_PDU)
		return damaged(block, err,
			       "its link type is neither Ethernet (1) nor upper PDU (252)");
	struct pcapng_option option;
	size_t at = 8;
	int more;
	while ((more = pcapng_option_next(block, &at, &option, err)) > 0) {
		if (option.code == PCAPNG_OPTION_OFFSET)
			return damaged(block, err,
				       "its times have an offset, which no recorder writes");
		if (option.code == PCAPNG_OPTION_RESOLUTION &&
		    read_resolution(block, &option, interface, err))
			return -EINVAL;
	}
	reading->interface_count += !more;
	return more;
}

static int read_counters(struct reading *reading, const struct pcapng_block *block,
			 struct error *err)
{
	if (block->size < 12 || get_le32(block->body) >= reading->interface_count)
		return damaged(block, err, "statistics of no interface");
	if (reading->interfaces[get_le32(block->body)].link != LINK_ETHERNET)
		return 0;
	struct capture *capture = reading->capture;
	struct pcapng_option option;
	size_t at = 12;
	int more;
	while ((more = pcapng_option_next(block, &at, &option, err)) > 0) {
		if (option.code != PCAPNG_OPTION_RECEIVED && option.code != PCAPNG_OPTION_DROPPED)
			continue;
		if (option.size != 8)
			return damaged(block, err, "a counter is not of 64 bits");
		uint64_t value = (uint64_t)get_le32(option.data + 4) << 32 | get_le32(option.data);
		if (option.code == PCAPNG_OPTION_RECEIVED)
			capture->received = value;
		else
			capture->dropped = value;
		capture->has_counters = true;
	}
	return more;
}

/* epb_flags, bits 0-1: 1 inbound, 2 outbound, seen from the agent's interface. */
static int read_direction(const struct pcapng_block *block, size_t at, bool *from_agent,
			  struct error *err)
{
	struct pcapng_option option;
	uint32_t direction = 0;
	int more;
	while ((more = pcapng_option_next(block, &at, &option, err)) > 0)
		if (option.code == PCAPNG_OPTION_PACKET_FLAGS && option.size == 4)
			direction = get_le32(option.data) & 3;
	if (more)
		return more;
	if (direction != 1 && direction != 2)
		return damaged(block, err, "the packet says neither inbound nor outbound");
	*from_agent = direction == 2;
	return 0;
}

/* The tags of Wireshark's "exported PDU" that matter here. */
static void read_tag(struct capture_piece *piece, unsigned tag, const uint8_t *value, size_t size)
{
	enum { NAME = 12, SOURCE = 20, DESTINATION = 21, SOURCE_PORT = 25, DESTINATION_PORT = 26 };
	if (tag == NAME) {
		size_t length = strnlen((const char *)value, size);
		if (length < sizeof(piece->protocol)) {
			memcpy(piece->protocol, value, length);
			piece->protocol[length] = 0;
		}
	} else if (size >= 4) {
		uint32_t number = get_be32(value);
		if (tag == SOURCE)
			piece->source = number;
		else if (tag == DESTINATION)
			piece->destination = number;
		else if (tag == SOURCE_PORT)
			piece->source_port = (uint16_t)number;
		else if (tag == DESTINATION_PORT)
			piece->destination_port = (uint16_t)number;
	}
}

static int read_piece(struct capture_piece *piece, const struct pcapng_block *block,
		      const struct pcapng_packet *packet, struct error *err)
{
	size_t at = 0;
	for (;;) {
		if (packet->size - at < 4)
			return damaged(block, err, "the tags of a plaintext are cut");
		unsigned tag = get_be16(packet->data + at);
		size_t size = get_be16(packet->data + at + 2);
		at += 4;
		if (size > packet->size - at)
			return damaged(block, err, "a tag reaches beyond its plaintext");
		if (!tag)
			break;
		read_tag(piece, tag, packet->data + at, size);
		at += size;
	}
	if (!piece->protocol[0])
		return damaged(block, err, "a plaintext does not name its protocol");
	piece->data = packet->data + at;
	piece->size = packet->size - at;
	return 0;
}

static void *grow(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 256;
	return alloc_grow(items, *room, size);
}

static int read_packet(struct reading *reading, const struct pcapng_block *block, struct error *err)
{
	struct capture *capture = reading->capture;
	struct pcapng_packet packet;
	bool from_agent = false;
	if (pcapng_packet_read(block, &packet, err))
		return -EINVAL;
	if (packet.interface >= reading->interface_count)
		return damaged(block, err, "the packet is of an interface that is not described");
	if (read_direction(block, packet.options, &from_agent, err))
		return -EINVAL;
	const struct interface *interface = &reading->interfaces[packet.interface];
	if (packet.ticks > (uint64_t)INT64_MAX / interface->ns_per_tick)
		return damaged(block, err, "the packet's time is out of range");
	int64_t wall_ns = (int64_t)(packet.ticks * interface->ns_per_tick);
	capture->packets++;
	if (interface->link == LINK_ETHERNET) {
		capture->frames = grow(capture->frames, capture->frame_count, &reading->frame_room,
				       sizeof(*capture->frames));
		capture->frames[capture->frame_count++] =
			(struct capture_frame){ .number = capture->packets,
						.wall_ns = wall_ns,
						.from_agent = from_agent,
						.data = packet.data,
						.size = packet.size };
		return 0;
	}
	capture->pieces = grow(capture->pieces, capture->piece_count, &reading->piece_room,
			       sizeof(*capture->pieces));
	struct capture_piece *piece = &capture->pieces[capture->piece_count++];
	*piece = (struct capture_piece){ .number = capture->packets,
					 .wall_ns = wall_ns,
					 .from_agent = from_agent };
	return read_piece(piece, block, &packet, err);
}

static int read_secrets(struct reading *reading, const struct pcapng_block *block,
			struct error *err)
{
	if (block->size < 8 || get_le32(block->body + 4) > block->size - 8)
		return damaged(block, err, "the secrets reach beyond their block");
	reading->capture->has_secrets = true;
	return 0;
}

static int read_block(struct reading *reading, const struct pcapng_block *block, struct error *err)
{
	switch (block->type) {
	case PCAPNG_INTERFACE:
		return read_interface(reading, block, err);
	case PCAPNG_PACKET:
		return read_packet(reading, block, err);
	case PCAPNG_STATISTICS:
		return read_counters(reading, block, err);
	case PCAPNG_SECRETS:
		return read_secrets(reading, block, err);
	default: /* the section header was checked already; names are for people */
		return 0;
	}
}

int capture_init(struct capture *capture, const uint8_t *data, size_t size, struct error *err)
{
	struct pcapng_reader reader = { .data = data, .size = size };
	struct reading reading = { .capture = capture };
	struct pcapng_block block;
	int more;
	*capture = (struct capture){ 0 };
	while ((more = pcapng_next(&reader, &block, err)) > 0) {
		more = read_block(&reading, &block, err);
		if (more)
			break;
	}
	if (more)
		capture_done(capture);
	return more;
}

void capture_done(struct capture *capture)
{
	if (!capture)
		return;
	free(capture->frames);
	free(capture->pieces);
	*capture = (struct capture){ 0 };
}
