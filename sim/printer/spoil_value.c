/* Wrongs of values. */
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "sim/printer/draft.h"
#include "sim/printer/spoil.h"

/* RFC 2578, 7.1, and RFC 3416, 3 (exceptions); each with a content that is right for the type. */
static const struct type {
	uint8_t tag, size;
	const char *content;
} types[] = {
	{ 0x02, 1, "\x2a" },
	{ 0x04, 5, "wrong" },
	{ 0x05, 0, "" },
	{ 0x06, 3, "\x2b\x06\x01" },
	{ 0x40, 4, "\xc0\x00\x02\x01" }, /* 192.0.2.1, RFC 5737 */
	{ 0x41, 1, "\x2a" },
	{ 0x42, 1, "\x2a" },
	{ 0x43, 1, "\x2a" },
	{ 0x44, 4, "\x9f\x78\x00\x00" }, /* an opaque float as net-snmp wraps it, cut short */
	{ 0x46, 9, "\x00\xff\xff\xff\xff\xff\xff\xff\xff" },
	{ 0x80, 0, "" },
	{ 0x81, 0, "" },
	{ 0x82, 0, "" },
};
const char *const spoil_types[] = {
	"integer",         "octets", "null",   "oid",       "address",        "counter",
	"gauge",           "ticks",  "opaque", "counter64", "no-such-object", "no-such-instance",
	"end-of-mib-view", NULL
};

static size_t type_named(const char *name)
{
	size_t i = 0;
	while (strcmp(spoil_types[i], name) != 0)
		i++;
	return i;
}

static bool is_exception(uint8_t tag)
{
	return tag >= 0x80 && tag <= 0x82;
}

/* keep: only the tag is another, the content stays as it was. */
bool spoil_type(const struct spoiling *spoiling, struct draft *draft)
{
	const char *name = json_text_of(spoiling->with, "type", "gauge");
	const struct type *type = &types[type_named(name)];
	bool keep = json_is_true(json_object_get(spoiling->with, "keep"));
	size_t changed = 0;

	for (size_t i = 0; i < draft->count; i++) {
		struct varbind *varbind = &draft->varbinds[i];
		if (!varbind_below(varbind, spoiling->below) || varbind->tag == type->tag ||
		    is_exception(varbind->tag))
			continue;
		varbind->tag = type->tag;
		if (!keep)
			varbind->value =
				(struct span){ (const uint8_t *)type->content, type->size };
		changed++;
	}
	buf_printf(spoiling->did, "%zu values as %s%s", changed, name, keep ? " by tag alone" : "");
	return changed > 0;
}

static bool is_number(uint8_t tag)
{
	return tag == BER_INTEGER || (tag >= 0x41 && tag <= 0x43) || tag == 0x46;
}

bool spoil_negative(const struct spoiling *spoiling, struct draft *draft)
{
	size_t changed = 0;

	for (size_t i = 0; i < draft->count; i++) {
		struct varbind *varbind = &draft->varbinds[i];
		int64_t number = ber_integer(varbind->value);
		if (!is_number(varbind->tag) || number < 0 ||
		    !varbind_below(varbind, spoiling->below))
			continue;
		varbind->value = draft_number(draft, -1 - number);
		changed++;
	}
	buf_printf(spoiling->did, "%zu numbers below zero", changed);
	return changed > 0;
}

static struct varbind *first_below(const struct spoiling *spoiling, struct draft *draft)
{
	for (size_t i = 0; i < draft->count; i++)
		if (varbind_below(&draft->varbinds[i], spoiling->below))
			return &draft->varbinds[i];
	return NULL;
}

static size_t size_written(struct draft *draft)
{
	struct buf out;

	buf_init(&out, 2 * SPOIL_DATAGRAM_MAX);
	draft_write(draft, &out);
	size_t size = out.size;
	buf_done(&out);
	return size;
}

/* A text so long that the whole message has the size that is wanted: where lengths grow by a byte,
 * a few bytes less. */
bool spoil_oversized(const struct spoiling *spoiling, struct draft *draft)
{
	enum { TRIES = 4 };
	size_t wanted = (size_t)json_int_of(spoiling->with, "bytes", SPOIL_DATAGRAM_MAX);
	struct varbind *varbind = first_below(spoiling, draft);
	size_t size = 0;

	if (!varbind || size_written(draft) >= wanted)
		return false;
	uint8_t *text = draft_room(draft, SPOIL_DATAGRAM_MAX);
	memset(text, 'x', SPOIL_DATAGRAM_MAX);
	varbind->tag = BER_OCTETS;
	varbind->value = (struct span){ text, wanted };
	for (int i = 0; i < TRIES && (size = size_written(draft)) != wanted; i++) {
		varbind->value.size += wanted - size;
		if (varbind->value.size > SPOIL_DATAGRAM_MAX)
			return false;
	}
	while (size_written(draft) > wanted)
		varbind->value.size--;
	buf_printf(spoiling->did, "a text of %zu bytes", varbind->value.size);
	return true;
}

/* Sequences within sequences in place of a value, with nothing at the bottom. */
bool spoil_nested(const struct spoiling *spoiling, struct draft *draft)
{
	enum { HEADER = 4 };
	size_t depth = (size_t)json_int_of(spoiling->with, "depth", 500);
	struct varbind *varbind = first_below(spoiling, draft);

	if (!varbind || size_written(draft) + depth * HEADER > SPOIL_DATAGRAM_MAX)
		return false;
	uint8_t *at = draft_room(draft, depth * HEADER);
	varbind->tag = BER_SEQUENCE;
	varbind->value = (struct span){ at, (depth - 1) * HEADER };
	for (size_t left = depth - 1; left--; at += HEADER) {
		at[0] = BER_SEQUENCE;
		at[1] = 0x82;
		put_be16(at + 2, (uint16_t)(left * HEADER));
	}
	buf_printf(spoiling->did, "%zu sequences within each other", depth);
	return true;
}
