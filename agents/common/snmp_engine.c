#include "agents/common/snmp_engine.h"

#include <string.h>

enum {
	INTEGER = 0x02,
	OCTETS = 0x04,
	SEQUENCE = 0x30,
	REPORT = 0xa8,
	VERSION_3 = 3,
	ENGINE_MIN = 5,
	MESSAGE_ID = 9, /* places in the request */
	REQUEST_ID = 52,
};

size_t snmp_engine_ask(int32_t number, uint8_t bytes[SNMP_ENGINE_ASK_MAX])
{
	/* msgGlobalData: number, largest message, reportable, model; msgSecurityParameters: engine,
	 * boots, time, user, keys, all empty; a GET without names. */
	static const char message[] =
		"\x30\x3e\x02\x01\x03"
		"\x30\x11\x02\x04\0\0\0\0\x02\x03\0\xff\xe3\x04\x01\x04\x02\x01\x03"
		"\x04\x10\x30\x0e\x04\0\x02\x01\0\x02\x01\0\x04\0\x04\0\x04\0"
		"\x30\x14\x04\0\x04\0\xa0\x0e\x02\x04\0\0\0\0\x02\x01\0\x02\x01\0"
		"\x30\0";
	const size_t size = sizeof(message) - 1;

	memcpy(bytes, message, size);
	for (int i = 0; i < 4; i++)
		bytes[MESSAGE_ID + i] = bytes[REQUEST_ID + i] =
			(uint8_t)((uint32_t)number >> (24 - 8 * i));
	return size;
}

struct cursor {
	const uint8_t *at;
	size_t left;
};

/* The next element if it is of this kind; content of it. Definite lengths of up to two bytes are
 * all that a report needs. */
static bool next(struct cursor *cursor, uint8_t kind, struct cursor *content)
{
	const uint8_t *at = cursor->at;
	size_t head = 2, size;

	if (cursor->left < 2 || at[0] != kind)
		return false;
	size = at[1];
	if (size & 0x80) {
		size_t count = size & 0x7f;
		if (count < 1 || count > 2 || cursor->left < 2 + count)
			return false;
		size = count == 1 ? at[2] : (size_t)at[2] << 8 | at[3];
		head += count;
	}
	if (size > cursor->left - head)
		return false;
	*content = (struct cursor){ at + head, size };
	cursor->at += head + size;
	cursor->left -= head + size;
	return true;
}

static bool next_number(struct cursor *cursor, int32_t *number)
{
	struct cursor content;

	if (!next(cursor, INTEGER, &content) || content.left < 1 || content.left > 4)
		return false;
	uint32_t value = content.at[0] & 0x80 ? UINT32_MAX : 0;
	for (size_t i = 0; i < content.left; i++)
		value = value << 8 | content.at[i];
	*number = (int32_t)value;
	return true;
}

static bool is_report(struct cursor *message)
{
	struct cursor scoped, skipped;

	return next(message, SEQUENCE, &scoped) && next(&scoped, OCTETS, &skipped) &&
	       next(&scoped, OCTETS, &skipped) && next(&scoped, REPORT, &skipped);
}

bool snmp_engine_read(const uint8_t *bytes, size_t size, int32_t number, struct snmp_engine *engine)
{
	struct cursor all = { bytes, size }, message, head, security, parameters, id;
	int32_t version, said;

	if (!next(&all, SEQUENCE, &message) || !next_number(&message, &version) ||
	    version != VERSION_3 || !next(&message, SEQUENCE, &head) ||
	    !next_number(&head, &said) || said != number || !next(&message, OCTETS, &security) ||
	    !next(&security, SEQUENCE, &parameters) || !next(&parameters, OCTETS, &id) ||
	    id.left < ENGINE_MIN || id.left > SNMP_ENGINE_MAX ||
	    !next_number(&parameters, &engine->boots) || !next_number(&parameters, &engine->time) ||
	    !is_report(&message))
		return false;
	memcpy(engine->id, id.at, id.left);
	engine->size = id.left;
	return true;
}
