/* setup_document.h: what the service sends to set an agent up, read strictly. */
#ifndef AGENTS_COMMON_SETUP_DOCUMENT_H
#define AGENTS_COMMON_SETUP_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct setup_document {
	int64_t version;
	int64_t interval_ms, poll_ms; /* 0: not said */
	bool designates;              /* false: the device list is not spoken of */
	uint32_t *designated;         /* host order, each once; owned */
	size_t count;
};

/* 0, or -EINVAL with what was found. Call setup_document_done in any case. */
int setup_read(struct setup_document *document, const char *text, size_t size, struct error *err);
void setup_document_done(struct setup_document *document);

/* An older document never replaces a newer one, whoever hands it out; current NULL: there is none.
 */
bool setup_is_newer(const struct setup_document *document, const struct setup_document *current);

#endif
