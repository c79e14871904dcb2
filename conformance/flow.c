#include "conformance/flow.h"

#include <string.h>

#include "base/buf.h"
#include "conformance/fragment.h"
#include "conformance/packet.h"

enum { BUCKETS = 16384, NONE = -1 };

struct segment {
	int64_t offset; /* of the first byte after SYN; of UDP: running */
	uint64_t frame;
	const uint8_t *data; /* borrowed */
	size_t size;
};

/* One direction while frames are still coming. */
struct side {
	bool based;     /* base is known */
	bool syn;       /* and from a SYN */
	uint32_t base;  /* sequence number of offset 0 */
	int64_t newest; /* highest offset yet, from which numbers are unwrapped */
	struct segment *segments;
	size_t count, room;
};

struct building {
	struct side up, down;
	int next; /* in the bucket */
};

struct builder {
	struct flow_table *table;
	struct building *buildings; /* one a flow */
	size_t room;
	int buckets[BUCKETS];
};

struct ends {
	enum flow_protocol protocol;
	uint32_t agent, peer;
	uint16_t agent_port, peer_port;
};

static size_t bucket_of(const struct ends *ends)
{
	uint64_t hash = (uint64_t)ends->agent << 32 | ends->peer;
	hash ^= (uint64_t)ends->agent_port << 40 | (uint64_t)ends->peer_port << 16 |
		(uint64_t)ends->protocol;
	return (size_t)(hash * 0x9e3779b97f4a7c15u >> 50) % BUCKETS;
}

static int find(const struct builder *builder, const struct ends *ends)
{
	int index = builder->buckets[bucket_of(ends)];
	for (; index != NONE; index = builder->buildings[index].next) {
		const struct flow *flow = &builder->table->flows[index];
		if (flow->protocol == ends->protocol && flow->agent == ends->agent &&
		    flow->peer == ends->peer && flow->agent_port == ends->agent_port &&
		    flow->peer_port == ends->peer_port)
			break;
	}
	return index;
}

/* The newest flow of a bucket stands first, so ports that are used again find the later one. */
static int add(struct builder *builder, const struct ends *ends, uint64_t frame)
{
	struct flow_table *table = builder->table;
	if (table->count == builder->room) {
		builder->room = builder->room ? builder->room * 2 : 64;
		table->flows = alloc_grow(table->flows, builder->room, sizeof(*table->flows));
		builder->buildings =
			alloc_grow(builder->buildings, builder->room, sizeof(*builder->buildings));
	}
	int index = (int)table->count++;
	int *bucket = &builder->buckets[bucket_of(ends)];
	builder->buildings[index] = (struct building){ .next = *bucket };
	*bucket = index;
	table->flows[index] = (struct flow){ .protocol = ends->protocol,
					     .agent = ends->agent,
					     .peer = ends->peer,
					     .agent_port = ends->agent_port,
					     .peer_port = ends->peer_port,
					     .first_frame = frame };
	return index;
}

static void add_segment(struct side *side, int64_t offset, const struct packet *packet,
			uint64_t frame)
{
	if (side->count == side->room) {
		side->room = side->room ? side->room * 2 : 4;
		side->segments = alloc_grow(side->segments, side->room, sizeof(*side->segments));
	}
	side->segments[side->count++] = (struct segment){
		.offset = offset, .frame = frame, .data = packet->data, .size = packet->data_size
	};
}

/* RFC 9293: numbers are modulo 2^32; the distance to the newest one tells the lap. */
static void take_tcp(struct side *side, const struct packet *packet, uint64_t frame)
{
	uint32_t sequence = packet->sequence;
	if (packet->flags & PACKET_SYN) {
		sequence++;
		side->base = side->based && side->syn ? side->base : sequence;
		side->based = side->syn = true;
	}
	if (!packet->data_size)
		return;
	if (!side->based) {
		side->base = sequence;
		side->based = true;
	}
	uint32_t newest = side->base + (uint32_t)(uint64_t)side->newest;
	int64_t offset = side->newest + (int32_t)(sequence - newest);
	if (offset > side->newest)
		side->newest = offset;
	add_segment(side, offset, packet, frame);
}

static void take_udp(struct side *side, const struct packet *packet, uint64_t frame)
{
	add_segment(side, side->newest, packet, frame);
	side->newest += (int64_t)packet->data_size;
}

/* A SYN with another number on a pair of ports that was in use begins another connection. */
static bool begins_again(const struct side *side, const struct packet *packet)
{
	if (packet->protocol != PACKET_TCP ||
	    (packet->flags & (PACKET_SYN | PACKET_ACK)) != PACKET_SYN)
		return false;
	if (side->syn)
		return side->base != packet->sequence + 1;
	return side->count > 0;
}

static void note(uint64_t *first, bool holds, uint64_t frame)
{
	if (holds && !*first)
		*first = frame;
}

static void note_tcp(struct flow *flow, bool from_agent, uint8_t flags, uint64_t frame)
{
	bool syn = (flags & (PACKET_SYN | PACKET_ACK)) == PACKET_SYN;
	bool both = (flags & (PACKET_SYN | PACKET_ACK)) == (PACKET_SYN | PACKET_ACK);
	note(&flow->opened, from_agent && syn, frame);
	note(&flow->asked, !from_agent && syn, frame);
	note(&flow->accepted, from_agent && both, frame);
	note(&flow->peer_accepted, !from_agent && both, frame);
}

static void take(struct builder *builder, const struct packet *packet, bool from_agent,
		 uint64_t frame)
{
	struct ends ends = { .protocol = packet->protocol == PACKET_TCP ? FLOW_TCP : FLOW_UDP,
			     .agent = from_agent ? packet->source : packet->destination,
			     .peer = from_agent ? packet->destination : packet->source,
			     .agent_port =
				     from_agent ? packet->source_port : packet->destination_port,
			     .peer_port =
				     from_agent ? packet->destination_port : packet->source_port };
	int index = find(builder, &ends);
	if (index != NONE) {
		const struct building *building = &builder->buildings[index];
		if (begins_again(from_agent ? &building->up : &building->down, packet))
			index = NONE;
	}
	if (index == NONE)
		index = add(builder, &ends, frame);
	struct flow *flow = &builder->table->flows[index];
	struct side *side =
		from_agent ? &builder->buildings[index].up : &builder->buildings[index].down;
	note(&flow->agent_frame, from_agent && (!(packet->flags & PACKET_RST) || packet->data_size),
	     frame);
	if (ends.protocol == FLOW_TCP) {
		note_tcp(flow, from_agent, packet->flags, frame);
		take_tcp(side, packet, frame);
	} else {
		take_udp(side, packet, frame);
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->frame < y->frame ? -1 : x->frame > y->frame;
}

static void append(struct flow_stream *stream, const struct segment *segment)
{
	if (segment->size)
		memcpy(stream->data + stream->size, segment->data, segment->size);
	stream->ranges[stream->range_count++] = (struct flow_range){ .offset = stream->size,
								     .size = segment->size,
								     .frame = segment->frame };
	stream->size += segment->size;
}

/* Bytes that were sent before. One byte just before the next is a keep-alive probe, whose content
 * means nothing (RFC 9293, 3.8.4); anything else must repeat what was there. */
static void compare(struct flow_stream *stream, const struct segment *segment, size_t repeated)
{
	if (segment->size == 1 || repeated > stream->size || stream->conflict_frame)
		return;
	if (memcmp(stream->data + stream->size - repeated, segment->data,
		   segment->size < repeated ? segment->size : repeated))
		stream->conflict_frame = segment->frame;
}

static void build_stream(struct flow_stream *stream, struct side *side)
{
	size_t total = 0;
	for (size_t i = 0; i < side->count; i++)
		total += side->segments[i].size;
	stream->data = alloc_zero(total, 1);
	stream->ranges = alloc_zero(side->count, sizeof(*stream->ranges));
	if (side->count)
		qsort(side->segments, side->count, sizeof(*side->segments), by_offset);
	int64_t next = side->syn || !side->count ? 0 : side->segments[0].offset;
	bool gap = false;
	for (size_t i = 0; i < side->count; i++) {
		struct segment segment = side->segments[i];
		if (segment.offset > next) {
			stream->missing += (uint64_t)(segment.offset - next);
			gap = true;
			next = segment.offset;
		} else if (segment.offset < next) {
			size_t repeated = (size_t)(next - segment.offset);
			/* Behind a gap places no longer match offsets; the wire is in doubt there
			 * anyway. */
			if (!gap)
				compare(stream, &segment, repeated);
			if (repeated >= segment.size)
				continue;
			segment.data += repeated;
			segment.size -= repeated;
		}
		append(stream, &segment);
		next += (int64_t)segment.size;
		if (!gap)
			stream->whole = stream->size;
	}
	free(side->segments);
}

static void read_frames(struct builder *builder, const struct capture *capture,
			struct fragment_pool *pool)
{
	for (size_t i = 0; i < capture->frame_count; i++) {
		const struct capture_frame *frame = &capture->frames[i];
		uint64_t number = frame->number;
		struct packet packet;
		packet_read(&packet, frame->data, frame->size);
		if (packet.damage || packet.ethertype != PACKET_IPV4)
			continue;
		if (packet.fragment && !fragment_add(pool, &packet, frame->from_agent, &number))
			continue;
		if (!packet.damage &&
		    (packet.protocol == PACKET_TCP || packet.protocol == PACKET_UDP))
			take(builder, &packet, frame->from_agent, number);
	}
}

struct flow_table *flow_table_new(const struct capture *capture)
{
	struct flow_table *table = alloc_zero(1, sizeof(*table));
	struct builder *builder = alloc_zero(1, sizeof(*builder));
	struct fragment_pool *pool = fragment_pool_new();
	builder->table = table;
	for (size_t i = 0; i < BUCKETS; i++)
		builder->buckets[i] = NONE;
	read_frames(builder, capture, pool);
	for (size_t i = 0; i < table->count; i++) {
		build_stream(&table->flows[i].up, &builder->buildings[i].up);
		build_stream(&table->flows[i].down, &builder->buildings[i].down);
	}
	table->broken_frame = fragment_broken(pool);
	fragment_pool_free(pool);
	free(builder->buildings);
	free(builder);
	return table;
}

void flow_table_free(struct flow_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->count; i++) {
		struct flow *flow = &table->flows[i];
		free(flow->up.data);
		free(flow->up.ranges);
		free(flow->down.data);
		free(flow->down.ranges);
	}
	free(table->flows);
	free(table);
}

uint64_t flow_frame_at(const struct flow_stream *stream, size_t offset)
{
	size_t low = 0, high = stream->range_count;
	if (offset >= stream->size)
		return 0;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (stream->ranges[middle].offset <= offset)
			low = middle;
		else
			high = middle;
	}
	return stream->ranges[low].frame;
}
