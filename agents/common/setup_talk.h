/* setup_talk.h: when the service is asked how the agent is set up, and is told what became of it.
 * Has no connection of its own: it says what is to be sent next and takes the answer. */
#ifndef AGENTS_COMMON_SETUP_TALK_H
#define AGENTS_COMMON_SETUP_TALK_H

#include "agents/common/http.h"
#include "agents/common/setup.h"
#include "base/loop.h"

struct setup_talk; /* opaque */

/* All borrowed until setup_talk_free. */
struct setup_talk_options {
	struct loop *loop;
	const struct config *config;
	struct setup *setup;
	void (*changed)(void *arg); /* another document counts */
	void (*wake)(void *arg);    /* there is something to send */
	void *arg;
};

struct setup_talk *setup_talk_new(const struct setup_talk_options *options);
void setup_talk_free(struct setup_talk *talk);

/* An answer of the service named the newest document; "": none. */
void setup_talk_heard(struct setup_talk *talk, const char *tag);

/* Fills in the request but its URL; tail: of the agent's own path. False: nothing is to be sent. */
bool setup_talk_next(struct setup_talk *talk, struct http_request *request, const char **tail);
/* To that request. False: it was not understood, or not taken; it comes again by itself. */
bool setup_talk_got(struct setup_talk *talk, const struct http_answer *answer);

#endif
