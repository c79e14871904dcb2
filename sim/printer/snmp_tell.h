/* snmp_tell.h: what is said to the tap about an SNMP request, whoever answers it. */
#ifndef SIM_PRINTER_SNMP_TELL_H
#define SIM_PRINTER_SNMP_TELL_H

#include "sim/printer/fleet.h"
#include "sim/printer/snmp.h"
#include "sim/printer/snmp_message.h"

struct snmp_told {
	int64_t version;              /* 0 v1, 1 v2c; of a caller: not looked at */
	const struct snmp_caller *by; /* NULL: by community */
	struct span community;
	uint8_t pdu; /* tag */
	int64_t request;
	json_t *oids; /* dotted texts; taken over */
};

/* "snmp.request" */
void snmp_tell_request(struct device *device, const struct datagram *in,
		       const struct snmp_told *told);

/* "snmp.response" of an answer in v1 or v2c form; of what cannot be read, nothing. */
void snmp_tell_response(struct device *device, const uint8_t *data, size_t size);

#endif
