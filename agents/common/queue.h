/* queue.h: records on their way to the cloud, on disk until the cloud has them.
 *
 * Whatever moment the power goes: a record that was committed is there, or was delivered. Many are
 * committed at once, with one write and one sync; until then they are not sent either. A disk that
 * is full or broken for a while costs nothing: a few records are held in memory until they can be
 * written, and sent from there meanwhile; and what was delivered is marked before anything else
 * goes out.
 *
 * Order: commands first, then events, then what was scheduled; within each the oldest first, so
 * that what is live does not wait behind what an outage left, and the records of a device stay in
 * order. Bound: beyond `limits.records`, or when the disk is full and memory is used up, the oldest
 * scheduled record goes, else the oldest (a full disk: as many as an upload holds; a broken one: of
 * those in memory); how many went is on disk too, and is told to the cloud. */
#ifndef AGENTS_COMMON_QUEUE_H
#define AGENTS_COMMON_QUEUE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct queue; /* opaque */

enum { QUEUE_UPLOAD_MAX = 64, QUEUE_BODY_MAX = 900 * 1024, QUEUE_HELD_MAX = 64 };

struct queue_limits {
	size_t records; /* kept at once */
	size_t upload;  /* in one upload, at most QUEUE_UPLOAD_MAX */
};

/* state: the agent's folder. Picks up what an earlier run left. A text in err with a queue: parts
 * of it were damaged, and were put aside. */
struct queue *queue_new(const char *state, const struct queue_limits *limits, struct error *err);
void queue_free(struct queue *queue); /* what is not committed is lost */

/* collection: ECSP_SCHEDULED, ECSP_EVENT or ECSP_COMMAND. id: out, the record's number, may be
 * NULL. Negative: it is no record that could ever be sent. */
int queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
	      struct error *err);

/* Negative: what was not on disk before is not, and is held in memory for now. */
int queue_commit(struct queue *queue, struct error *err);
bool queue_written(const struct queue *queue); /* is there nothing to commit? */

size_t queue_count(const struct queue *queue);
uint64_t queue_dropped(const struct queue *queue); /* records, since the state folder is there */

/* Is there an event or the answer to a command, which does not wait behind a backlog? */
bool queue_urgent(const struct queue *queue);

struct queue_upload {
	const char *key;  /* borrowed until queue_delivered or queue_rejected */
	const char *body; /* the same for every send of this upload */
	const uint64_t *ids;
	size_t count;
};

/* The upload under way, or a new one. identity: of A01-A03, A06-A09. NULL if there is nothing, or
 * (err tells) the disk does not let the last one go: try again later. An error that does not stop
 * it is left in err. Commits. */
const struct queue_upload *queue_next(struct queue *queue, const cJSON *identity,
				      struct error *err);

void queue_delivered(struct queue *queue); /* forgets the records */
void queue_rejected(struct queue *queue,
		    struct error *err); /* keeps them apart, never sent again */

/* The upload under way was refused for what one of its records is: each goes alone from here on, so
 * that it takes no other with it. False when it holds one already. */
bool queue_split(struct queue *queue);

#endif
