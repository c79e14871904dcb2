#include "sim/world/reassembly.h"

#include <string.h>

#include "base/buf.h"

enum { HELD_MAX = 8, BLOCKS = 8192 };

static const uint64_t WAIT_NS = 15000000000u; /* RFC 791: 15 s */

struct held {
	bool used;
	uint32_t from, to;
	uint16_t id;
	uint8_t protocol;
	uint64_t since;
	size_t size; /* of the payload; 0 until the last fragment came */
	uint8_t got[BLOCKS / 8];
	uint8_t bytes[IPV4_SIZE + PACKET_MAX];
};

struct reassembly {
	struct held *held[HELD_MAX]; /* owned, made at first use */
};

struct reassembly *reassembly_new(void)
{
	return alloc_zero(1, sizeof(struct reassembly));
}

void reassembly_free(struct reassembly *reassembly)
{
	if (!reassembly)
		return;
	for (size_t i = 0; i < HELD_MAX; i++)
		free(reassembly->held[i]);
	free(reassembly);
}

static bool same(const struct held *held, const struct packet *packet, uint64_t now_ns)
{
	return held->used && held->from == packet->from && held->to == packet->to &&
	       held->id == packet->id && held->protocol == packet->protocol &&
	       now_ns - held->since <= WAIT_NS;
}

/* The place this fragment belongs to, or a fresh one in place of the oldest. */
static struct held *find(struct reassembly *reassembly, const struct packet *packet,
			 uint64_t now_ns)
{
	struct held **oldest = &reassembly->held[0];

	for (size_t i = 0; i < HELD_MAX; i++) {
		struct held **slot = &reassembly->held[i];
		if (*slot && same(*slot, packet, now_ns))
			return *slot;
		if (*oldest && (*oldest)->used &&
		    (!*slot || !(*slot)->used || (*slot)->since < (*oldest)->since))
			oldest = slot;
	}
	if (!*oldest)
		*oldest = alloc_zero(1, sizeof(**oldest));
	struct held *held = *oldest;
	memset(held, 0, offsetof(struct held, bytes));
	held->used = true;
	held->from = packet->from;
	held->to = packet->to;
	held->id = packet->id;
	held->protocol = packet->protocol;
	held->since = now_ns;
	return held;
}

static void mark(struct held *held, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++)
		held->got[i / 8] |= (uint8_t)(1u << i % 8);
}

static bool complete(const struct held *held)
{
	if (!held->size)
		return false;
	for (size_t i = 0; i < (held->size + 7) / 8; i++)
		if (!(held->got[i / 8] & 1u << i % 8))
			return false;
	return true;
}

/* A plain header in front: options were for the way, which ends here. */
static void write_header(struct held *held)
{
	uint8_t *ip = held->bytes;

	memset(ip, 0, IPV4_SIZE);
	ip[0] = 0x45;
	put_be16(ip + 2, (uint16_t)(IPV4_SIZE + held->size));
	put_be16(ip + 4, held->id);
	ip[8] = 64;
	ip[9] = held->protocol;
	put_be32(ip + 12, held->from);
	put_be32(ip + 16, held->to);
	put_be16(ip + 10, packet_checksum(packet_sum(0, ip, IPV4_SIZE)));
}

const uint8_t *reassembly_add(struct reassembly *reassembly, const struct packet *fragment,
			      uint64_t now_ns, size_t *size)
{
	size_t end = fragment->offset + fragment->payload_size;

	/* All but the last are whole blocks of 8 bytes; the sum must fit an IPv4 packet. */
	if (!fragment->payload_size || (fragment->more && fragment->payload_size % 8) ||
	    end > PACKET_MAX - IPV4_SIZE)
		return NULL;
	struct held *held = find(reassembly, fragment, now_ns);
	if (held->size && end > held->size) {
		held->used = false;
		return NULL;
	}
	if (!fragment->more)
		held->size = end;
	memcpy(held->bytes + IPV4_SIZE + fragment->offset, fragment->payload,
	       fragment->payload_size);
	mark(held, fragment->offset / 8u, (fragment->payload_size + 7) / 8);
	if (!complete(held))
		return NULL;
	write_header(held);
	held->used = false;
	*size = IPV4_SIZE + held->size;
	return held->bytes;
}
