/* agenda.h: moments in order: a heap of what falls due, the earliest first; of two at the same
 * moment the one that was put in first. */
#ifndef BASE_AGENDA_H
#define BASE_AGENDA_H

#include <stddef.h>
#include <stdint.h>

/* Embedded in what falls due; zeroed when it is in no agenda. */
struct agenda_item {
	uint64_t at;     /* nanoseconds */
	uint64_t number; /* breaks ties */
	size_t place;    /* in the heap, from 1; 0: not in it */
};

struct agenda {
	struct agenda_item **heap; /* owned; the items are not */
	size_t count, capacity;
	uint64_t last_number;
};

void agenda_done(struct agenda *agenda);

/* An item that is in it already moves. */
void agenda_put(struct agenda *agenda, struct agenda_item *item, uint64_t at);
void agenda_drop(struct agenda *agenda, struct agenda_item *item); /* not in it: nothing */
struct agenda_item *agenda_first(const struct agenda *agenda);     /* NULL: empty */

#endif
