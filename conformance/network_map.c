#include "conformance/network_map.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/ipv4.h"

/* RFC 5737 for the first three, then RFC 2544: 198.18.0.0/15. */
static uint32_t network_at(size_t i)
{
	static const uint32_t first[] = { 0xc00002, 0xc63364, 0xcb0071 };
	if (i < COUNT_OF(first))
		return first[i];
	return 0xc61200 + (uint32_t)(i - COUNT_OF(first));
}

uint32_t network_map_address(struct network_map *map, uint32_t address)
{
	uint32_t network = address >> 8;
	size_t i = 0;

	if (address >> 24 == 0 || address >> 24 == 127 || address >> 24 >= 224)
		return address;
	while (i < map->count && map->networks[i] != network)
		i++;
	if (i == map->count) {
		if (i == NETWORKS_MAX)
			return network_at(NETWORKS_MAX) << 8 | (address & 0xff);
		map->networks[map->count++] = network;
	}
	return network_at(i) << 8 | (address & 0xff);
}

void network_map_address6(struct network_map *map, uint8_t address[16])
{
	static const uint8_t nobody[15];
	bool link_local = address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
	size_t i = 0;

	if (!memcmp(address, nobody, sizeof(nobody)) || address[0] == 0xff)
		return; /* ::, ::1, multicast */
	while (i < map->count6 && memcmp(map->addresses6[i], address, 16) != 0)
		i++;
	if (i == map->count6 && i < ADDRESSES6_MAX)
		memcpy(map->addresses6[map->count6++], address, 16);
	memset(address, 0, 16);
	put_be32(address, link_local ? 0xfe800000 : 0x20010db8); /* RFC 3849 */
	address[15] = (uint8_t)(i + 1);
}

/* ---- text ---- */

typedef bool is_part(char c);

static bool is_part4(char c)
{
	return isdigit((unsigned char)c) || c == '.';
}

static bool is_part6(char c)
{
	return isxdigit((unsigned char)c) || c == ':';
}

static bool write4(struct network_map *map, const char *word, struct buf *out)
{
	char text[IPV4_TEXT_MAX];
	uint32_t address;

	if (!ipv4_parse(word, &address))
		return false;
	buf_add_text(out, ipv4_format(network_map_address(map, address), text));
	return true;
}

static bool write6(struct network_map *map, const char *word, struct buf *out)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t address[16];

	if (inet_pton(AF_INET6, word, address) != 1)
		return false;
	network_map_address6(map, address);
	buf_add_text(out, inet_ntop(AF_INET6, address, text, sizeof(text)));
	return true;
}

static void map_words(struct network_map *map, struct buf *text, is_part *part,
		      bool (*write)(struct network_map *, const char *, struct buf *))
{
	struct buf out;
	size_t size;

	buf_init(&out, text->max);
	for (size_t i = 0; i < text->size; i += size) {
		const char *at = (const char *)text->data + i;
		char word[INET6_ADDRSTRLEN];
		for (size = 0; i + size < text->size && part(at[size]);)
			size++;
		snprintf(word, sizeof(word), "%.*s", (int)(size < 45 ? size : 45), at);
		if (size && size < 46 && write(map, word, &out))
			continue;
		size = size ? size : 1;
		buf_add(&out, at, size);
	}
	if (out.failed) {
		buf_done(&out);
		return;
	}
	buf_done(text);
	*text = out;
}

void network_map_text(struct network_map *map, struct buf *text)
{
	map_words(map, text, is_part4, write4);
	map_words(map, text, is_part6, write6);
}

/* ---- indices ---- */

static void map_index4(struct network_map *map, uint32_t *id)
{
	uint32_t address =
		id[0] << 24 | (id[1] & 0xff) << 16 | (id[2] & 0xff) << 8 | (id[3] & 0xff);
	address = network_map_address(map, address);
	for (int i = 0; i < 4; i++)
		id[i] = address >> (24 - 8 * i) & 0xff;
}

static void map_index6(struct network_map *map, uint32_t *id)
{
	uint8_t address[16];
	for (int i = 0; i < 16; i++)
		address[i] = (uint8_t)id[i];
	network_map_address6(map, address);
	for (int i = 0; i < 16; i++)
		id[i] = address[i];
}

/* InetAddressType and InetAddress (RFC 4001): 1.4 and four octets, 2.16 and sixteen. */
static void map_inet(struct network_map *map, struct oid *oid, size_t from)
{
	for (size_t i = from; i + 1 < oid->count; i++) {
		size_t left = oid->count - i - 2;
		if (oid->id[i] == 1 && oid->id[i + 1] == 4 && left >= 4) {
			map_index4(map, &oid->id[i + 2]);
			i += 5;
		} else if (oid->id[i] == 2 && oid->id[i + 1] == 16 && left >= 16) {
			map_index6(map, &oid->id[i + 2]);
			i += 17;
		}
	}
}

void network_map_oid(struct network_map *map, struct oid *oid)
{
	/* Where addresses begin, counted behind the table's entry; 0 ends the row. */
	static const struct {
		const char *entry;
		size_t at[2];
	} tables[] = {
		{ "1.3.6.1.2.1.4.20.1", { 1 } },    { "1.3.6.1.2.1.4.21.1", { 1 } },
		{ "1.3.6.1.2.1.4.22.1", { 2 } },    { "1.3.6.1.2.1.4.24.4.1", { 1, 10 } },
		{ "1.3.6.1.2.1.6.13.1", { 1, 6 } }, { "1.3.6.1.2.1.7.5.1", { 1 } },
	};
	static const char *const inet[] = { "1.3.6.1.2.1.4.24.7.1", "1.3.6.1.2.1.4.32.1",
					    "1.3.6.1.2.1.4.34.1",   "1.3.6.1.2.1.4.35.1",
					    "1.3.6.1.2.1.4.37.1",   "1.3.6.1.2.1.6.19.1",
					    "1.3.6.1.2.1.6.20.1",   "1.3.6.1.2.1.7.7.1" };
	struct oid top;

	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		oid_parse(tables[i].entry, &top);
		if (!oid_below(oid->id, oid->count, &top))
			continue;
		for (size_t j = 0; j < COUNT_OF(tables[i].at) && tables[i].at[j]; j++)
			if (top.count + tables[i].at[j] + 4 <= oid->count)
				map_index4(map, &oid->id[top.count + tables[i].at[j]]);
	}
	for (size_t i = 0; i < COUNT_OF(inet); i++) {
		oid_parse(inet[i], &top);
		if (oid_below(oid->id, oid->count, &top))
			map_inet(map, oid, top.count + 1);
	}
}
