/* drain.h: a TCP port that every printer has open: takes what comes and throws it away.
 *
 * Clients look whether such a port accepts, and send print data that nobody may keep. */
#ifndef SIM_PRINTER_DRAIN_H
#define SIM_PRINTER_DRAIN_H

#include <stdint.h>

#include "base/error.h"
#include "base/loop.h"
#include "sim/printer/fleet.h"

struct drain; /* opaque */

/* Raw printing, LPD and scanning; ends with 0. */
extern const uint16_t drain_ports[];

/* Takes over a bound, listening socket. Connections to addresses where no printer is, or one that
 * is off, are reset; so is the oldest when there are too many. */
struct drain *drain_new(struct loop *loop, struct fleet *fleet, int fd);
void drain_free(struct drain *drain); /* before the fleet; NULL is fine */

/* Listens on a port of every address of a network device ("lo"; NULL: all). A descriptor or
 * negative errno. */
int drain_socket(const char *interface, uint16_t port, struct error *err);

#endif
