/* timeline.h: what happens to a printer at given times. */
#ifndef SIM_PRINTER_TIMELINE_H
#define SIM_PRINTER_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/printer/deed.h"

struct timeline; /* opaque */

struct moment {
	int64_t at_ms;    /* after the printer was added; daily: after midnight, UTC */
	bool daily;       /* every day at that time */
	int64_t every_ms; /* again and again after that; 0: once */
	struct deed deed;
};

/* moments are borrowed until timeline_free. */
struct timeline *timeline_new(struct device *device, const struct moment *moments, size_t count);
void timeline_free(struct timeline *timeline); /* NULL is fine */

#endif
