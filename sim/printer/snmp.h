/* snmp.h: SNMP v1 and v2c: a request datagram in, the answer's bytes out, at once.
 *
 * net-snmp in agent mode decodes, dispatches and encodes; the values come from the device's list.
 * The only user of net-snmp here: its process-wide state is set up on first use and stays. */
#ifndef SIM_PRINTER_SNMP_H
#define SIM_PRINTER_SNMP_H

#include "base/buf.h"
#include "sim/printer/ber.h"
#include "sim/printer/fleet.h"

enum {
	SNMP_ANSWER_MAX = 1472,   /* one Ethernet frame: a printer's card does not fragment */
	SNMP_REQUEST_MAX = 65507, /* what UDP over IPv4 carries */
	SNMP_BULK_REPEATS_MAX = 256,
	SNMP_BULK_RESPONSES_MAX = 1024, /* varbinds in answer to one GETBULK */
};

/* Who asks, when it is not the community that tells: the request came in a v3 message, and stands
 * in v2c form with an empty community; so will the answer. */
struct snmp_caller {
	struct span user;
	const char *level; /* "authPriv" */
	size_t room;       /* how many bytes the answer may have in this form */
};

/* Fills out with the answer to a request by community, or by a caller if not NULL; leaves it empty
 * when there is none (said to the tap, with why). The answer itself is not told: a fault may still
 * change it. */
void snmp_answer(struct device *device, const struct datagram *in, const struct snmp_caller *by,
		 struct buf *out);

#endif
