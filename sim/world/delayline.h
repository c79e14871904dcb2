/* delayline.h: packets that arrive later: a heap on the loop, in order of time, then of entry. */
#ifndef SIM_WORLD_DELAYLINE_H
#define SIM_WORLD_DELAYLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/loop.h"

struct delayline; /* opaque */

struct delayline *
delayline_new(struct loop *loop,
	      void (*arrive)(void *arg, bool from_agent, uint8_t *bytes, size_t size), void *arg);
void delayline_free(struct delayline *line); /* what is under way is lost */

/* Copies the bytes. False when too many are under way: the packet is lost. */
bool delayline_add(struct delayline *line, uint64_t at_ns, bool from_agent, const uint8_t *bytes,
		   size_t size);

#endif
