/* journal.h: the evidence as it grows: observations, numbered and timed, never changed.
 *
 * On disk one JSON object a line (docs/evidence.md); in memory the same, for steps that wait. */
#ifndef CONFORMANCE_JOURNAL_H
#define CONFORMANCE_JOURNAL_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/loop.h"
#include "sim/tap.h"

enum {
	JOURNAL_FILE_MAX = 1 << 30,
	JOURNAL_LINES_MAX = 2000000, /* beyond it the journal counts as failed */
};

struct journal; /* opaque */

/* Starts the file. Time counts from now. NULL on error. */
struct journal *journal_new(struct loop *loop, const char *path, struct error *err);
void journal_free(struct journal *journal);

/* Takes over fields (an object or NULL) and adds n, ns, kind. */
void journal_add(struct journal *journal, const char *kind, json_t *fields);

/* The simulators' way in. Borrowed. */
struct tap *journal_tap(struct journal *journal);

size_t journal_count(const struct journal *journal);
const json_t *journal_at(const struct journal *journal, size_t index); /* borrowed */
uint64_t journal_now(const struct journal *journal);                   /* ns since the start */

/* Puts everything on disk. Negative if any line could not be written. */
int journal_flush(struct journal *journal, struct error *err);

/* Reads a file of lines back: an array of objects. Checks that n runs without gaps (numbered: the
 * truth ledger has no n). Caller owns. */
json_t *journal_read(const char *path, bool numbered, struct error *err);

#endif
