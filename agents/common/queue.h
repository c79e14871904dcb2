/* queue.h: records on their way to the cloud, on disk until the cloud has them.
 *
 * Each record is a file; an upload (which records, under which key, said by whom and when) is a
 * file too from before its first send until its answer, so that a resend is the same to the byte
 * even after a crash. Whatever moment the power goes: a record is there, or was delivered. */
#ifndef AGENTS_COMMON_QUEUE_H
#define AGENTS_COMMON_QUEUE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct queue; /* opaque */

enum { QUEUE_UPLOAD_MAX = 64, QUEUE_BODY_MAX = 900 * 1024 };

/* state: the agent's folder. Picks up what an earlier run left. most: records kept at once. */
struct queue *queue_new(const char *state, size_t most, struct error *err);
void queue_free(struct queue *queue);

/* collection: ECSP_SCHEDULED, ECSP_EVENT or ECSP_COMMAND. id: out, the record's number, may be
 * NULL. dropped: counts what had to make room, oldest scheduled first. Error: the record is not
 * kept. */
int queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
	      size_t *dropped, struct error *err);

size_t queue_count(const struct queue *queue);

struct queue_upload {
	const char *key;  /* borrowed until queue_delivered or queue_rejected */
	const char *body; /* the same for every send of this upload */
	const uint64_t *ids;
	size_t count;
};

/* The upload under way, or a new one of the oldest records of one collection type. identity: of
 * A01-A03, A06-A09. NULL if there is nothing. An error that does not stop it is left in err. */
const struct queue_upload *queue_next(struct queue *queue, const cJSON *identity,
				      struct error *err);

void queue_delivered(struct queue *queue, struct error *err); /* forgets the records */
void queue_rejected(struct queue *queue,
		    struct error *err); /* keeps them apart, never sent again */

#endif
