/* talk.h: what HTTP and MQTT conversations share: where they tell what was said. */
#ifndef SIM_CLOUD_TALK_H
#define SIM_CLOUD_TALK_H

#include "sim/cloud/broker.h"
#include "sim/cloud/cloud.h"
#include "sim/cloud/fault.h"
#include "sim/cloud/service.h"
#include "sim/cloud/tls.h"

struct talk {
	struct loop *loop; /* borrowed, as all here */
	struct tap *tap;
	struct fault *fault;
	struct service *service;
	struct broker *broker;
	uint64_t request_ms; /* in which an HTTP request must be complete */
	void (*plaintext)(void *arg, const struct plaintext *piece); /* may be NULL */
	void *arg;
};

/* Passes a piece of plaintext on. */
void talk_plain(const struct talk *talk, const struct tls_link *link, bool from_agent,
		const void *data, size_t size);

/* Writes to the agent and tells it as one piece. */
void talk_write(const struct talk *talk, struct tls_link *link, const void *data, size_t size);

/* To the tap, with the connection's number; fields are taken over. */
void talk_seen(const struct talk *talk, const struct tls_link *link, const char *kind,
	       json_t *fields);

#endif
