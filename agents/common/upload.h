/* upload.h: the JSON of an upload (SND-3), built from texts that are never changed again. */
#ifndef AGENTS_COMMON_UPLOAD_H
#define AGENTS_COMMON_UPLOAD_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The "agent" member: identity with A04 and A05 (now), and how many records were dropped, if any
 * were. Caller frees. */
char *upload_agent(const cJSON *identity, const char *collection, uint64_t dropped);

struct upload_body {
	cJSON *json;
	cJSON *records;
	size_t size; /* about: bytes so far */
};

void upload_body_init(struct upload_body *body, const char *agent);
void upload_body_add(struct upload_body *body, const char *record);
char *upload_body_finish(struct upload_body *body); /* caller frees; body is done */
void upload_body_done(struct upload_body *body);

/* Does the cloud's answer say that it stored that many records? */
bool upload_stored(const char *answer, size_t records);

#endif
