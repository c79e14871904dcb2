/* backlog.h: the records that the cloud does not have yet, and a note about the upload under way:
 * a list in memory, and on a tape (tape.h) what makes the same list again after a crash.
 *
 * What is added, forgotten or noted is on disk when backlog_commit has said 0. A record that the
 * disk did not take is held in memory; the next commit tries it again. */
#ifndef AGENTS_COMMON_BACKLOG_H
#define AGENTS_COMMON_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/common/tape.h"
#include "base/error.h"

struct item {
	uint64_t id;
	int collection;
	char *text;    /* its JSON, until it is on disk; NULL: backlog_read has it */
	bool tried;    /* with a text: the disk did not take it */
	bool doubtful; /* and may have it all the same */
	bool flying;   /* with a text: stays in memory as long as its upload is under way */
	struct tape_place place, next;
};

struct backlog {
	struct item *items; /* oldest first */
	size_t count, held; /* held: with a text that was tried */
	uint64_t next_id, dropped;

	/* of backlog.c */
	struct tape *tape;
	struct buf gone; /* ids that the tape does not know to be gone */
	char *note;
	struct tape_place note_place, note_next;
	bool note_gone;        /* the tape does not know it */
	uint64_t dropped_told; /* to the tape */
};

/* Both folders: copied; aside: for what is damaged. A text in err with a backlog: damage. */
struct backlog *backlog_new(const char *folder, const char *aside, struct error *err);
void backlog_free(struct backlog *backlog);

/* Takes the text over. */
void backlog_add(struct backlog *backlog, int collection, char *text);
size_t backlog_find(const struct backlog *backlog, uint64_t id); /* count: not there */
void backlog_forget(struct backlog *backlog, size_t index);

/* Can its text be had, now or ever, without it being on disk twice afterwards? */
bool backlog_ready(const struct backlog *backlog, const struct item *item);

/* Caller frees. A damaged record is put aside and forgotten: then count is smaller. */
char *backlog_read(struct backlog *backlog, size_t index, struct error *err);

/* One note at a time; NULL: none. Copied. */
void backlog_note(struct backlog *backlog, const char *note);

bool backlog_written(const struct backlog *backlog); /* is all of it on disk? */

/* Does the tape know of all that is gone, so that nothing of it can come back? */
bool backlog_settled(const struct backlog *backlog);
int backlog_commit(struct backlog *backlog, struct error *err);

#endif
