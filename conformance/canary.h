/* canary.h: marks that must never leave the agent, looked for in every byte that did.
 *
 * A mark is found as it is, in any case, reversed, and through up to three of the usual encodings
 * laid over each other (base64, base32, hex, UTF-16, percent, JSON escapes, HTTP chunks, gzip,
 * zlib, deflate). Bytes of a connection are joined first, so that a mark split over packets is
 * found. */
#ifndef CONFORMANCE_CANARY_H
#define CONFORMANCE_CANARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "conformance/capture.h"
#include "conformance/flow.h"

/* A shorter mark turns up by chance. */
enum { CANARY_MARK_MIN = 8, CANARY_MARK_MAX = 1024, CANARY_MARKS_MAX = 65536 };

struct canary_mark {
	const char *text; /* borrowed; UTF-8 */
	const char *what; /* borrowed; "document name of printer A"; comes back in the hit */
};

struct canary_hit {
	const struct canary_mark *mark;
	char encoding[96]; /* "plain", "reversed", "base64, gzip": from the outside in */
	char where[80];    /* "http 10.0.0.5:40000 > 198.51.100.10:443", "frame" */
	uint64_t frame;    /* number in the capture, 0 when bytes were searched */
	size_t offset;     /* in the bytes searched */
};

typedef void canary_sink(void *arg, const struct canary_hit *hit);

struct canary; /* opaque: the marks, made ready */

/* marks are borrowed until canary_free. NULL if one is too short or too long: err says which. */
struct canary *canary_new(const struct canary_mark *marks, size_t count, struct error *err);
void canary_free(struct canary *canary);

/* Tells the first place of each mark in data. Returns false when the search had to stop short
 * (too much to decode): then nothing may be concluded from silence. */
bool canary_search(const struct canary *canary, const void *data, size_t size, canary_sink *sink,
		   void *arg);

/* All that left the agent: plaintext by connection, TCP and UDP streams, and each frame for
 * itself. A mark is told once a place. Returns as canary_search. */
bool canary_search_capture(const struct canary *canary, const struct capture *capture,
			   const struct flow_table *flows, canary_sink *sink, void *arg);

#endif
