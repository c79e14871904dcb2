/* queue.h: records on their way to the cloud, on disk until the cloud has them.
 *
 * Each record is a file. Whatever moment the power goes: a record is there, or was delivered. A
 * disk that is full or broken for a while costs nothing: a few records are held in memory until
 * they can be written, and what is delivered is not forgotten before its files are gone.
 *
 * Order: commands first, then events, then what was scheduled; within each the oldest first, so
 * that what is live does not wait behind what an outage left, and the records of a device stay in
 * order. Bound: beyond `most` records, or when the disk is full and memory is used up, the oldest
 * scheduled record goes, else the oldest; how many went is on disk too, and is told to the cloud.
 */
#ifndef AGENTS_COMMON_QUEUE_H
#define AGENTS_COMMON_QUEUE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct queue; /* opaque */

enum { QUEUE_UPLOAD_MAX = 64, QUEUE_BODY_MAX = 900 * 1024, QUEUE_HELD_MAX = 64 };

/* state: the agent's folder. Picks up what an earlier run left. most: records kept at once. */
struct queue *queue_new(const char *state, size_t most, struct error *err);
void queue_free(struct queue *queue);

/* collection: ECSP_SCHEDULED, ECSP_EVENT or ECSP_COMMAND. id: out, the record's number, may be
 * NULL. dropped: counts what had to make room. Negative: the record is not kept. 0 with a text in
 * err: it is, but in memory only until the disk takes it. */
int queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
	      size_t *dropped, struct error *err);

size_t queue_count(const struct queue *queue);
uint64_t queue_dropped(const struct queue *queue); /* records, since the state folder is there */

struct queue_upload {
	const char *key;  /* borrowed until queue_delivered or queue_rejected */
	const char *body; /* the same for every send of this upload */
	const uint64_t *ids;
	size_t count;
};

/* The upload under way, or a new one. identity: of A01-A03, A06-A09. NULL if there is nothing, or
 * (err tells) the disk does not let the last one go: try again later. An error that does not stop
 * it is left in err. */
const struct queue_upload *queue_next(struct queue *queue, const cJSON *identity,
				      struct error *err);

void queue_delivered(struct queue *queue, struct error *err); /* forgets the records */
void queue_rejected(struct queue *queue,
		    struct error *err); /* keeps them apart, never sent again */

/* The upload under way was refused for what one of its records is: each goes alone from here on, so
 * that it takes no other with it. False when it holds one already. */
bool queue_split(struct queue *queue, struct error *err);

#endif
