#include "sim/printer/walk_value.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/ipv4.h"
#include "sim/printer/walk.h"

/* ---- pieces ---- */

bool piece_is(struct piece piece, const char *text)
{
	return piece.size == strlen(text) && !memcmp(piece.data, text, piece.size);
}

bool piece_starts(struct piece piece, const char *text)
{
	return piece.size >= strlen(text) && !memcmp(piece.data, text, strlen(text));
}

bool piece_cut(struct piece *rest, const char *mark, struct piece *head)
{
	const char *at = rest->size ? memmem(rest->data, rest->size, mark, strlen(mark)) : NULL;

	if (!at)
		return false;
	*head = (struct piece){ rest->data, (size_t)(at - rest->data) };
	rest->data = at + strlen(mark);
	rest->size -= head->size + strlen(mark);
	return true;
}

struct piece piece_word(struct piece piece)
{
	size_t size = 0;
	while (size < piece.size && !isspace((unsigned char)piece.data[size]))
		size++;
	return (struct piece){ piece.data, size };
}

struct piece piece_in_brackets(struct piece piece)
{
	struct piece rest = piece, head, inside;
	if (piece_cut(&rest, "(", &head) && piece_cut(&rest, ")", &inside))
		return inside;
	return piece;
}

/* Longer than any word that is read as one: the text then is none of them. */
static bool copy_piece(struct piece piece, char *text, size_t max)
{
	if (piece.size >= max || memchr(piece.data, '\0', piece.size))
		return false;
	memcpy(text, piece.data, piece.size);
	text[piece.size] = '\0';
	return true;
}

bool piece_oid(struct piece piece, struct oid *oid)
{
	char text[OID_TEXT_MAX];
	if (piece.size && piece.data[0] == '.')
		piece = (struct piece){ piece.data + 1, piece.size - 1 };
	return piece.size && copy_piece(piece, text, sizeof(text)) && oid_parse(text, oid);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool piece_hex(struct piece piece, struct buf *out)
{
	for (size_t i = 0; i < piece.size; i++) {
		if (piece.data[i] == ' ')
			continue;
		int high = hex_digit(piece.data[i]);
		int low = i + 1 < piece.size ? hex_digit(piece.data[i + 1]) : -1;
		if (high < 0 || low < 0)
			return false;
		buf_add_u8(out, (uint8_t)(high << 4 | low));
		i++;
	}
	return !out->failed;
}

/* ---- values ---- */

void walk_value_init(struct walk_value *value)
{
	value->number = 0;
	value->oid.count = 0;
	buf_init(&value->bytes, WALK_VALUE_MAX);
}

void walk_value_done(struct walk_value *value)
{
	buf_done(&value->bytes);
}

static bool number_between(struct piece piece, int64_t min, int64_t max, int64_t *number)
{
	char text[24], *end;

	if (!copy_piece(piece, text, sizeof(text)))
		return false;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return (isdigit((unsigned char)text[0]) || text[0] == '-') && end != text && !*end &&
	       !errno && *number >= min && *number <= max;
}

static const char *read_address(struct walk_value *value, bool hex, struct piece text)
{
	char dotted[IPV4_TEXT_MAX];
	uint32_t address = 0;
	bool valid;

	if (hex) {
		valid = piece_hex(text, &value->bytes) && value->bytes.size == 4;
		address = valid ? get_be32(value->bytes.data) : 0;
		buf_clear(&value->bytes);
	} else {
		valid = copy_piece(text, dotted, sizeof(dotted)) && ipv4_parse(dotted, &address);
	}
	value->number = address;
	return valid ? NULL : "an IPv4 address";
}

const char *walk_value_read(struct walk_value *value, enum mib_type type, bool hex,
			    struct piece text)
{
	bool valid;

	value->type = type;
	switch (type) {
	case MIB_OCTETS:
		valid = hex ? piece_hex(text, &value->bytes)
			    : buf_add(&value->bytes, text.data, text.size);
		return valid ? NULL : hex ? "pairs of hex digits" : "at most 65535 bytes";
	case MIB_OID:
		return piece_oid(text, &value->oid) ? NULL : "a dotted OID";
	case MIB_ADDRESS:
		return read_address(value, hex, text);
	case MIB_INTEGER:
		valid = number_between(text, INT32_MIN, INT32_MAX, &value->number);
		return valid ? NULL : "a whole number of 32 bits";
	case MIB_COUNTER:
	case MIB_GAUGE:
	case MIB_TICKS:
		break;
	}
	valid = number_between(text, 0, UINT32_MAX, &value->number);
	return valid ? NULL : "a whole number from 0 to 4294967295";
}

/* RFC 2579, PhysAddress: "1x:". Only the six octets of a MAC: what is shorter could be text. */
static bool hinted_mac(const char *text, struct buf *out)
{
	unsigned byte[6];
	int used = 0;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &byte[0], &byte[1], &byte[2], &byte[3],
		   &byte[4], &byte[5], &used) != 6 ||
	    text[used])
		return false;
	for (size_t i = 0; i < COUNT_OF(byte); i++)
		buf_add_u8(out, (uint8_t)byte[i]);
	return true;
}

/* RFC 2579, DateAndTime: "2d-1d-1d,1d:1d:1d.1d,1a1d:1d", the last three parts optional. */
static bool hinted_date(const char *text, struct buf *out)
{
	unsigned part[9] = { 0 };
	char sign;
	int used = 0;

	if (sscanf(text, "%5u-%2u-%2u,%2u:%2u:%2u.%1u%n", &part[0], &part[1], &part[2], &part[3],
		   &part[4], &part[5], &part[6], &used) != 7)
		return false;
	const char *zone = text + used;
	int zone_used = 0;
	bool zoned = *zone;
	if (zoned && (sscanf(zone, ",%c%2u:%2u%n", &sign, &part[7], &part[8], &zone_used) != 3 ||
		      zone[zone_used] || !strchr("+-", sign)))
		return false;
	buf_add_be16(out, (uint16_t)part[0]);
	for (size_t i = 1; i < 7; i++)
		buf_add_u8(out, (uint8_t)part[i]);
	if (zoned) {
		buf_add_u8(out, (uint8_t)sign);
		buf_add_u8(out, (uint8_t)part[7]);
		buf_add_u8(out, (uint8_t)part[8]);
	}
	return true;
}

bool walk_value_hinted(struct piece text, struct walk_value *value)
{
	char copy[40];
	value->type = MIB_OCTETS;
	return copy_piece(text, copy, sizeof(copy)) &&
	       (hinted_mac(copy, &value->bytes) || hinted_date(copy, &value->bytes));
}
