/* pcapng.h: the blocks of a pcapng file, walked strictly: what does not fit is an error that says
 * where. Shared by the reader of captures and by the writer of comments.
 *
 * Little-endian, one section, the block types that a recorder writes. A damaged capture is no
 * evidence, so nothing is skipped or guessed. */
#ifndef CONFORMANCE_PCAPNG_H
#define CONFORMANCE_PCAPNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define PCAPNG_SECTION 0x0a0d0d0au

enum pcapng_type {
	PCAPNG_INTERFACE = 1,
	PCAPNG_NAMES = 4,
	PCAPNG_STATISTICS = 5,
	PCAPNG_PACKET = 6,
	PCAPNG_SECRETS = 10,
};

enum pcapng_option_code {
	PCAPNG_OPTION_END = 0,
	PCAPNG_OPTION_COMMENT = 1,
	PCAPNG_OPTION_PACKET_FLAGS = 2,
	PCAPNG_OPTION_RECEIVED = 4,   /* of statistics */
	PCAPNG_OPTION_DROPPED = 5,    /* of statistics */
	PCAPNG_OPTION_RESOLUTION = 9, /* of an interface */
	PCAPNG_OPTION_OFFSET = 14,    /* of an interface */
};

struct pcapng_block {
	uint32_t type;
	size_t offset;       /* of the block in the file */
	const uint8_t *body; /* borrowed: between the two length fields */
	size_t size;
};

struct pcapng_reader {
	const uint8_t *data; /* borrowed */
	size_t size;
	size_t offset; /* of the next block */
};

/* 1: block filled; 0: end of the file; -EINVAL: damaged. */
int pcapng_next(struct pcapng_reader *reader, struct pcapng_block *block, struct error *err);

struct pcapng_option {
	uint16_t code;
	const uint8_t *data; /* borrowed */
	size_t size;
};

/* Steps through the options that begin at body[*at]. 1: option filled, 0: no more, -EINVAL. */
int pcapng_option_next(const struct pcapng_block *block, size_t *at, struct pcapng_option *option,
		       struct error *err);

struct pcapng_packet {
	uint32_t interface;
	uint64_t ticks;
	const uint8_t *data; /* borrowed */
	size_t size;
	size_t options; /* where they begin in the block's body */
};

/* Fields of an enhanced packet block. A packet of which only a part was kept is refused. */
int pcapng_packet_read(const struct pcapng_block *block, struct pcapng_packet *packet,
		       struct error *err);

/* Size with the padding to 32 bits that every block and option has. */
static inline size_t pcapng_padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

#endif
