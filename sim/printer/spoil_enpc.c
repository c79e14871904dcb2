/* Wrongs of ENPC replies: "EPSON", letter, device type and number, function, result, length,
 * payload (enpc.h). */
#include <string.h>

#include "base/json.h"
#include "sim/printer/enpc.h"
#include "sim/printer/spoil.h"

enum {
	AT_MAGIC = 0,
	AT_LETTER = 5,
	AT_TYPE = 6,
	AT_FUNCTION = 8,
	AT_RESULT = 10,
	AT_LENGTH = 12,
};

static bool is_reply(const struct answer *answer)
{
	return answer->bytes.size >= ENPC_HEADER;
}

bool spoil_enpc_magic(const struct spoiling *spoiling, struct answer *answer)
{
	if (!is_reply(answer))
		return false;
	memcpy(answer->bytes.data + AT_MAGIC, "EPSOM", 5);
	buf_printf(spoiling->did, "EPSOM");
	return true;
}

/* The letter of a reply to another kind of request. */
bool spoil_enpc_letter(const struct spoiling *spoiling, struct answer *answer)
{
	static const char letters[] = "pqcp";
	const char *own =
		is_reply(answer) ? memchr(letters, answer->bytes.data[AT_LETTER], 3) : NULL;

	if (!own)
		return false;
	answer->bytes.data[AT_LETTER] = (uint8_t)own[1];
	buf_printf(spoiling->did, "reply '%c' for '%c'", own[1], own[0]);
	return true;
}

bool spoil_enpc_device(const struct spoiling *spoiling, struct answer *answer)
{
	if (!is_reply(answer))
		return false;
	uint8_t *type = answer->bytes.data + AT_TYPE;
	uint8_t other = *type == ENPC_PRINTER ? ENPC_INTERFACE : ENPC_PRINTER;
	buf_printf(spoiling->did, "device type %02X for %02X", other, *type);
	*type = other;
	return true;
}

bool spoil_enpc_function(const struct spoiling *spoiling, struct answer *answer)
{
	if (!is_reply(answer))
		return false;
	uint8_t *at = answer->bytes.data + AT_FUNCTION;
	uint16_t own = get_be16(at), other = (uint16_t)(own + 1);
	put_be16(at, other);
	buf_printf(spoiling->did, "function %04X for %04X", other, own);
	return true;
}

bool spoil_enpc_length(const struct spoiling *spoiling, struct answer *answer)
{
	if (!is_reply(answer))
		return false;
	uint8_t *at = answer->bytes.data + AT_LENGTH;
	uint16_t own = get_be16(at);
	uint16_t other = (uint16_t)(own + json_int_of(spoiling->with, "by", 1));
	put_be16(at, other);
	buf_printf(spoiling->did, "length %u for %u", other, own);
	return other != own;
}

bool spoil_enpc_error(const struct spoiling *spoiling, struct answer *answer)
{
	uint16_t result = (uint16_t)json_int_of(spoiling->with, "result", ENPC_REFUSED);

	if (!is_reply(answer))
		return false;
	put_be16(answer->bytes.data + AT_RESULT, result);
	put_be16(answer->bytes.data + AT_LENGTH, 0);
	answer->bytes.size = ENPC_HEADER;
	buf_printf(spoiling->did, "result %04X", result);
	return true;
}

bool spoil_enpc_oversized(const struct spoiling *spoiling, struct answer *answer)
{
	size_t wanted = (size_t)json_int_of(spoiling->with, "bytes", SPOIL_DATAGRAM_MAX);

	if (!is_reply(answer) || answer->bytes.size >= wanted)
		return false;
	answer->bytes.max = SPOIL_DATAGRAM_MAX;
	if (!buf_add_zero(&answer->bytes, wanted - answer->bytes.size))
		return false;
	put_be16(answer->bytes.data + AT_LENGTH, (uint16_t)(wanted - ENPC_HEADER));
	buf_printf(spoiling->did, "a payload of %zu bytes", wanted - ENPC_HEADER);
	return true;
}
