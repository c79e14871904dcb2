/* live.h: the printers of a fleet file, switched on: profiles read, devices made, set as the file
 * says. */
#ifndef CONFORMANCE_LIVE_H
#define CONFORMANCE_LIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/loop.h"
#include "conformance/fleetfile.h"
#include "sim/printer/fleet.h"
#include "sim/tap.h"

struct live; /* opaque */

struct live_options {
	struct loop *loop;            /* borrowed */
	struct loop *time;            /* borrowed; the printers' time; NULL: loop's */
	const struct fleetfile *file; /* borrowed */
	struct tap *tap;              /* borrowed; NULL: nobody listens */
	struct tap *truth;            /* borrowed; "truth", only what is new; NULL: nobody asks */
	bool loopback;                /* 10.x.y.z becomes 127.x.y.z */
	bool frozen; /* recorded printers as they were recorded, their state unseen */
};

struct live *live_new(const struct live_options *options, struct error *err);
void live_free(struct live *live);

struct fleet *live_fleet(const struct live *live); /* borrowed */

/* In the order of the file. */
size_t live_count(const struct live *live);
struct device *live_device(const struct live *live, size_t index);

/* Where a printer of the file stands: its own address, or the one on the loopback. */
uint32_t live_address(uint32_t address, bool loopback);

#endif
