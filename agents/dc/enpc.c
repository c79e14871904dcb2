#include "agents/dc/enpc.h"

#include <ctype.h>
#include <string.h>

#include "agents/common/text.h"
#include "base/buf.h"

enum { PRINTER = 2, ANY = 0xff };

const struct enpc_function enpc_probe = { 'P', 0, ANY, 0x0000 };
const struct enpc_function enpc_basic = { 'Q', PRINTER, 0, 0x0000 };
const struct enpc_function enpc_clean = { 'C', PRINTER, 0, 0x0020 };
const struct enpc_function enpc_diagnose = { 'C', PRINTER, 0, 0x0021 };

void enpc_request(const struct enpc_function *function, uint8_t packet[ENPC_REQUEST_SIZE])
{
	memset(packet, 0, ENPC_REQUEST_SIZE);
	memcpy(packet, "EPSON", 5);
	packet[5] = (uint8_t)function->packet;
	packet[6] = function->device;
	packet[7] = function->number;
	put_be16(packet + 8, function->function);
}

bool enpc_parse(const struct enpc_function *function, const uint8_t *data, size_t size,
		struct enpc_reply *reply)
{
	if (size < ENPC_REQUEST_SIZE || memcmp(data, "EPSON", 5) != 0 ||
	    data[5] != tolower(function->packet) || get_be16(data + 8) != function->function)
		return false;
	/* A probe for any device number is answered with the device's own. */
	if (data[6] != function->device || (function->number != ANY && data[7] != function->number))
		return false;
	reply->result = get_be16(data + 10);
	reply->size = get_be16(data + 12);
	reply->data = data + ENPC_REQUEST_SIZE;
	return reply->size <= size - ENPC_REQUEST_SIZE;
}

char *enpc_model(const struct enpc_reply *reply)
{
	enum { ID_LENGTH_AT = 3 };

	if (reply->result != ENPC_NORMAL || reply->size < ID_LENGTH_AT + 2)
		return NULL;
	/* The length of the device id counts itself. */
	size_t at = ID_LENGTH_AT + (size_t)get_be16(reply->data + ID_LENGTH_AT);
	if (at >= reply->size)
		return NULL;
	return text_clean(reply->data + at,
			  strnlen((const char *)reply->data + at, reply->size - at));
}
