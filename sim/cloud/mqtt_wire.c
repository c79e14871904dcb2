#include "sim/cloud/mqtt_wire.h"

#include "base/cleanup.h"

enum { VARIABLE_BYTES_MAX = 4 };

void mqtt_cursor_fail(struct mqtt_cursor *cursor, enum mqtt_breach breach)
{
	if (!cursor->breach)
		cursor->breach = breach;
	cursor->left = 0;
}

struct mqtt_bytes mqtt_take(struct mqtt_cursor *cursor, size_t size)
{
	struct mqtt_bytes bytes = { cursor->at, size };

	if (size > cursor->left) {
		mqtt_cursor_fail(cursor, MQTT_CUT_SHORT);
		return (struct mqtt_bytes){ cursor->at, 0 };
	}
	if (size) {
		cursor->at += size;
		cursor->left -= size;
	}
	return bytes;
}

uint8_t mqtt_take_u8(struct mqtt_cursor *cursor)
{
	struct mqtt_bytes bytes = mqtt_take(cursor, 1);
	return bytes.size ? bytes.data[0] : 0;
}

uint16_t mqtt_take_u16(struct mqtt_cursor *cursor)
{
	struct mqtt_bytes bytes = mqtt_take(cursor, 2);
	return bytes.size ? get_be16(bytes.data) : 0;
}

uint32_t mqtt_take_u32(struct mqtt_cursor *cursor)
{
	struct mqtt_bytes bytes = mqtt_take(cursor, 4);
	return bytes.size ? get_be32(bytes.data) : 0;
}

uint32_t mqtt_take_variable(struct mqtt_cursor *cursor)
{
	uint32_t number = 0;

	for (unsigned i = 0; i < VARIABLE_BYTES_MAX; i++) {
		uint8_t byte = mqtt_take_u8(cursor);
		number |= (uint32_t)(byte & 0x7f) << (7 * i);
		if (byte & 0x80)
			continue;
		if (i && !byte && !cursor->breach)
			mqtt_cursor_fail(cursor, MQTT_LENGTH_PADDED);
		return cursor->breach ? 0 : number;
	}
	mqtt_cursor_fail(cursor, MQTT_LENGTH_ENDLESS);
	return 0;
}

struct mqtt_bytes mqtt_take_binary(struct mqtt_cursor *cursor)
{
	return mqtt_take(cursor, mqtt_take_u16(cursor));
}

/* Length of the UTF-8 sequence that lead begins and the least value it may stand for; 0: none. */
static size_t sequence(uint8_t lead, uint32_t *least, uint32_t *bits)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least;
	} shapes[] = {
		{ 0x80, 0, 0 },
		{ 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};

	for (size_t i = 0; i < COUNT_OF(shapes); i++)
		if ((lead & shapes[i].mask) == shapes[i].lead) {
			*least = shapes[i].least;
			*bits = lead & (uint8_t)~shapes[i].mask;
			return i + 1;
		}
	return 0;
}

static enum mqtt_breach judge_text(struct mqtt_bytes text)
{
	for (size_t i = 0; i < text.size;) {
		uint32_t least, value;
		size_t length = sequence(text.data[i], &least, &value);
		if (!length || length > text.size - i)
			return MQTT_TEXT_BAD;
		for (size_t k = 1; k < length; k++) {
			if ((text.data[i + k] & 0xc0) != 0x80)
				return MQTT_TEXT_BAD;
			value = value << 6 | (text.data[i + k] & 0x3f);
		}
		if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
			return MQTT_TEXT_BAD;
		if (!value)
			return MQTT_TEXT_NUL;
		i += length;
	}
	return MQTT_SOUND;
}

struct mqtt_bytes mqtt_take_text(struct mqtt_cursor *cursor)
{
	struct mqtt_bytes text = mqtt_take_binary(cursor);
	enum mqtt_breach breach = judge_text(text);

	if (breach)
		mqtt_cursor_fail(cursor, breach);
	return text;
}

void mqtt_add_variable(struct buf *out, uint32_t number)
{
	do {
		uint8_t byte = number & 0x7f;
		number >>= 7;
		buf_add_u8(out, number ? byte | 0x80 : byte);
	} while (number);
}

void mqtt_add_binary(struct buf *out, struct mqtt_bytes bytes)
{
	buf_add_be16(out, (uint16_t)bytes.size);
	buf_add(out, bytes.data, bytes.size);
}
