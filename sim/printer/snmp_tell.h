/* snmp_tell.h: what is said to the tap about an SNMP request, whoever answers it. */
#ifndef SIM_PRINTER_SNMP_TELL_H
#define SIM_PRINTER_SNMP_TELL_H

#include "sim/printer/fleet.h"
#include "sim/printer/snmp_message.h"

struct snmp_told {
	int64_t version; /* 0 v1, 1 v2c */
	struct span community;
	uint8_t pdu; /* tag */
	int64_t request;
	json_t *oids; /* dotted texts; taken over */
};

/* "snmp.request" */
void snmp_tell_request(struct device *device, const struct datagram *in,
		       const struct snmp_told *told);

#endif
