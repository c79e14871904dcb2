/* enpc_link.h: one ENPC question to one printer, or a probe to all, on the loop. */
#ifndef AGENTS_DC_ENPC_LINK_H
#define AGENTS_DC_ENPC_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/dc/enpc.h"
#include "base/loop.h"

struct enpc_call; /* opaque; ends itself with done */

struct enpc_options {
	struct loop *loop; /* borrowed */
	uint32_t address;  /* host order; of a probe: the broadcast address */
	const struct enpc_function *function;
	int64_t timeout_ms, retries; /* retries 0 for what must not happen twice */
};

/* reply NULL: none in time. Of a probe: one call for each that answered, from says who, and a last
 * one with NULL. */
typedef void enpc_done(void *arg, uint32_t from, const struct enpc_reply *reply);

/* NULL, with nothing called back, when it cannot even be sent. done never comes from inside. */
struct enpc_call *enpc_ask(const struct enpc_options *options, enpc_done *done, void *arg);
void enpc_cancel(struct enpc_call *call); /* NULL is fine; not inside done */

#endif
