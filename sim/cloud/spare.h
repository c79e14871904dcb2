/* spare.h: the memory of one buffer that connections lend each other.
 *
 * A connection needs a buffer for as long as an event of it is handled. One that is busy touches
 * the same bytes as the one before it, which are still in the processor's cache; one that waits
 * holds none. */
#ifndef SIM_CLOUD_SPARE_H
#define SIM_CLOUD_SPARE_H

#include "base/buf.h"

enum { SPARE_MAX = 1 << 16 }; /* bytes; a larger buffer is freed and not kept */

struct spare {
	uint8_t *data; /* owned; NULL: lent, or none yet */
	size_t capacity;
};

void spare_done(struct spare *spare);

/* Gives an empty buffer the memory, if there is any. */
void spare_lend(struct spare *spare, struct buf *buf);

/* Takes the memory of a buffer back and leaves it empty: its content is dropped, its ceiling stays.
 */
void spare_take(struct spare *spare, struct buf *buf);

#endif
