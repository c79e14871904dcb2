/* front.h: real sockets for a fleet: one UDP socket per service for all printers, each answering
 * from the address that was asked.
 *
 * Binds to every address of one network device, so that the device, not the machine, is where the
 * printers are. */
#ifndef SIM_PRINTER_FRONT_H
#define SIM_PRINTER_FRONT_H

#include <stdint.h>

#include "base/error.h"
#include "base/loop.h"
#include "sim/printer/fleet.h"

struct front; /* opaque */

struct front_options {
	struct loop *loop;             /* borrowed */
	struct fleet *fleet;           /* borrowed; outlives the front */
	const char *interface;         /* "lo"; NULL: every device */
	uint16_t snmp_port, enpc_port; /* 0: 161 and 3289 */
};

/* Listens on the two UDP ports. NULL on error; -EACCES and -EADDRINUSE name the port. A datagram to
 * an address that ends in 255.255.255 is a broadcast. */
struct front *front_new(const struct front_options *options, struct error *err);
void front_free(struct front *front); /* before the fleet */

#endif
