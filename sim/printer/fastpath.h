/* fastpath.h: the common SNMP requests answered without net-snmp, with the bytes it would send.
 *
 * GET, GETNEXT and GETBULK of v1 and v2c in the shapes that agents send; everything else, and all
 * that is near a limit, is left to snmp.h. differential_test.c holds the two together. */
#ifndef SIM_PRINTER_FASTPATH_H
#define SIM_PRINTER_FASTPATH_H

#include "sim/printer/fleet.h"
#include "sim/printer/snmp.h"
#include "sim/printer/snmp_message.h"

enum {
	FASTPATH_HEAD = 320, /* what may stand before the varbinds, with the longest community */
	FASTPATH_TAIL = 8,
	FASTPATH_ROOM = FASTPATH_HEAD + SNMP_ANSWER_MAX + FASTPATH_TAIL,
};

/* True: the answer is in room, and the request was told to the tap as snmp_answer does. False:
 * nothing has happened, ask net-snmp. by: as there. The answer has FASTPATH_HEAD bytes of room in
 * front of its varbinds, and FASTPATH_TAIL behind them. */
bool fastpath_answer(struct device *device, const struct datagram *in, const struct snmp_caller *by,
		     uint8_t room[FASTPATH_ROOM], struct span *answer);

#endif
