/* flight.h: the upload under way: which records, under which key, said by whom and when. A note of
 * it is on disk from before its first send until its records are gone, so that a resend is the same
 * to the byte even after a crash. */
#ifndef AGENTS_COMMON_FLIGHT_H
#define AGENTS_COMMON_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/common/queue.h"
#include "agents/common/upload.h"

struct flight {
	struct queue_upload upload; /* texts and ids belong to it; key NULL: nothing is under way */
	char *key, *body;
	uint64_t *ids;
};

void flight_done(struct flight *flight); /* may be used again */
void flight_add(struct flight *flight, uint64_t id);
bool flight_holds(const struct flight *flight, uint64_t id);

/* Takes the body (which is done then); a new key unless it has one. */
void flight_ready(struct flight *flight, struct upload_body *body);

/* agent: the "agent" member of the upload. Caller frees. */
char *flight_note(const struct flight *flight, const char *agent);

/* Key and ids of a note, and (caller frees) its "agent"; NULL: it is no note. The body is still to
 * be made. */
char *flight_read(struct flight *flight, const char *note);

#endif
