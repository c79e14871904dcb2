/* Wrongs of the encoding, and what BER allows but few write. RFC 3417, 8: definite lengths, long
 * form where it must be; a reader has to bear longer ones. */
#include <string.h>

#include "base/json.h"
#include "sim/printer/draft.h"
#include "sim/printer/spoil.h"

static struct span span_of(const struct answer *answer)
{
	return (struct span){ answer->bytes.data, answer->bytes.size };
}

static void replace(struct answer *answer, struct buf *by)
{
	buf_done(&answer->bytes);
	answer->bytes = *by;
}

/* The outer length stays, a third of what it promises is cut off. */
bool spoil_malformed(const struct spoiling *spoiling, struct answer *answer)
{
	size_t cut = answer->bytes.size / 3;

	answer->bytes.size -= cut;
	buf_printf(spoiling->did, "%zu bytes fewer than the message says", cut);
	return cut > 0;
}

/* ---- lengths that are longer than they need to be ---- */

enum { LONG_HEADER = 6, DEPTH_MAX = 32 };

static bool is_constructed(uint8_t tag)
{
	return tag & 0x20;
}

/* All that stands in from, each length in four bytes. */
static bool put_long(struct span from, struct buf *out, int depth)
{
	uint8_t tag;
	struct span content;

	while (from.size) {
		if (depth == DEPTH_MAX || !ber_take(&from, &tag, &content))
			return false;
		size_t at = out->size;
		buf_add_u8(out, tag);
		buf_add_u8(out, 0x84);
		buf_add_be32(out, (uint32_t)content.size);
		if (!is_constructed(tag))
			buf_add(out, content.data, content.size);
		else if (!put_long(content, out, depth + 1))
			return false;
		if (out->failed)
			return false;
		put_be32(out->data + at + 2, (uint32_t)(out->size - at - LONG_HEADER));
	}
	return true;
}

bool spoil_overlong(const struct spoiling *spoiling, struct answer *answer)
{
	struct buf out;

	buf_init(&out, SPOIL_DATAGRAM_MAX);
	if (!put_long(span_of(answer), &out, 0)) {
		buf_done(&out);
		return false;
	}
	replace(answer, &out);
	buf_printf(spoiling->did, "every length in five bytes");
	return true;
}

/* ---- lengths that say nothing, or too much ---- */

/* X.690, 8.1.3.6: length 80, and two zero bytes at the end. */
bool spoil_indefinite(const struct spoiling *spoiling, struct answer *answer)
{
	struct span in = span_of(answer), content;
	struct buf out;

	if (!ber_take_tag(&in, BER_SEQUENCE, &content))
		return false;
	buf_init(&out, SPOIL_DATAGRAM_MAX);
	buf_add(&out, "\x30\x80", 2);
	buf_add(&out, content.data, content.size);
	buf_add_zero(&out, 2);
	if (out.failed) {
		buf_done(&out);
		return false;
	}
	replace(answer, &out);
	buf_printf(spoiling->did, "the message without a length");
	return true;
}

/* Where the length that is to be huge stands: of the whole, or of the last value. */
static const uint8_t *length_at(const struct answer *answer, const char *place)
{
	struct snmp_message message;
	struct varbind varbind;

	if (!snmp_message_parse(answer->bytes.data, answer->bytes.size, &message))
		return NULL;
	if (!strcmp(place, "message"))
		return answer->bytes.data + 1;
	if (!message.varbind_count ||
	    !varbind_read(message.varbinds[message.varbind_count - 1], &varbind))
		return NULL;
	return varbind.name.data + varbind.name.size + 1; /* the tag is between */
}

const char *const spoil_places[] = { "message", "value", NULL };

bool spoil_huge_length(const struct spoiling *spoiling, struct answer *answer)
{
	static const uint8_t huge[] = { 0x84, 0x7f, 0xff, 0xff, 0xff };
	const char *place = json_text_of(spoiling->with, "of", spoil_places[0]);
	const uint8_t *length = length_at(answer, place);
	struct buf out;

	if (!length)
		return false;
	size_t before = (size_t)(length - answer->bytes.data);
	size_t skip = *length & 0x80 ? 1 + (size_t)(*length & 0x7f) : 1;
	buf_init(&out, SPOIL_DATAGRAM_MAX);
	buf_add(&out, answer->bytes.data, before);
	buf_add(&out, huge, sizeof(huge));
	buf_add(&out, length + skip, answer->bytes.size - before - skip);
	if (out.failed) {
		buf_done(&out);
		return false;
	}
	replace(answer, &out);
	buf_printf(spoiling->did, "the %s 2147483647 bytes long, it says", place);
	return true;
}
