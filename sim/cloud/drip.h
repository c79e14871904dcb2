/* drip.h: sends prepared bytes over a time, then does with the connection what was prepared. */
#ifndef SIM_CLOUD_DRIP_H
#define SIM_CLOUD_DRIP_H

#include "sim/cloud/mangle.h"
#include "sim/cloud/talk.h"

struct drip {
	const struct talk *talk; /* borrowed, as the link */
	struct tls_link *link;
	struct timer *timer;
	struct mangled mangled; /* being sent */
	size_t sent;
	bool busy;
	bool over; /* nothing may be sent on this connection any more */
	void (*done)(void *arg);
	void *arg;
};

/* done: all is sent and the connection goes on; never from inside drip_begin. */
void drip_init(struct drip *drip, const struct talk *talk, struct tls_link *link,
	       void (*done)(void *arg), void *arg);
void drip_done(struct drip *drip);

/* Takes over what mangled holds, and fields. fault: the deliberate fault that this is, told once
 * what goes at once is out, or NULL. Not while busy. */
void drip_begin(struct drip *drip, struct mangled *mangled, const char *fault, json_t *fields);

#endif
