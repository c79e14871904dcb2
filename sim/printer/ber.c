#include "sim/printer/ber.h"

#include <string.h>

/* ---- reading ---- */

/* X.690, 8.19: the first number holds two sub-identifiers. */
static bool add_number(struct oid *oid, uint32_t number)
{
	if (oid->count)
		return oid_add(oid, number);
	uint32_t top = number < 80 ? number / 40 : 2;
	return oid_add(oid, top) && oid_add(oid, number - top * 40);
}

bool ber_oid(struct span span, struct oid *oid)
{
	uint64_t number = 0;

	oid->count = 0;
	for (size_t i = 0; i < span.size; i++) {
		uint8_t byte = span.data[i];
		if (byte == 0x80 && !number)
			return false; /* 8.19.2: no leading zeros */
		number = number << 7 | (byte & 0x7f);
		if (number > UINT32_MAX)
			return false;
		if (byte & 0x80)
			continue;
		if (!add_number(oid, (uint32_t)number))
			return false;
		number = 0;
	}
	return span.size && !(span.data[span.size - 1] & 0x80);
}

/* ---- writing ---- */

static size_t length_bytes(size_t size)
{
	size_t bytes = 1;
	while (size >>= 8)
		bytes++;
	return bytes;
}

uint8_t *ber_put_header(uint8_t *at, uint8_t tag, size_t size)
{
	*at++ = tag;
	if (size < 0x80) {
		*at++ = (uint8_t)size;
		return at;
	}
	size_t bytes = length_bytes(size);
	*at++ = (uint8_t)(0x80 | bytes);
	while (bytes--)
		*at++ = (uint8_t)(size >> bytes * 8);
	return at;
}

static size_t id_size(uint32_t id)
{
	size_t size = 1;
	while (id >>= 7)
		size++;
	return size;
}

size_t ber_ids_size(const uint32_t *id, size_t count)
{
	size_t size = 0;
	for (size_t i = 0; i < count; i++)
		size += id_size(id[i]);
	return size;
}

uint8_t *ber_put_ids(uint8_t *at, const uint32_t *id, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t left = id_size(id[i]); left-- > 1;)
			*at++ = (uint8_t)(id[i] >> left * 7 | 0x80);
		*at++ = id[i] & 0x7f;
	}
	return at;
}

static uint32_t first_number(const uint32_t *id, size_t count)
{
	return count < 2 ? 0 : id[0] * 40 + id[1];
}

size_t ber_oid_size(const uint32_t *id, size_t count)
{
	return id_size(first_number(id, count)) + (count > 2 ? ber_ids_size(id + 2, count - 2) : 0);
}

uint8_t *ber_put_oid(uint8_t *at, const uint32_t *id, size_t count)
{
	const uint32_t first = first_number(id, count);
	at = ber_put_ids(at, &first, 1);
	return count > 2 ? ber_put_ids(at, id + 2, count - 2) : at;
}

size_t ber_number_size(int64_t number)
{
	size_t size = 1;
	while (size < BER_NUMBER_MAX && number >> (size * 8 - 1) != (number < 0 ? -1 : 0))
		size++;
	return size;
}

uint8_t *ber_put_number(uint8_t *at, int64_t number)
{
	for (size_t left = ber_number_size(number); left--;)
		*at++ = (uint8_t)((uint64_t)number >> left * 8);
	return at;
}

/* ---- writing from behind ---- */

uint8_t *ber_push(uint8_t *at, uint8_t tag, size_t content)
{
	at -= ber_header_size(content);
	ber_put_header(at, tag, content);
	return at;
}

uint8_t *ber_push_bytes(uint8_t *at, uint8_t tag, struct span bytes)
{
	at -= bytes.size;
	if (bytes.size)
		memcpy(at, bytes.data, bytes.size);
	return ber_push(at, tag, bytes.size);
}

uint8_t *ber_push_number(uint8_t *at, uint8_t tag, int64_t number)
{
	size_t size = ber_number_size(number);
	at -= size;
	ber_put_number(at, number);
	return ber_push(at, tag, size);
}
