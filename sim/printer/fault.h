/* fault.h: deliberate wrongs of a printer.
 *
 * Each kind is a row of the table in fault_kinds.c. Several may be armed on one printer; they are
 * applied in the order of that table, each to what those before it have made. A printer without any
 * carries a NULL. */
#ifndef SIM_PRINTER_FAULT_H
#define SIM_PRINTER_FAULT_H

#include <stdbool.h>

#include "base/verb.h"
#include "sim/printer/fleet.h"
#include "sim/printer/spoil.h"

struct device;
struct fault; /* one that is armed */

struct fault_kind {
	struct verb verb;
	bool silent;               /* the request is not even read */
	bool late;                 /* kept until it is asked again: late.h */
	spoil_draft *draft;        /* SNMP v1 and v2c */
	spoil_answer *snmp, *enpc; /* NULL: does not concern this protocol */
};

extern const struct fault_kind fault_kinds[];
extern const size_t fault_kind_count;

/* Is the request swallowed? Tells the tap if so. */
bool fault_swallows(struct device *device, const struct datagram *in, bool snmp);

/* Applies what is armed and due, and tells the tap "fault.reached" of each that could. answer is
 * what would have been sent. */
void fault_spoil(struct device *device, const struct datagram *in, bool snmp,
		 struct answer *answer);

#endif
