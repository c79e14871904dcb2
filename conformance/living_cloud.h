/* living_cloud.h: the cloud of a living world on a real socket, its logins and the file of its
 * authority. */
#ifndef CONFORMANCE_LIVING_CLOUD_H
#define CONFORMANCE_LIVING_CLOUD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "conformance/live.h"

#define LIVING_SUPPORT_USER "support" /* has charge of every printer */

struct cloud;
struct living_cloud; /* opaque */

struct living_cloud_options {
	struct loop *loop;            /* borrowed, as all here; it must outlive the cloud */
	struct tap *tap;              /* NULL: nobody listens */
	struct census *census;        /* told who may log in */
	const struct fleetfile *file; /* its logins */
	const struct live *live;      /* printers that the support user has charge of */
	bool loopback;                /* at 127.0.0.1 only */
	uint16_t port;                /* 0: the kernel chooses */
	const char *ca;               /* path: the authority is written there */
};

struct living_cloud *living_cloud_new(const struct living_cloud_options *options,
				      struct error *err);
void living_cloud_free(struct living_cloud *self); /* removes the authority's file */

struct cloud *living_cloud_cloud(const struct living_cloud *self); /* borrowed */
uint16_t living_cloud_port(const struct living_cloud *self);

#endif
