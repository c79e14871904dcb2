/* designation.h: which printers the agent might ask, and when (COL-6). The user designates and
 * admits; the service designates among both, from the moment its document was handed out
 * (docs/decisions/0011). */
#ifndef CONFORMANCE_DESIGNATION_H
#define CONFORMANCE_DESIGNATION_H

#include "conformance/judge.h"
#include "conformance/wire.h"

/* The contract gives an agent so long to apply a document. */
enum { DESIGNATION_GRACE_MS = 2000 };

struct designation {
	uint32_t *designated; /* at some time; host order, owned */
	size_t count;
	struct wire_span *closed; /* when those might not be asked; owned */
	size_t closed_count;
};

void designation_init(struct designation *designation, const struct judge *judge);
void designation_done(struct designation *designation);

#endif
