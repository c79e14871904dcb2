/* entry.h: the bytes of what the queue writes down, one entry after the other.
 *
 *	#SUM KIND ID NUMBER SIZE\n
 *	BODY\n
 *
 * SUM: the first half of SHA-256, in hex, of all that follows it; KIND one letter; the rest
 *decimal. A body that is JSON is a line, so a file of entries can be read by people and by `grep`.
 */
#ifndef AGENTS_COMMON_ENTRY_H
#define AGENTS_COMMON_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { ENTRY_HEAD_MAX = 128, ENTRY_BODY_MAX = 1 << 20 };

enum entry_kind {
	ENTRY_BEGIN,  /* of a file: id, the next record's; number, records dropped so far */
	ENTRY_RECORD, /* id; number, its collection; body, its JSON */
	ENTRY_FLIGHT, /* body: an upload that may be on its way, see flight.h */
	ENTRY_GONE,   /* body: ids of records that are settled; number, dropped so far; id 1: and
			 so is the upload */
	ENTRY_KINDS,
};

struct entry {
	enum entry_kind kind;
	uint64_t id, number;
	const char *body; /* borrowed; not ended by NUL when read */
	size_t size;      /* at most ENTRY_BODY_MAX */
};

/* False, and nothing is added: out cannot take it. */
bool entry_write(const struct entry *entry, struct buf *out);

/* The entry at the front. length: out, its bytes. */
enum entry_reading {
	ENTRY_WHOLE,
	ENTRY_TORN,   /* the end of the bytes came first: it was never written to its end */
	ENTRY_DAMAGED /* no entry, or not as it was written */
};
enum entry_reading entry_read(const char *data, size_t size, struct entry *entry, size_t *length);

/* Bytes up to the next whole entry behind the front, or all of them if there is none. */
size_t entry_skip(const char *data, size_t size);

#endif
