#include "conformance/anonymise.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "conformance/network_map.h"

#define EPSON "1.3.6.1.4.1.1248.1.2.2."
#define NIC   "1.3.6.1.4.1.1248.1.1.3.1."

enum { VALUE_MAX = 1 << 20, WORD_MIN = 4 };

/* Bytes and what stands for them, of the same size. */
struct pair {
	uint8_t *from, *to;
	size_t size;
};

struct anonymous {
	struct pair *pairs; /* longest first once learnt */
	size_t count, capacity;
	struct network_map networks;
	struct anonymous_count counts;
};

static const char *const serial_oids[] = {
	"1.3.6.1.2.1.43.5.1.1.17",   "1.3.6.1.2.1.43.8.2.1.17", "1.3.6.1.2.1.43.9.2.1.11",
	"1.3.6.1.2.1.47.1.1.1.1.11", EPSON "1.1.1.5",
};

/* Own first: only its last three octets are looked for as text, as in EPSON1A2B3C. */
static const char *const mac_oids[] = {
	"1.3.6.1.2.1.2.2.1.6",
	NIC "1.5",
	"1.3.6.1.2.1.4.22.1.2",
	"1.3.6.1.2.1.4.35.1.4",
};
enum { OWN_MACS = 2 };

/* What people typed in: contact, place, operator, host, domain, networks, mail, jobs. */
static const char *const name_oids[] = {
	"1.3.6.1.2.1.1.4",
	"1.3.6.1.2.1.1.5",
	"1.3.6.1.2.1.1.6",
	"1.3.6.1.2.1.43.5.1.1.4",
	"1.3.6.1.2.1.43.5.1.1.5",
	"1.3.6.1.4.1.2699.1.1",
	NIC "1.73",
	NIC "1.74",
	NIC "5",
	NIC "14.4.1.5",
	NIC "14.7",
	NIC "25.1.1.6",
	NIC "26.2.1.3",
	NIC "26.3.1.3",
	NIC "29.2.1.9",
	NIC "29.3.1.4",
	NIC "37",
	NIC "38.2",
	"1.3.6.1.4.1.1248.1.8.2.6",
};

/* Communities: what is short is learnt too, but for the default. */
static const char *const community_oids[] = {
	NIC "2.1",
	NIC "2.2",
	NIC "2.16.1.2",
	"1.3.6.1.4.1.2699.1.2.1.2.1.1.7",
};

static bool is_under(const struct mib_entry *entry, const char *const *tops, size_t count)
{
	struct oid top;
	for (size_t i = 0; i < count; i++) {
		oid_parse(tops[i], &top);
		if (entry->type == MIB_OCTETS && oid_below(entry->oid, entry->oid_count, &top))
			return true;
	}
	return false;
}

/* ---- pairs ---- */

static bool is_known(const struct anonymous *anonymous, const void *from, size_t size)
{
	for (size_t i = 0; i < anonymous->count; i++)
		if (anonymous->pairs[i].size == size &&
		    !memcmp(anonymous->pairs[i].from, from, size))
			return true;
	return false;
}

static void add_pair(struct anonymous *anonymous, const void *from, const void *to, size_t size)
{
	if (!size || is_known(anonymous, from, size))
		return;
	if (anonymous->count == anonymous->capacity) {
		anonymous->capacity = anonymous->capacity ? anonymous->capacity * 2 : 32;
		anonymous->pairs = alloc_grow(anonymous->pairs, anonymous->capacity,
					      sizeof(*anonymous->pairs));
	}
	anonymous->pairs[anonymous->count++] =
		(struct pair){ (uint8_t *)alloc_bytes(from, size), (uint8_t *)alloc_bytes(to, size),
			       size };
}

static void add_changed(struct anonymous *anonymous, const char *from, const char *to,
			int (*change)(int c))
{
	AUTO_FREE char *other_from = alloc_text(from);
	AUTO_FREE char *other_to = alloc_text(to);

	for (size_t i = 0; from[i]; i++) {
		other_from[i] = (char)change((unsigned char)from[i]);
		other_to[i] = (char)change((unsigned char)to[i]);
	}
	add_pair(anonymous, other_from, other_to, strlen(from));
}

/* A text as it is, in lower and upper case, and as UTF-16LE, in which network cards keep names. */
static void add_text(struct anonymous *anonymous, const char *from, const char *to)
{
	size_t size = strlen(from);
	AUTO_FREE char *wide_from = alloc_zero(size + 1, 2);
	AUTO_FREE char *wide_to = alloc_zero(size + 1, 2);

	for (size_t i = 0; i < size; i++) {
		wide_from[2 * i] = from[i];
		wide_to[2 * i] = to[i];
	}
	add_pair(anonymous, from, to, size);
	add_changed(anonymous, from, to, tolower);
	add_changed(anonymous, from, to, toupper);
	add_pair(anonymous, wide_from, wide_to, 2 * size);
}

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	return x->size < y->size ? 1 : x->size > y->size ? -1 : 0;
}

static void sort_pairs(struct anonymous *anonymous)
{
	if (anonymous->count)
		qsort(anonymous->pairs, anonymous->count, sizeof(*anonymous->pairs), compare_pairs);
}

static bool replace_pairs(const struct anonymous *anonymous, struct buf *bytes)
{
	bool changed = false;
	for (size_t at = 0; at < bytes->size;) {
		size_t step = 1;
		for (size_t i = 0; i < anonymous->count; i++) {
			const struct pair *pair = &anonymous->pairs[i];
			if (bytes->size - at < pair->size ||
			    memcmp(bytes->data + at, pair->from, pair->size) != 0)
				continue;
			memcpy(bytes->data + at, pair->to, pair->size);
			step = pair->size;
			changed = true;
			break;
		}
		at += step;
	}
	return changed;
}

/* ---- serial numbers ---- */

/* As device ids carry it: eight characters in hex, the rest as it is; and all of it in hex. */
static char *coded(const char *serial, size_t hex)
{
	struct buf text;
	buf_init(&text, 1024);
	for (size_t i = 0; serial[i]; i++)
		buf_printf(&text, i < hex ? "%02X" : "%c", (unsigned char)serial[i]);
	return buf_steal(&text);
}

static void learn_serial(struct anonymous *anonymous, const uint8_t *bytes, size_t size)
{
	static const char head[] = "XSIM";
	char from[65], to[65];

	if (size < WORD_MIN || size >= sizeof(from) || memchr(bytes, '\0', size))
		return;
	memcpy(from, bytes, size);
	from[size] = '\0';
	if (is_known(anonymous, from, size))
		return;
	size_t number = ++anonymous->counts.serials;
	for (size_t i = size; i-- > 0; number /= 10)
		to[i] = i < strlen(head) ? head[i] : (char)('0' + number % 10);
	to[size] = '\0';
	add_text(anonymous, from, to);
	AUTO_FREE char *coded_from = coded(from, 8);
	AUTO_FREE char *coded_to = coded(to, 8);
	add_text(anonymous, coded_from, coded_to);
	AUTO_FREE char *hex_from = coded(from, size);
	AUTO_FREE char *hex_to = coded(to, size);
	add_text(anonymous, hex_from, hex_to);
}

/* ---- MAC addresses ---- */

static void learn_mac(struct anonymous *anonymous, const uint8_t mac[6], bool own)
{
	static const uint8_t nobody[6], all[6] = { 255, 255, 255, 255, 255, 255 };
	static const char *const forms[] = {
		"%02X%02X%02X%02X%02X%02X",
		"%02X:%02X:%02X:%02X:%02X:%02X",
		"%02X-%02X-%02X-%02X-%02X-%02X",
	};
	char from[18], to[18];

	if (!memcmp(mac, nobody, 6) || !memcmp(mac, all, 6) || is_known(anonymous, mac, 6))
		return;
	size_t number = ++anonymous->counts.macs;
	/* 02: locally administered */
	const uint8_t other[6] = { 0x02, 0, 0, 0xa0, (uint8_t)(number >> 8), (uint8_t)number };
	add_pair(anonymous, mac, other, 6);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		snprintf(from, sizeof(from), forms[i], mac[0], mac[1], mac[2], mac[3], mac[4],
			 mac[5]);
		snprintf(to, sizeof(to), forms[i], other[0], other[1], other[2], other[3], other[4],
			 other[5]);
		add_text(anonymous, from, to);
	}
#pragma GCC diagnostic pop
	if (!own)
		return;
	snprintf(from, sizeof(from), "%02X%02X%02X", mac[3], mac[4], mac[5]);
	snprintf(to, sizeof(to), "%02X%02X%02X", other[3], other[4], other[5]);
	add_text(anonymous, from, to);
}

/* ---- names ---- */

/* As long as what it stands for, so that no length beside it becomes wrong. */
static void blank(const uint8_t *from, size_t size, uint8_t *to)
{
	static const char word[] = "anonymous";
	for (size_t i = 0; i < size; i++)
		to[i] = from[i] ? (uint8_t)word[i % strlen(word)] : 0;
}

/* Words that also stand in the maker's own texts are replaced where they were typed in, not
 * everywhere: "EPSON" as a contact must not take the maker's name out. */
static bool is_makers_word(const struct mib *walk, const uint8_t *bytes, size_t size)
{
	static const char *const tops[] = {
		"1.3.6.1.2.1.1.1", "1.3.6.1.2.1.2.2.1.2",     "1.3.6.1.2.1.25.3.2.1.3",
		EPSON "1.1.1.1",   "1.3.6.1.2.1.43.5.1.1.16", "1.3.6.1.2.1.43.11.1.1.6",
	};
	for (size_t i = 0; i < mib_count(walk); i++) {
		const struct mib_entry *entry = mib_entry(walk, i);
		if (entry->size && is_under(entry, tops, COUNT_OF(tops)) &&
		    memmem(entry->bytes, entry->size, bytes, size))
			return true;
	}
	return false;
}

/* EPSON1A2B3C: a name that was made from the MAC address goes with it. */
static bool is_derived(const struct anonymous *anonymous, const struct mib_entry *entry)
{
	struct buf copy;
	buf_init(&copy, entry->size);
	buf_add(&copy, entry->bytes, entry->size);
	bool derived = replace_pairs(anonymous, &copy);
	buf_done(&copy);
	return derived;
}

static void learn_name(struct anonymous *anonymous, const struct mib *walk,
		       const struct mib_entry *entry)
{
	AUTO_FREE char *to = alloc_zero(entry->size + 1, 1);
	AUTO_FREE char *from = alloc_bytes(entry->bytes, entry->size);

	if (entry->size < WORD_MIN || is_derived(anonymous, entry) ||
	    is_makers_word(walk, entry->bytes, entry->size) || strlen(from) != entry->size)
		return;
	blank(entry->bytes, entry->size, (uint8_t *)to);
	add_text(anonymous, from, to);
	anonymous->counts.names++;
}

/* ---- the status block ---- */

/* Data of a field of "@BDC ST2", behind header and length; NULL without one. */
static uint8_t *block_field(uint8_t *data, size_t size, uint8_t type, size_t *field_size)
{
	static const char head[] = "@BDC ST2\r\n";
	size_t at = strlen(head) + 2;

	if (size < at || memcmp(data, head, strlen(head)) != 0)
		return NULL;
	while (at + 2 <= size && at + 2 + data[at + 1] <= size) {
		if (data[at] == type) {
			*field_size = data[at + 1];
			return data + at + 2;
		}
		at += 2 + (size_t)data[at + 1];
	}
	return NULL;
}

enum { BLOCK_JOB = 0x19, BLOCK_SERIAL = 0x40, JOB_HEAD = 5 };

static void blank_job(struct buf *bytes)
{
	size_t size;
	uint8_t *job = block_field(bytes->data, bytes->size, BLOCK_JOB, &size);
	if (job && size > JOB_HEAD && memcmp(job + JOB_HEAD, "unknown", size - JOB_HEAD) != 0)
		blank(job + JOB_HEAD, size - JOB_HEAD, job + JOB_HEAD);
}

/* ---- learning ---- */

static void learn_identity(struct anonymous *anonymous, const struct mib_entry *entry)
{
	size_t size;

	if (is_under(entry, serial_oids, COUNT_OF(serial_oids)))
		learn_serial(anonymous, entry->bytes, entry->size);
	if (entry->size == 6 && is_under(entry, mac_oids, COUNT_OF(mac_oids)))
		learn_mac(anonymous, entry->bytes, is_under(entry, mac_oids, OWN_MACS));
	if (entry->type == MIB_OCTETS && entry->size) {
		const uint8_t *serial =
			block_field((uint8_t *)entry->bytes, entry->size, BLOCK_SERIAL, &size);
		if (serial)
			learn_serial(anonymous, serial, size);
	}
}

struct anonymous *anonymous_new(const struct mib *walk)
{
	struct anonymous *anonymous = alloc_zero(1, sizeof(*anonymous));

	for (size_t i = 0; i < mib_count(walk); i++)
		learn_identity(anonymous, mib_entry(walk, i));
	for (size_t i = 0; i < mib_count(walk); i++) {
		const struct mib_entry *entry = mib_entry(walk, i);
		bool community = is_under(entry, community_oids, COUNT_OF(community_oids)) &&
				 !(entry->size == 6 && !memcmp(entry->bytes, "public", 6));
		if (community || is_under(entry, name_oids, COUNT_OF(name_oids)))
			learn_name(anonymous, walk, entry);
	}
	sort_pairs(anonymous);
	return anonymous;
}

void anonymous_free(struct anonymous *anonymous)
{
	if (!anonymous)
		return;
	for (size_t i = 0; i < anonymous->count; i++) {
		free(anonymous->pairs[i].from);
		free(anonymous->pairs[i].to);
	}
	free(anonymous->pairs);
	free(anonymous);
}

struct anonymous_count anonymous_counts(const struct anonymous *anonymous)
{
	struct anonymous_count counts = anonymous->counts;
	counts.networks = anonymous->networks.count;
	return counts;
}

/* ---- replacing ---- */

static bool is_text(const struct buf *bytes)
{
	for (size_t i = 0; i < bytes->size; i++)
		if (!isprint(bytes->data[i]) && !isspace(bytes->data[i]))
			return false;
	return bytes->size > 0;
}

/* What is typed in and holds nothing that was learnt, a short name, is blanked as a whole. */
static void clean(struct anonymous *anonymous, struct buf *bytes, bool typed_in)
{
	if (!bytes->size)
		return;
	blank_job(bytes);
	if (!replace_pairs(anonymous, bytes) && typed_in)
		blank(bytes->data, bytes->size, bytes->data);
	if (is_text(bytes))
		network_map_text(&anonymous->networks, bytes);
}

/* Where a reply has a MAC address, and IPv4 addresses in binary; 0: none. */
static const struct {
	const char *function;
	size_t mac, addresses[2];
} replies[] = {
	{ "00-0000", 40, { 0 } },
	{ "00-0010", 1, { 9, 17 } },
};

static void map_reply(struct anonymous *anonymous, const size_t at[2], struct buf *payload)
{
	for (size_t i = 0; i < 2 && at[i] && at[i] + 4 <= payload->size; i++)
		put_be32(
			payload->data + at[i],
			network_map_address(&anonymous->networks, get_be32(payload->data + at[i])));
}

void anonymous_enpc(struct anonymous *anonymous, const char *function, struct buf *payload)
{
	for (size_t i = 0; i < COUNT_OF(replies); i++) {
		if (strcmp(replies[i].function, function) != 0)
			continue;
		if (replies[i].mac + 6 <= payload->size)
			learn_mac(anonymous, payload->data + replies[i].mac, true);
		sort_pairs(anonymous);
		map_reply(anonymous, replies[i].addresses, payload);
	}
	clean(anonymous, payload, false);
}

/* The card's IPv6 table, and link-local addresses anywhere. */
static bool is_address6(const struct mib_entry *entry)
{
	static const char *const tops[] = { NIC "28" };
	return entry->size == 16 && (is_under(entry, tops, COUNT_OF(tops)) ||
				     !memcmp(entry->bytes, "\xfe\x80\0\0\0\0\0\0", 8));
}

static void put_octets(struct anonymous *anonymous, struct mib *out, const struct oid *oid,
		       const struct mib_entry *entry)
{
	struct buf bytes;

	buf_init(&bytes, VALUE_MAX);
	buf_add(&bytes, entry->bytes, entry->size);
	if (is_address6(entry)) {
		network_map_address6(&anonymous->networks, bytes.data);
	} else {
		clean(anonymous, &bytes, is_under(entry, name_oids, COUNT_OF(name_oids)));
	}
	mib_put(out, oid, 1, MIB_OCTETS, 0, bytes.size ? (const void *)bytes.data : "", bytes.size);
	buf_done(&bytes);
}

struct mib *anonymous_walk(struct anonymous *anonymous, const struct mib *walk)
{
	struct mib *out = mib_new();

	for (size_t i = 0; i < mib_count(walk); i++) {
		const struct mib_entry *entry = mib_entry(walk, i);
		struct oid oid = { .count = entry->oid_count };
		int64_t number = entry->number;

		memcpy(oid.id, entry->oid, oid.count * sizeof(oid.id[0]));
		network_map_oid(&anonymous->networks, &oid);
		if (entry->type == MIB_OCTETS) {
			put_octets(anonymous, out, &oid, entry);
			continue;
		}
		if (entry->type == MIB_ADDRESS)
			number = network_map_address(&anonymous->networks, (uint32_t)number);
		mib_put(out, &oid, 1, (enum mib_type)entry->type, number, entry->bytes,
			entry->size);
	}
	mib_finish(out, NULL);
	return out;
}
