/* enpc_server.h: what a printer answers to one ENPC request, and the operations it starts. */
#ifndef SIM_PRINTER_ENPC_SERVER_H
#define SIM_PRINTER_ENPC_SERVER_H

#include "base/buf.h"
#include "sim/printer/fleet.h"

/* Fills out with the reply; leaves it empty when there is none. */
void enpc_answer(struct device *device, const struct datagram *in, struct buf *out);

#endif
