/* fastpath.h: the common SNMP requests answered without net-snmp, with the bytes it would send.
 *
 * GET, GETNEXT and GETBULK of v1 and v2c in the shapes that agents send; everything else, and all
 * that is near a limit, is left to snmp.h. differential_test.c holds the two together. */
#ifndef SIM_PRINTER_FASTPATH_H
#define SIM_PRINTER_FASTPATH_H

#include "sim/printer/fleet.h"
#include "sim/printer/snmp_message.h"

enum { FASTPATH_ROOM = 2048 };

/* True: the answer is in room, and the request was told to the tap as snmp_answer does. False:
 * nothing has happened, ask net-snmp. */
bool fastpath_answer(struct device *device, const struct datagram *in, uint8_t room[FASTPATH_ROOM],
		     struct span *answer);

#endif
