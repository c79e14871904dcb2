/* drain.h: a TCP port that every printer has open: takes what comes and throws it away.
 *
 * Clients look whether such a port accepts, and send print data that nobody may keep. */
#ifndef SIM_PRINTER_DRAIN_H
#define SIM_PRINTER_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/loop.h"
#include "sim/printer/fleet.h"

struct drain; /* opaque */

struct drain_port {
	uint16_t number;
	bool hangs_up; /* accepts and closes: there is nothing behind the port */
};
/* Raw printing, LPD and scanning, which no printer of ours can; ends with number 0. */
extern const struct drain_port drain_ports[];

/* Takes over a bound, listening socket. Connections to addresses where no printer is, or one that
 * is off, are reset; the oldest is closed when there are too many. */
struct drain *drain_new(struct loop *loop, struct fleet *fleet, int fd, bool hangs_up);
void drain_free(struct drain *drain); /* before the fleet; NULL is fine */

/* Listens on a port of every address of a network device ("lo"; NULL: all). A descriptor or
 * negative errno. */
int drain_socket(const char *interface, uint16_t port, struct error *err);

#endif
