#include "sim/world/resolver.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sim/world/world.h"

enum {
	HEADER = 12,
	LABEL_MAX = 63,
	WIRE_NAME_MAX = 255,
	TYPE_A = 1,
	TYPE_ANY = 255,
	CLASS_IN = 1,
	TTL_SECONDS = 5,
	FLAG_RESPONSE = 0x8000,
	FLAG_AUTHORITATIVE = 0x0400,
	FLAG_RECURSION = 0x0080, /* available */
	CODE_FORMAT = 1,
	CODE_NAME = 3,
	CODE_NOT_IMPLEMENTED = 4,
};

static const struct {
	const char *name;
	uint32_t address;
} hosts[] = {
	{ "api.ecsp.example", WORLD_API_IP },
	{ "mqtt.ecsp.example", WORLD_MQTT_IP },
	{ "service.ecsp.example", WORLD_SERVICE_IP },
	/* Of regions: another name, the same machine. */
	{ "api.eu.ecsp.example", WORLD_API_IP },
	{ "mqtt.eu.ecsp.example", WORLD_MQTT_IP },
	{ "api.cn.ecsp.example", WORLD_API_IP },
	{ "mqtt.cn.ecsp.example", WORLD_MQTT_IP },
};

static const struct {
	uint16_t type;
	const char *name;
} types[] = {
	{ 1, "A" },    { 2, "NS" },    { 5, "CNAME" },  { 6, "SOA" },
	{ 12, "PTR" }, { 15, "MX" },   { 16, "TXT" },   { 28, "AAAA" },
	{ 33, "SRV" }, { 64, "SVCB" }, { 65, "HTTPS" }, { 255, "ANY" },
};

const char *resolver_type(uint16_t type)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (types[i].type == type)
			return types[i].name;
	return NULL;
}

/* Reads the name at HEADER; returns the position after it, 0 if it is broken. Compression has
 * nothing to point at in a question (RFC 1035, 4.1.4) and is refused. */
static size_t read_name(const uint8_t *query, size_t size, char name[RESOLVER_NAME_MAX])
{
	size_t at = HEADER;
	size_t used = 0;

	while (at < size && query[at]) {
		size_t length = query[at++];
		if (length > LABEL_MAX || length > size - at ||
		    at - HEADER + length >= WIRE_NAME_MAX)
			return 0;
		if (used)
			name[used++] = '.';
		for (size_t i = 0; i < length; i++, at++)
			name[used++] = query[at] ? (char)query[at] : '?';
	}
	name[used] = 0;
	return at < size ? at + 1 : 0;
}

static size_t write_header(uint8_t *out, const uint8_t *query, uint16_t code, bool question)
{
	uint16_t kept = get_be16(query + 2) & (uint16_t)(0x7800 | 0x0100);

	memset(out, 0, HEADER);
	memcpy(out, query, 2);
	put_be16(out + 2,
		 (uint16_t)(FLAG_RESPONSE | FLAG_AUTHORITATIVE | FLAG_RECURSION | kept | code));
	put_be16(out + 4, question);
	return HEADER;
}

static bool known(const char *name, uint32_t *address)
{
	for (size_t i = 0; i < COUNT_OF(hosts); i++)
		if (!strcasecmp(name, hosts[i].name)) {
			*address = hosts[i].address;
			return true;
		}
	return false;
}

static size_t write_address(uint8_t *out, uint32_t address)
{
	put_be16(out, 0xc000 | HEADER); /* the name of the question */
	put_be16(out + 2, TYPE_A);
	put_be16(out + 4, CLASS_IN);
	put_be32(out + 6, TTL_SECONDS);
	put_be16(out + 10, 4);
	put_be32(out + 12, address);
	return 16;
}

size_t resolver_answer(const uint8_t *query, size_t size, uint8_t *out, struct resolver_seen *seen)
{
	*seen = (struct resolver_seen){ 0 };
	if (size < HEADER || query[2] & 0x80)
		return 0;
	if (query[2] & 0x78)
		return write_header(out, query, CODE_NOT_IMPLEMENTED, false);
	size_t end = get_be16(query + 4) == 1 ? read_name(query, size, seen->name) : 0;
	if (!end || size - end < 4) {
		seen->name[0] = 0;
		return write_header(out, query, CODE_FORMAT, false);
	}
	seen->type = get_be16(query + end);
	bool internet = get_be16(query + end + 2) == CLASS_IN;
	end += 4;
	bool found = internet && known(seen->name, &seen->address);
	seen->answered = found && (seen->type == TYPE_A || seen->type == TYPE_ANY);
	size_t used = write_header(out, query, found ? 0 : CODE_NAME, true);
	memcpy(out + used, query + HEADER, end - HEADER);
	used = end;
	if (seen->answered) {
		put_be16(out + 6, 1);
		used += write_address(out + used, seen->address);
	}
	return used;
}
