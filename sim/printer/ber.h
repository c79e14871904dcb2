/* ber.h: the Basic Encoding Rules as SNMP uses them (X.690; RFC 3417, 8): definite lengths only.
 *
 * Reading moves spans over bytes that belong to somebody else. Writing is in two passes, as a
 * length stands before what it counts: ask for the size, then put; the caller has made room. */
#ifndef SIM_PRINTER_BER_H
#define SIM_PRINTER_BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/printer/oid.h"

enum {
	BER_INTEGER = 0x02,
	BER_OCTETS = 0x04,
	BER_NULL = 0x05,
	BER_OID = 0x06,
	BER_SEQUENCE = 0x30,
};

/* Content of one BER element. */
struct span {
	const uint8_t *data;
	size_t size;
};

/* Takes one element off the front of in; false leaves the rest undefined. */
static inline bool ber_take(struct span *in, uint8_t *tag, struct span *content)
{
	if (in->size < 2)
		return false;
	*tag = in->data[0];
	size_t header = 2, size = in->data[1];
	if (size > 0x80) {
		size_t bytes = size & 0x7f;
		if (bytes > 4 || in->size < 2 + bytes)
			return false;
		size = 0;
		for (size_t i = 0; i < bytes; i++)
			size = size << 8 | in->data[2 + i];
		header += bytes;
	} else if (size == 0x80) {
		return false; /* RFC 3417, 8: definite form only */
	}
	if (in->size - header < size)
		return false;
	*content = (struct span){ in->data + header, size };
	in->data += header + size;
	in->size -= header + size;
	return true;
}

static inline bool ber_take_tag(struct span *in, uint8_t want, struct span *content)
{
	uint8_t tag;
	return ber_take(in, &tag, content) && tag == want;
}

/* At most 8 bytes are looked at. */
static inline int64_t ber_integer(struct span span)
{
	int64_t value = span.size && span.data[0] & 0x80 ? -1 : 0;
	for (size_t i = 0; i < span.size && i < 8; i++)
		value = (int64_t)((uint64_t)value << 8 | span.data[i]);
	return value;
}

/* An OID in its shortest encoding, each number within 32 bits; false for anything else. */
bool ber_oid(struct span span, struct oid *oid);

/* Tag and length in front of size bytes of content: 2 to 6 bytes. */
static inline size_t ber_header_size(size_t size)
{
	size_t header = 2;
	for (size_t left = size < 0x80 ? 0 : size; left; left >>= 8)
		header++;
	return header;
}
uint8_t *ber_put_header(uint8_t *at, uint8_t tag, size_t size); /* returns the end */

/* Content of an OID; of one with fewer than two numbers, that of 0.0. */
size_t ber_oid_size(const uint32_t *id, size_t count);
uint8_t *ber_put_oid(uint8_t *at, const uint32_t *id, size_t count);

/* Sub-identifiers after the first two. */
size_t ber_ids_size(const uint32_t *id, size_t count);
uint8_t *ber_put_ids(uint8_t *at, const uint32_t *id, size_t count);

/* Shortest two's complement content; an unsigned 32-bit number takes up to 5 bytes. */
enum { BER_NUMBER_MAX = 8 };
size_t ber_number_size(int64_t number);
uint8_t *ber_put_number(uint8_t *at, int64_t number);

/* Written from behind, so that each length is known when its turn comes: what is put ends at at;
 * its start is returned. ber_push puts a tag and a length in front of content bytes that stand. */
uint8_t *ber_push(uint8_t *at, uint8_t tag, size_t content);
uint8_t *ber_push_bytes(uint8_t *at, uint8_t tag, struct span bytes); /* a whole element */
uint8_t *ber_push_number(uint8_t *at, uint8_t tag, int64_t number);

#endif
