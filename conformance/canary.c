#include "conformance/canary.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "conformance/canary_decode.h"

enum { DEPTH_MAX = 3, BUCKETS = 8192, NONE = -1 };
enum { READING_MAX = 16 << 20, WORK_MAX = 512 << 20 }; /* bytes a reading, bytes a search */

struct pattern {
	uint8_t *bytes; /* owned, folded */
	size_t size;
	size_t mark;
	bool reversed;
	int next;
};

struct canary {
	const struct canary_mark *marks;
	size_t mark_count;
	struct pattern *patterns;
	size_t pattern_count;
	int buckets[BUCKETS]; /* by the first eight bytes */
};

static uint8_t fold(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static size_t bucket_of(uint64_t head)
{
	return (size_t)(head * 0x9e3779b97f4a7c15u >> 51);
}

static void add_pattern(struct canary *canary, size_t mark, bool reversed)
{
	const char *text = canary->marks[mark].text;
	size_t size = strlen(text);
	struct pattern *pattern = &canary->patterns[canary->pattern_count];
	*pattern = (struct pattern){
		.bytes = alloc_zero(size, 1), .size = size, .mark = mark, .reversed = reversed
	};
	uint64_t head = 0;
	for (size_t i = 0; i < size; i++)
		pattern->bytes[i] = fold((uint8_t)text[reversed ? size - 1 - i : i]);
	for (size_t i = 0; i < CANARY_MARK_MIN; i++)
		head = head << 8 | pattern->bytes[i];
	int *bucket = &canary->buckets[bucket_of(head)];
	pattern->next = *bucket;
	*bucket = (int)canary->pattern_count++;
}

struct canary *canary_new(const struct canary_mark *marks, size_t count, struct error *err)
{
	if (count > CANARY_MARKS_MAX) {
		error_set(err, EINVAL, "canary: found %zu marks, expected at most %d", count,
			  CANARY_MARKS_MAX);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(marks[i].text);
		if (size >= CANARY_MARK_MIN && size <= CANARY_MARK_MAX)
			continue;
		error_set(err, EINVAL,
			  "canary: found mark \"%.40s\" (%s) of %zu bytes, expected %d to %d",
			  marks[i].text, marks[i].what, size, CANARY_MARK_MIN, CANARY_MARK_MAX);
		return NULL;
	}
	struct canary *canary = alloc_zero(1, sizeof(*canary));
	canary->marks = marks;
	canary->mark_count = count;
	canary->patterns = alloc_zero(count * 2, sizeof(*canary->patterns));
	for (size_t i = 0; i < BUCKETS; i++)
		canary->buckets[i] = NONE;
	for (size_t i = 0; i < count; i++) {
		add_pattern(canary, i, false);
		add_pattern(canary, i, true);
	}
	return canary;
}

void canary_free(struct canary *canary)
{
	if (!canary)
		return;
	for (size_t i = 0; i < canary->pattern_count; i++)
		free(canary->patterns[i].bytes);
	free(canary->patterns);
	free(canary);
}

/* One search: readings of readings, each with the names of the encodings on the way. */
struct search {
	const struct canary *canary;
	canary_sink *sink;
	void *arg;
	bool *found; /* one a mark */
	const char *way[DEPTH_MAX];
	int depth;
	size_t work;
	bool stopped;
};

static void describe(const struct search *search, const struct pattern *pattern, char *to,
		     size_t max)
{
	size_t used = 0;
	to[0] = 0;
	for (int i = 0; i < search->depth && used < max; i++)
		used += (size_t)snprintf(to + used, max - used, "%s%s", i ? ", " : "",
					 search->way[i]);
	if (used < max && (pattern->reversed || !search->depth))
		snprintf(to + used, max - used, "%s%s", search->depth ? ", " : "",
			 pattern->reversed ? "reversed" : "plain");
}

static void tell(struct search *search, const struct pattern *pattern,
		 const struct canary_view *view, size_t at)
{
	struct canary_hit hit = { .mark = &search->canary->marks[pattern->mark],
				  .offset = canary_origin(view, at) };
	describe(search, pattern, hit.encoding, sizeof(hit.encoding));
	search->found[pattern->mark] = true;
	search->sink(search->arg, &hit);
}

static bool matches(const struct pattern *pattern, const struct canary_view *view, size_t at)
{
	if (view->size - at < pattern->size)
		return false;
	for (size_t i = 0; i < pattern->size; i++)
		if (fold(view->data[at + i]) != pattern->bytes[i])
			return false;
	return true;
}

static void match_view(struct search *search, const struct canary_view *view)
{
	const struct canary *canary = search->canary;
	uint64_t head = 0;
	for (size_t i = 0; i < view->size; i++) {
		head = head << 8 | fold(view->data[i]);
		if (i + 1 < CANARY_MARK_MIN)
			continue;
		size_t at = i + 1 - CANARY_MARK_MIN;
		int index = canary->buckets[bucket_of(head)];
		for (; index != NONE; index = canary->patterns[index].next) {
			const struct pattern *pattern = &canary->patterns[index];
			if (!search->found[pattern->mark] && matches(pattern, view, at))
				tell(search, pattern, view, at);
		}
	}
}

static void search_view(struct search *search, const struct canary_view *view);

static void search_reading(void *arg, const char *encoding, const struct canary_view *view)
{
	struct search *search = arg;
	search->way[search->depth++] = encoding;
	search_view(search, view);
	search->depth--;
}

static void search_view(struct search *search, const struct canary_view *view)
{
	search->work += view->size;
	if (search->work > WORK_MAX) {
		search->stopped = true;
		return;
	}
	match_view(search, view);
	if (search->depth < DEPTH_MAX && !canary_decode(view, READING_MAX, search_reading, search))
		search->stopped = true;
}

bool canary_search(const struct canary *canary, const void *data, size_t size, canary_sink *sink,
		   void *arg)
{
	AUTO_FREE bool *found = alloc_zero(canary->mark_count, sizeof(*found));
	struct search search = { .canary = canary, .sink = sink, .arg = arg, .found = found };
	struct canary_view view = { .data = data, .size = size };
	if (size > UINT32_MAX)
		return false;
	if (canary->mark_count)
		search_view(&search, &view);
	return !search.stopped;
}

/* Gives a hit in joined bytes its place and its frame. */
struct place {
	canary_sink *sink;
	void *arg;
	const char *where;
	const struct flow_stream *stream; /* NULL: all is of one frame */
	uint64_t frame;
};

static void tell_place(void *arg, const struct canary_hit *found)
{
	const struct place *place = arg;
	struct canary_hit hit = *found;
	hit.frame = place->stream ? flow_frame_at(place->stream, hit.offset) : place->frame;
	snprintf(hit.where, sizeof(hit.where), "%s", place->where);
	place->sink(place->arg, &hit);
}

static bool search_stream(const struct canary *canary, const struct flow_stream *stream,
			  struct place *place)
{
	place->stream = stream;
	return canary_search(canary, stream->data, stream->size, tell_place, place);
}

static char *way_text(const char *protocol, uint32_t from, uint16_t from_port, uint32_t to,
		      uint16_t to_port)
{
	char source[IPV4_TEXT_MAX], destination[IPV4_TEXT_MAX];
	return alloc_printf("%s %s:%u > %s:%u", protocol, ipv4_format(from, source), from_port,
			    ipv4_format(to, destination), to_port);
}

/* By connection, then by number. */
static int by_connection(const void *a, const void *b)
{
	const struct capture_piece *x = *(const struct capture_piece *const *)a;
	const struct capture_piece *y = *(const struct capture_piece *const *)b;
	const uint64_t left[] = { x->source, x->source_port, x->destination, x->destination_port,
				  x->number };
	const uint64_t right[] = { y->source, y->source_port, y->destination, y->destination_port,
				   y->number };
	for (size_t i = 0; i < COUNT_OF(left); i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

static bool same_connection(const struct capture_piece *a, const struct capture_piece *b)
{
	return a->source == b->source && a->destination == b->destination &&
	       a->source_port == b->source_port && a->destination_port == b->destination_port;
}

/* The plaintext of one connection, joined. */
static bool search_connection(const struct canary *canary, const struct capture_piece **pieces,
			      size_t count, struct place *place)
{
	struct buf bytes;
	struct flow_stream stream = { .ranges = alloc_zero(count, sizeof(struct flow_range)) };
	buf_init(&bytes, UINT32_MAX);
	for (size_t i = 0; i < count; i++) {
		stream.ranges[stream.range_count++] =
			(struct flow_range){ bytes.size, pieces[i]->size, pieces[i]->number };
		buf_add(&bytes, pieces[i]->data, pieces[i]->size);
	}
	stream.data = bytes.data;
	stream.size = bytes.size;
	AUTO_FREE char *where =
		way_text(pieces[0]->protocol, pieces[0]->source, pieces[0]->source_port,
			 pieces[0]->destination, pieces[0]->destination_port);
	place->where = where;
	bool whole = search_stream(canary, &stream, place) && !bytes.failed;
	free(stream.ranges);
	buf_done(&bytes);
	return whole;
}

static bool search_plaintext(const struct canary *canary, const struct capture *capture,
			     struct place *place)
{
	AUTO_FREE const struct capture_piece **pieces =
		alloc_zero(capture->piece_count, sizeof(*pieces));
	size_t count = 0, first = 0;
	bool whole = true;
	for (size_t i = 0; i < capture->piece_count; i++)
		if (capture->pieces[i].from_agent)
			pieces[count++] = &capture->pieces[i];
	if (count)
		qsort(pieces, count, sizeof(*pieces), by_connection);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && same_connection(pieces[first], pieces[i]))
			continue;
		whole &= search_connection(canary, pieces + first, i - first, place);
		first = i;
	}
	return whole;
}

/* ICMP type 3 quotes what the printer sent: it is the kernel's answer to a datagram that came too
 * late, not the agent's doing. */
static bool is_kernel_error(const struct capture_frame *frame)
{
	const uint8_t *data = frame->data;
	size_t header = frame->size > 14 ? (size_t)(data[14] & 15) * 4 : 0;

	return frame->size > 14 + header && header >= 20 && get_be16(data + 12) == 0x0800 &&
	       data[23] == 1 && data[14 + header] == 3;
}

bool canary_search_capture(const struct canary *canary, const struct capture *capture,
			   const struct flow_table *flows, canary_sink *sink, void *arg)
{
	struct place place = { .sink = sink, .arg = arg };
	bool whole = search_plaintext(canary, capture, &place);
	for (size_t i = 0; i < flows->count; i++) {
		const struct flow *flow = &flows->flows[i];
		AUTO_FREE char *where =
			way_text(flow->protocol == FLOW_TCP ? "TCP" : "UDP", flow->agent,
				 flow->agent_port, flow->peer, flow->peer_port);
		place.where = where;
		if (flow->up.size)
			whole &= search_stream(canary, &flow->up, &place);
	}
	place.where = "frame";
	place.stream = NULL;
	for (size_t i = 0; i < capture->frame_count; i++) {
		const struct capture_frame *frame = &capture->frames[i];
		place.frame = frame->number;
		if (frame->from_agent && !is_kernel_error(frame))
			whole &=
				canary_search(canary, frame->data, frame->size, tell_place, &place);
	}
	return whole;
}
