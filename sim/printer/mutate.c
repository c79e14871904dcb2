#include "sim/printer/mutate.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "sim/printer/ber.h"

enum { ELEMENTS_MAX = 256, DEPTH_MAX = 32, NEW_MAX = 64, NO_PARENT = -1 };

/* ---- chance ---- */

struct dice {
	uint64_t seed, thrown;
};

static size_t throw_below(struct dice *dice, size_t count)
{
	return mix64(dice->seed + 0x9e3779b97f4a7c15u * ++dice->thrown) % count;
}

static uint8_t throw_byte(struct dice *dice)
{
	/* What lengths, signs and long forms turn on comes as often as all the others. */
	static const uint8_t edges[] = { 0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xff };
	size_t any = throw_below(dice, 512);
	return any < 256 ? (uint8_t)any : edges[any % COUNT_OF(edges)];
}

/* ---- elements ---- */

struct element {
	size_t at, content, end; /* of the header, the content, and behind */
	int parent;
};

struct damage {
	struct buf *bytes, *did;
	struct dice dice;
	struct element elements[ELEMENTS_MAX];
	size_t count;
};

static void find_elements(struct damage *damage, struct span in, int parent, int depth)
{
	uint8_t tag;
	struct span content;
	const uint8_t *base = damage->bytes->data, *start = in.data;

	for (; damage->count < ELEMENTS_MAX && ber_take(&in, &tag, &content); start = in.data) {
		int self = (int)damage->count++;
		damage->elements[self] = (struct element){ .at = (size_t)(start - base),
							   .content = (size_t)(content.data - base),
							   .end = (size_t)(in.data - base),
							   .parent = parent };
		if (tag & 0x20 && depth < DEPTH_MAX)
			find_elements(damage, content, self, depth + 1);
	}
}

/* Puts by in the place of the bytes from..end, which lie in the content of parent, and writes the
 * lengths of all that is around again. */
static bool splice(struct damage *damage, int parent, size_t from, size_t end, struct buf *by)
{
	struct buf *bytes = damage->bytes, whole;

	while (parent != NO_PARENT) {
		const struct element *around = &damage->elements[parent];
		uint8_t header[8];
		size_t size = from - around->content + by->size + around->end - end;
		uint8_t *behind = ber_put_header(header, bytes->data[around->at], size);
		buf_init(&whole, bytes->max);
		buf_add(&whole, header, (size_t)(behind - header));
		buf_add(&whole, bytes->data + around->content, from - around->content);
		buf_add(&whole, by->data, by->size);
		buf_add(&whole, bytes->data + end, around->end - end);
		buf_done(by);
		*by = whole;
		from = around->at;
		end = around->end;
		parent = around->parent;
	}
	buf_init(&whole, bytes->max);
	buf_add(&whole, bytes->data, from);
	buf_add(&whole, by->data, by->size);
	buf_add(&whole, bytes->data + end, bytes->size - end);
	bool fits = !by->failed && !whole.failed;
	if (fits) {
		struct buf before = *bytes;
		*bytes = whole;
		whole = before;
	}
	buf_done(&whole);
	return fits;
}

static const struct element *throw_element(struct damage *damage)
{
	return &damage->elements[throw_below(&damage->dice, damage->count)];
}

static bool remove_element(struct damage *damage)
{
	const struct element *element = throw_element(damage);
	struct buf none;

	buf_init(&none, damage->bytes->max);
	buf_printf(damage->did, "element at %zu taken out", element->at);
	bool done = splice(damage, element->parent, element->at, element->end, &none);
	buf_done(&none);
	return done;
}

static bool double_element(struct damage *damage)
{
	const struct element *element = throw_element(damage);
	struct buf twice;

	buf_init(&twice, damage->bytes->max);
	for (int i = 0; i < 2; i++)
		buf_add(&twice, damage->bytes->data + element->at, element->end - element->at);
	buf_printf(damage->did, "element at %zu doubled", element->at);
	bool done = splice(damage, element->parent, element->at, element->end, &twice);
	buf_done(&twice);
	return done;
}

/* With the one behind it. */
static bool swap_elements(struct damage *damage)
{
	const struct element *first = throw_element(damage), *second = first + 1;
	const struct element *last = damage->elements + damage->count;
	struct buf swapped;

	while (second < last && (second->at != first->end || second->parent != first->parent))
		second++;
	if (second == last)
		return false;
	buf_init(&swapped, damage->bytes->max);
	buf_add(&swapped, damage->bytes->data + second->at, second->end - second->at);
	buf_add(&swapped, damage->bytes->data + first->at, first->end - first->at);
	buf_printf(damage->did, "elements at %zu and %zu swapped", first->at, second->at);
	bool done = splice(damage, first->parent, first->at, second->end, &swapped);
	buf_done(&swapped);
	return done;
}

static bool refill_element(struct damage *damage)
{
	const struct element *element = throw_element(damage);
	size_t size = throw_below(&damage->dice, NEW_MAX + 1);
	uint8_t header[8];
	struct buf filled;

	uint8_t *behind = ber_put_header(header, damage->bytes->data[element->at], size);
	buf_init(&filled, damage->bytes->max);
	buf_add(&filled, header, (size_t)(behind - header));
	for (size_t i = 0; i < size; i++)
		buf_add_u8(&filled, throw_byte(&damage->dice));
	buf_printf(damage->did, "element at %zu filled with %zu other bytes", element->at, size);
	bool done = splice(damage, element->parent, element->at, element->end, &filled);
	buf_done(&filled);
	return done;
}

static bool change_tag(struct damage *damage)
{
	/* The types of SNMP (RFC 3416, 3), and what is none. */
	static const uint8_t tags[] = { 0x00, 0x02, 0x04, 0x05, 0x06, 0x30, 0x40,
					0x41, 0x42, 0x43, 0x44, 0x46, 0x80, 0x81,
					0x82, 0xa0, 0xa2, 0xa4, 0xa8, 0x1f, 0xff };
	const struct element *element = throw_element(damage);
	uint8_t tag = tags[throw_below(&damage->dice, COUNT_OF(tags))];

	buf_printf(damage->did, "tag at %zu made %02x", element->at, tag);
	damage->bytes->data[element->at] = tag;
	return true;
}

static bool change_length(struct damage *damage)
{
	const struct element *element = throw_element(damage);
	uint8_t length = throw_byte(&damage->dice);

	buf_printf(damage->did, "length at %zu made %02x", element->at + 1, length);
	damage->bytes->data[element->at + 1] = length;
	return true;
}

/* ---- bytes ---- */

static bool flip_bit(struct damage *damage)
{
	size_t at = throw_below(&damage->dice, damage->bytes->size);
	unsigned bit = (unsigned)throw_below(&damage->dice, 8);

	buf_printf(damage->did, "bit %u of byte %zu flipped", bit, at);
	damage->bytes->data[at] ^= (uint8_t)(1u << bit);
	return true;
}

static bool change_byte(struct damage *damage)
{
	size_t at = throw_below(&damage->dice, damage->bytes->size);
	uint8_t byte = throw_byte(&damage->dice);

	buf_printf(damage->did, "byte %zu made %02x", at, byte);
	damage->bytes->data[at] = byte;
	return true;
}

static bool remove_bytes(struct damage *damage)
{
	size_t at = throw_below(&damage->dice, damage->bytes->size);
	size_t left = damage->bytes->size - at;
	size_t count = 1 + throw_below(&damage->dice, left < NEW_MAX ? left : NEW_MAX);
	struct buf none;

	buf_init(&none, damage->bytes->max);
	buf_printf(damage->did, "%zu bytes at %zu taken out", count, at);
	bool done = splice(damage, NO_PARENT, at, at + count, &none);
	buf_done(&none);
	return done;
}

static bool insert_bytes(struct damage *damage)
{
	size_t at = throw_below(&damage->dice, damage->bytes->size + 1);
	size_t count = 1 + throw_below(&damage->dice, NEW_MAX);
	struct buf more;

	buf_init(&more, damage->bytes->max);
	for (size_t i = 0; i < count; i++)
		buf_add_u8(&more, throw_byte(&damage->dice));
	buf_printf(damage->did, "%zu bytes put in at %zu", count, at);
	bool done = splice(damage, NO_PARENT, at, at, &more);
	buf_done(&more);
	return done;
}

static bool cut_off(struct damage *damage)
{
	size_t size = throw_below(&damage->dice, damage->bytes->size);

	buf_printf(damage->did, "cut off at %zu", size);
	damage->bytes->size = size;
	return true;
}

/* ---- the whole ---- */

typedef bool change(struct damage *damage);
static change *const of_bytes[] = { flip_bit, change_byte, remove_bytes, insert_bytes, cut_off };
static change *const of_elements[] = { remove_element, double_element, swap_elements,
				       refill_element, change_tag,     change_length,
				       flip_bit,       change_byte,    remove_bytes,
				       insert_bytes,   cut_off };

static bool is_same(const struct buf *bytes, const void *before, size_t size)
{
	return bytes->size == size && !memcmp(bytes->data, before, size);
}

/* A change can come out as none, or not fit: then the dice are thrown again. */
static bool mutate(struct damage *damage, change *const *changes, size_t count)
{
	enum { TRIES = 16 };
	struct buf *did = damage->did;
	size_t size = damage->bytes->size, said = did->size;
	AUTO_FREE char *before = alloc_bytes(damage->bytes->data, size);

	for (int i = 0; i < TRIES; i++) {
		if (changes[throw_below(&damage->dice, count)](damage) &&
		    !is_same(damage->bytes, before, size))
			return true;
		did->size = said;
	}
	return false;
}

bool mutate_bytes(struct buf *bytes, uint64_t seed, struct buf *did)
{
	struct damage damage = { .bytes = bytes, .did = did, .dice = { mix64(seed), 0 } };
	return bytes->size && mutate(&damage, of_bytes, COUNT_OF(of_bytes));
}

bool mutate_ber(struct buf *bytes, uint64_t seed, struct buf *did)
{
	struct damage damage = { .bytes = bytes, .did = did, .dice = { mix64(seed), 0 } };

	find_elements(&damage, (struct span){ bytes->data, bytes->size }, NO_PARENT, 0);
	return damage.count ? mutate(&damage, of_elements, COUNT_OF(of_elements))
			    : mutate_bytes(bytes, seed, did);
}
