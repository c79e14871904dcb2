/* delivery.h: an answer on its way out: the last place where a fault may touch it, and where a
 * delayed one waits. */
#ifndef SIM_PRINTER_DELIVERY_H
#define SIM_PRINTER_DELIVERY_H

#include "base/buf.h"
#include "sim/printer/fleet.h"

struct delivery;

struct delivery_to {
	struct device *device;
	const struct datagram *in; /* the request; its address and port get the answer */
	datagram_sink *sink;
	void *arg;
	bool snmp;
};

struct delivery *delivery_new(struct loop *loop); /* loop is borrowed */
void delivery_free(struct delivery *delivery);    /* what still waits is dropped */

/* Spoils the answer as the device's faults say, tells the tap, hands it to the sink now or later.
 */
void delivery_send(struct delivery *delivery, const struct delivery_to *to,
		   const struct buf *answer);

#endif
