/* downlink.h: what comes to the agent: commands by MQTT, and their results back. Connects when it
 * is allowed to, and tries again with backoff for as long as it takes. */
#ifndef AGENTS_COMMON_DOWNLINK_H
#define AGENTS_COMMON_DOWNLINK_H

#include <stdbool.h>
#include <stddef.h>

#include "agents/common/config.h"
#include "agents/common/ledger.h"
#include "base/loop.h"

struct downlink; /* opaque */

/* All borrowed until downlink_free. */
struct downlink_options {
	struct loop *loop;
	const struct config *config;
	const char *trust; /* PEM file: which server is trusted; may be rewritten at any time */
	struct ledger *ledger;
	/* A message on the command topic. */
	void (*message)(void *arg, const char *data, size_t size);
	/* It never came up, and nobody said no: the server may have another certificate by now. */
	void (*unreached)(void *arg);
	/* It was reached and does not let us in, or no longer: does the login still hold? */
	void (*unwelcome)(void *arg);
	void *arg;
};

struct downlink *downlink_new(const struct downlink_options *options, struct error *err);
void downlink_free(struct downlink *downlink);

/* There is a certificate to trust and a registration, or not: connections are only begun while
 * there is. One that is up stays. */
void downlink_allow(struct downlink *downlink, bool allowed);
void downlink_kick(struct downlink *downlink); /* there is a new result */

/* Disconnects; stopped is true when that is done. */
void downlink_stop(struct downlink *downlink);
bool downlink_stopped(struct downlink *downlink);

#endif
