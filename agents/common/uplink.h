/* uplink.h: the agent's side of the cloud: certificate, registration, uploads by HTTPS; each tried
 * again with backoff for as long as it takes, none in another's way. Lets the downlink connect. */
#ifndef AGENTS_COMMON_UPLINK_H
#define AGENTS_COMMON_UPLINK_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/common/config.h"
#include "agents/common/ledger.h"
#include "agents/common/queue.h"
#include "agents/common/setup.h"
#include "base/loop.h"

struct uplink; /* opaque */

/* All borrowed until uplink_free. */
struct uplink_options {
	struct loop *loop;
	const struct config *config;
	const cJSON *identity;
	struct queue *queue;
	struct ledger *ledger;
	struct setup *setup;
	/* The service set the agent up otherwise. */
	void (*configured)(void *arg);
	/* A message on the command topic. */
	void (*message)(void *arg, const char *data, size_t size);
	/* The cloud has these records, or (stored false) will never take them. */
	void (*answered)(void *arg, const uint64_t *ids, size_t count, bool stored);
	void *arg;
};

struct uplink *uplink_new(const struct uplink_options *options, struct error *err);
void uplink_free(struct uplink *uplink);

void uplink_kick(struct uplink *uplink); /* there is a new record or result */

/* Finishes the request in hand, disconnects; stopped is true when that is done. */
void uplink_stop(struct uplink *uplink);
bool uplink_stopped(struct uplink *uplink);

#endif
