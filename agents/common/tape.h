/* tape.h: entries on disk, only ever written at the end, in files (segments) that are taken away
 * from the oldest on once nobody needs them.
 *
 * One commit is one write and one sync, however many entries it holds; before tape_commit says 0
 * none of them is kept. After a commit that failed, what it may have left is cut off again before
 * anything else is written: so an entry is there exactly if its commit said so, or if the power
 * went in the middle of it. Each segment has room set aside for the small entries (tape_begin), so
 * that a full disk can be emptied. */
#ifndef AGENTS_COMMON_TAPE_H
#define AGENTS_COMMON_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/common/entry.h"
#include "base/error.h"

struct tape; /* opaque */

/* A segment is ended beyond this many bytes. */
enum { TAPE_SEGMENT = 256 << 10, TAPE_RESERVE = 32 << 10, TAPE_BATCH_MAX = 8 << 20 };

struct tape_place {
	uint64_t segment; /* 0: nowhere */
	uint64_t offset;
	size_t size; /* of the whole entry */
};

struct tape_options {
	const char *folder, *aside; /* copied; aside: where damaged parts are kept */
	/* For each entry of earlier runs, in the order of writing. */
	void (*seen)(void *arg, const struct entry *entry, const struct tape_place *place);
	void *arg;
};

/* A text in err with a tape: parts were damaged, and are in aside now. */
struct tape *tape_new(const struct tape_options *options, struct error *err);
void tape_free(struct tape *tape);

/* Begins a batch. begin: first entry of a segment, should one be started. small: goes into the
 * present segment however long that is. Negative: nothing can be written now. */
int tape_begin(struct tape *tape, const struct entry *begin, bool small, struct error *err);
/* place: out, where it will stand. False: the batch is full, or the entry too large. */
bool tape_add(struct tape *tape, const struct entry *entry, struct tape_place *place);
int tape_commit(struct tape *tape, struct error *err);

/* May something be on disk of which tape_commit said that it is not? */
bool tape_doubtful(const struct tape *tape);

/* Reads an entry again. data: out, what entry->body borrows from; caller frees. -EBADMSG: it is
 * damaged, and was put aside. */
int tape_read(struct tape *tape, const struct tape_place *place, struct entry *entry, char **data,
	      struct error *err);

/* An entry that is needed, no longer needed. Segments live as long as they or an older one hold
 * one; nowhere is fine. */
void tape_hold(struct tape *tape, const struct tape_place *place);
void tape_release(struct tape *tape, const struct tape_place *place);
void tape_trim(struct tape *tape); /* takes away what nobody needs; what fails, later */

/* The oldest segment, whose entries should be written again so that it can go; 0: none should. */
uint64_t tape_crowded(const struct tape *tape);

#endif
