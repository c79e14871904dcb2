#include "sim/world/delayline.h"

#include <string.h>

#include "base/buf.h"

enum { WAITING_MAX = 100000 };

struct waiting {
	uint64_t at, order;
	bool from_agent;
	uint8_t *bytes; /* owned */
	size_t size;
};

struct delayline {
	struct loop *loop;
	struct timer *timer;
	void (*arrive)(void *arg, bool from_agent, uint8_t *bytes, size_t size);
	void *arg;
	struct waiting *heap;
	size_t count, capacity;
	uint64_t entered;
};

static bool earlier(const struct waiting *a, const struct waiting *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct waiting *a, struct waiting *b)
{
	struct waiting kept = *a;
	*a = *b;
	*b = kept;
}

static void sink(struct delayline *line)
{
	struct waiting *heap = line->heap;
	size_t at = 0;

	for (;;) {
		size_t least = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < line->count && earlier(&heap[child], &heap[least]))
				least = child;
		if (least == at)
			return;
		swap(&heap[at], &heap[least]);
		at = least;
	}
}

static struct waiting take_first(struct delayline *line)
{
	struct waiting first = line->heap[0];

	line->heap[0] = line->heap[--line->count];
	sink(line);
	return first;
}

static void due(void *arg)
{
	struct delayline *line = arg;

	while (line->count && line->heap[0].at <= loop_now(line->loop)) {
		struct waiting first = take_first(line);
		line->arrive(line->arg, first.from_agent, first.bytes, first.size);
		free(first.bytes);
	}
	if (line->count)
		timer_set(line->timer, line->heap[0].at);
}

struct delayline *
delayline_new(struct loop *loop,
	      void (*arrive)(void *arg, bool from_agent, uint8_t *bytes, size_t size), void *arg)
{
	struct delayline *line = alloc_zero(1, sizeof(*line));
	line->loop = loop;
	line->arrive = arrive;
	line->arg = arg;
	line->timer = timer_new(loop, due, line);
	return line;
}

void delayline_free(struct delayline *line)
{
	if (!line)
		return;
	timer_free(line->timer);
	for (size_t i = 0; i < line->count; i++)
		free(line->heap[i].bytes);
	free(line->heap);
	free(line);
}

bool delayline_add(struct delayline *line, uint64_t at_ns, bool from_agent, const uint8_t *bytes,
		   size_t size)
{
	if (line->count >= WAITING_MAX)
		return false;
	if (line->count == line->capacity) {
		line->capacity = line->capacity * 2 + 64;
		line->heap = alloc_grow(line->heap, line->capacity, sizeof(*line->heap));
	}
	size_t at = line->count++;
	line->heap[at] = (struct waiting){ .at = at_ns,
					   .order = line->entered++,
					   .from_agent = from_agent,
					   .bytes = (uint8_t *)alloc_bytes(bytes, size),
					   .size = size };
	while (at && earlier(&line->heap[at], &line->heap[(at - 1) / 2])) {
		swap(&line->heap[at], &line->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	if (at == 0)
		timer_set(line->timer, at_ns);
	return true;
}
