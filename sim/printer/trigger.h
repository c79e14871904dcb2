/* trigger.h: what happens to a printer when something about it becomes so. */
#ifndef SIM_PRINTER_TRIGGER_H
#define SIM_PRINTER_TRIGGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/printer/deed.h"
#include "sim/printer/reading.h"

struct triggers; /* opaque */

/* One of three conditions; it is the change to true that counts. */
struct trigger {
	int64_t polls;    /* so many requests by SNMP or ENPC have come, again and again; or 0 */
	const char *item; /* of reading_find; or NULL */
	bool above;       /* item is above the limit, else below */
	int64_t limit;
	const char *state; /* a status word, "error"; or NULL */
	bool once;         /* only the first time */
	int64_t after_ms;  /* how long until it happens */
	struct deed deed;
};

/* list is borrowed until triggers_free. NULL when an item is not one of this printer's. */
struct triggers *triggers_new(struct device *device, const struct trigger *list, size_t count,
			      struct error *err);
void triggers_free(struct triggers *triggers); /* NULL is fine */

/* Something changed; a request came. What is triggered happens later, never within the call. */
void triggers_look(struct triggers *triggers);
void triggers_polled(struct triggers *triggers);

#endif
