/* fault.h: deliberate wrongs of a printer: zero means behave. Read where an answer is sent. */
#ifndef SIM_PRINTER_FAULT_H
#define SIM_PRINTER_FAULT_H

#include <stdbool.h>
#include <stdint.h>

struct device;

struct fault {
	const char *name;   /* of the one that is armed, as device_faults lists it; NULL: none */
	bool silent;        /* swallows every request, SNMP and ENPC */
	bool malformed;     /* the answer's outer length says more than there is: undecodable BER */
	int64_t delay_ms;   /* answers come that much later */
	bool wrong_request; /* request-id differs from the one asked */
	int64_t error_status; /* answers carry this error-status (1-18) and error-index 1 */
	bool missing_varbind; /* the last varbind of the answer is left out */
};

/* Says that the armed fault changed what the agent got. */
void fault_reached(struct device *device);

#endif
