/* region.h: one region of the cloud: a store of its own, and a service and a broker that know of
 * nothing else. What regions share is what no customer's data passes through or stays in: keys,
 * faults, the port. */
#ifndef SIM_CLOUD_REGION_H
#define SIM_CLOUD_REGION_H

#include "sim/cloud/broker.h"
#include "sim/cloud/service.h"
#include "sim/cloud/talk.h"

struct region {
	const char *name; /* of region_names, or "" */
	struct fault *fault;
	struct loop *loop;
	struct timer *ticker; /* for the broker */
	uint64_t tick_ms;     /* when; UINT64_MAX: not set */
	struct store *store;
	struct service service;
	struct broker *broker;
	struct talk talk;
};

/* All borrowed until region_done; fault is asked for at each login. */
struct region_options {
	const char *name;
	const struct cloud_options *cloud;
	struct fault *fault;
	const char *certificate; /* PEM, see service.h */
	uint64_t request_ms;
};

/* Call region_done in any case. */
int region_init(struct region *region, const struct region_options *options, struct error *err);
void region_done(struct region *region);

/* Which region a host name belongs to ("eu" of "api.eu.ecsp.example", "" of "api.ecsp.example"),
 * in any case of letters, with or without a port; NULL: it is none of the cloud's names. */
const char *region_of_host(const char *host);

#endif
