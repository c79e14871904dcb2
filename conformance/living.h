/* living.h: a living world: the printers of a fleet file on real sockets, the cloud, and the
 * control socket, until somebody ends it. */
#ifndef CONFORMANCE_LIVING_H
#define CONFORMANCE_LIVING_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "conformance/live.h"

struct living; /* opaque */

struct living_options {
	struct loop *loop;            /* borrowed */
	const struct fleetfile *file; /* borrowed */
	int64_t scale; /* how many times faster the printers' time passes; 0: as everybody's */
	int64_t start; /* the printers' calendar at the beginning, ns since 1970; 0: now */
	bool frozen;   /* recorded printers as they were recorded, their state unseen */
	bool loopback; /* on 127.x of the machine instead of a network of its own */
	uint16_t snmp_port, enpc_port; /* 0: 161, 3289 */
	uint16_t cloud_port;           /* 0: the kernel chooses */
	const char *control;           /* path of the socket */
	const char *ca;                /* path: the cloud's authority is written there */
	const char *agents;            /* folder for panels and what stands beside them */
	const char *journal;           /* path: observations, one JSON object a line; NULL */
};

/* Without loopback the process moves into a network of its own, so it must have one thread. */
struct living *living_new(const struct living_options *options, struct error *err);
void living_free(struct living *living);

const struct live *living_printers(const struct living *living);
uint16_t living_port(const struct living *living); /* of the cloud; 0: there is none */
/* What programs inside find in their environment, an object name: value. Borrowed. */
const json_t *living_environment(const struct living *living);
/* Where the cloud is for them. Caller frees. */
char *living_url(const struct living *living, const char *scheme, const char *host);
/* The configuration of the ES Agents of all panels, and how many they are; NULL: none. Borrowed. */
const char *living_agents(const struct living *living, size_t *count);
/* What could not be had, "TCP 515: permission denied; …"; NULL if all is there. Borrowed. */
const char *living_lacks(const struct living *living);

#endif
