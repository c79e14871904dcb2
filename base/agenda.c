#include "base/agenda.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"

void agenda_done(struct agenda *agenda)
{
	free(agenda->heap);
	*agenda = (struct agenda){ 0 };
}

static bool is_before(const struct agenda_item *a, const struct agenda_item *b)
{
	return a->at != b->at ? a->at < b->at : a->number < b->number;
}

static void place(struct agenda *agenda, struct agenda_item *item, size_t at)
{
	agenda->heap[at - 1] = item;
	item->place = at;
}

static void rise(struct agenda *agenda, struct agenda_item *item, size_t at)
{
	while (at > 1 && is_before(item, agenda->heap[at / 2 - 1])) {
		place(agenda, agenda->heap[at / 2 - 1], at);
		at /= 2;
	}
	place(agenda, item, at);
}

static void sink(struct agenda *agenda, struct agenda_item *item, size_t at)
{
	for (size_t child = at * 2; child <= agenda->count; child = at * 2) {
		if (child < agenda->count &&
		    is_before(agenda->heap[child], agenda->heap[child - 1]))
			child++;
		if (!is_before(agenda->heap[child - 1], item))
			break;
		place(agenda, agenda->heap[child - 1], at);
		at = child;
	}
	place(agenda, item, at);
}

void agenda_drop(struct agenda *agenda, struct agenda_item *item)
{
	size_t at = item->place;

	if (!at)
		return;
	item->place = 0;
	struct agenda_item *last = agenda->heap[--agenda->count];
	if (last == item)
		return;
	if (at > 1 && is_before(last, agenda->heap[at / 2 - 1]))
		rise(agenda, last, at);
	else
		sink(agenda, last, at);
}

void agenda_put(struct agenda *agenda, struct agenda_item *item, uint64_t at)
{
	agenda_drop(agenda, item);
	if (agenda->count == agenda->capacity) {
		agenda->capacity = agenda->capacity ? agenda->capacity * 2 : 16;
		agenda->heap =
			alloc_grow(agenda->heap, agenda->capacity, sizeof(struct agenda_item *));
	}
	item->at = at;
	item->number = ++agenda->last_number;
	rise(agenda, item, ++agenda->count);
}

struct agenda_item *agenda_first(const struct agenda *agenda)
{
	return agenda->count ? agenda->heap[0] : NULL;
}
