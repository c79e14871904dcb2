/* deed.h: what a timeline or a trigger does to a printer: an action, or a deliberate fault. */
#ifndef SIM_PRINTER_DEED_H
#define SIM_PRINTER_DEED_H

#include <jansson.h>

struct device;

/* All borrowed. */
struct deed {
	const char *action; /* of device_do; NULL: a fault */
	const char *fault;  /* of device_fault; "none": it behaves again */
	const json_t *with; /* parameters; may be NULL */
};

/* A printer may be unable to (it is off, it is busy): the tap gets "printer.refused" {action or
 * fault, why}. */
void deed_do(struct device *device, const struct deed *deed);

#endif
