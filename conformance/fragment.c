#include "conformance/fragment.h"

#include <string.h>

#include "base/buf.h"

enum { DATAGRAM_MAX = 65535, WAITING_MAX = 256, UNIT = 8 };

struct datagram {
	struct datagram *next;
	uint32_t source, destination;
	uint16_t id;
	uint8_t protocol;
	bool from_agent, whole;
	uint64_t number;
	size_t total; /* 0: the last part has not come */
	uint8_t have[DATAGRAM_MAX / UNIT + 1];
	uint8_t data[DATAGRAM_MAX];
};

struct fragment_pool {
	struct datagram *first;
	size_t waiting;
	uint64_t refused; /* a part that could not be taken */
};

struct fragment_pool *fragment_pool_new(void)
{
	return alloc_zero(1, sizeof(struct fragment_pool));
}

void fragment_pool_free(struct fragment_pool *pool)
{
	while (pool && pool->first) {
		struct datagram *datagram = pool->first;
		pool->first = datagram->next;
		free(datagram);
	}
	free(pool);
}

static struct datagram *find(struct fragment_pool *pool, const struct packet *packet,
			     bool from_agent)
{
	for (struct datagram *d = pool->first; d; d = d->next)
		if (!d->whole && d->from_agent == from_agent && d->source == packet->source &&
		    d->destination == packet->destination && d->id == packet->id &&
		    d->protocol == packet->protocol)
			return d;
	return NULL;
}

static struct datagram *find_or_add(struct fragment_pool *pool, const struct packet *packet,
				    bool from_agent, uint64_t number)
{
	struct datagram *datagram = find(pool, packet, from_agent);
	if (datagram || pool->waiting == WAITING_MAX)
		return datagram;
	datagram = alloc_zero(1, sizeof(*datagram));
	datagram->source = packet->source;
	datagram->destination = packet->destination;
	datagram->id = packet->id;
	datagram->protocol = packet->protocol;
	datagram->from_agent = from_agent;
	datagram->number = number;
	datagram->next = pool->first;
	pool->first = datagram;
	pool->waiting++;
	return datagram;
}

static bool is_whole(const struct datagram *datagram)
{
	if (!datagram->total)
		return false;
	size_t units = (datagram->total + UNIT - 1) / UNIT;
	return !memchr(datagram->have, 0, units);
}

bool fragment_add(struct fragment_pool *pool, struct packet *packet, bool from_agent,
		  uint64_t *number)
{
	size_t end = packet->fragment_offset + packet->payload_size;
	struct datagram *datagram = NULL;
	if (end <= DATAGRAM_MAX && packet->payload_size &&
	    (!packet->more || packet->payload_size % UNIT == 0))
		datagram = find_or_add(pool, packet, from_agent, *number);
	if (!datagram) {
		if (from_agent && !pool->refused)
			pool->refused = *number;
		return false;
	}
	memcpy(datagram->data + packet->fragment_offset, packet->payload, packet->payload_size);
	memset(datagram->have + packet->fragment_offset / UNIT, 1,
	       (packet->payload_size + UNIT - 1) / UNIT);
	if (!packet->more)
		datagram->total = end;
	if (!is_whole(datagram))
		return false;
	datagram->whole = true;
	pool->waiting--;
	*number = datagram->number;
	packet->payload = datagram->data;
	packet->payload_size = datagram->total;
	packet->fragment = false;
	packet_read_transport(packet);
	return true;
}

uint64_t fragment_broken(const struct fragment_pool *pool)
{
	uint64_t broken = pool->refused;
	for (const struct datagram *d = pool->first; d; d = d->next)
		if (!d->whole && d->from_agent && (!broken || d->number < broken))
			broken = d->number;
	return broken;
}
