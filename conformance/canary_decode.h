/* canary_decode.h: readings of bytes: base64, hex, UTF-16, escapes, gzip and the like undone.
 *
 * A decoder finds by itself where its encoding may stand and hands on each reading as a view. Every
 * byte of a view knows the offset in the searched bytes that it came from. */
#ifndef CONFORMANCE_CANARY_DECODE_H
#define CONFORMANCE_CANARY_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct canary_view {
	const uint8_t *data;
	const uint32_t *origin; /* one a byte; NULL: byte i came from offset i */
	size_t size;
};

static inline uint32_t canary_origin(const struct canary_view *view, size_t at)
{
	return view->origin ? view->origin[at] : (uint32_t)at;
}

/* A view being written; ceiling as said in canary_decode. */
struct canary_text {
	uint8_t *data;
	uint32_t *origin;
	size_t size, capacity, max;
	bool full; /* something did not fit */
};

bool canary_text_add(struct canary_text *text, uint8_t byte, uint32_t origin);

/* Called with each reading; the view is valid during the call. */
typedef void canary_reading(void *arg, const char *encoding, const struct canary_view *view);

/* Runs every decoder over view. No reading is longer than max bytes; returns false when one was
 * cut for that. */
bool canary_decode(const struct canary_view *view, size_t max, canary_reading *reading, void *arg);

/* The adapter of zlib. window: 31 gzip, 15 zlib, -15 raw deflate. Appends what can be inflated,
 * even if the end is missing or damaged; true if that is anything. */
bool canary_inflate(int window, const uint8_t *data, size_t size, uint32_t origin,
		    struct canary_text *text);

#endif
