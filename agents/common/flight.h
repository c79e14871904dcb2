/* flight.h: the upload under way: which records, under which key, said by whom and when. It is a
 * file from before its first send until its records are gone, so that a resend is the same to the
 * byte even after a crash, and so that a record that is missing then is known to be delivered. */
#ifndef AGENTS_COMMON_FLIGHT_H
#define AGENTS_COMMON_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/common/queue.h"
#include "agents/common/upload.h"
#include "base/error.h"

struct flight {
	struct queue_upload upload; /* texts and ids belong to it; key NULL: nothing is under way */
	char *key, *body;
	uint64_t *ids;
	bool settled; /* answered; only its files are still to go */
};

void flight_done(struct flight *flight); /* may be used again */
void flight_add(struct flight *flight, uint64_t id);
bool flight_holds(const struct flight *flight, uint64_t id);

/* Takes the body (which is done then); a new key unless it has one. */
void flight_ready(struct flight *flight, struct upload_body *body);

/* agent: the "agent" member of the upload. */
int flight_keep(const struct flight *flight, const char *folder, const char *agent,
		struct error *err);
int flight_forget(const char *folder, struct error *err);

/* Key and ids of the flight that an earlier run left, and (caller frees) its "agent"; NULL: none,
 * or what lay there was no flight and is gone now. The body is still to be made. */
char *flight_load(struct flight *flight, const char *folder);

#endif
