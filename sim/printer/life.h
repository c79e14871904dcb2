/* life.h: what happens to a printer by itself, besides what it is told through device_do. */
#ifndef SIM_PRINTER_LIFE_H
#define SIM_PRINTER_LIFE_H

#include "sim/printer/day.h"

struct life; /* opaque */
struct device;

struct life_plan {
	const struct day_plan *day; /* NULL: nobody works with it */
};

/* Gives the device a life, which ends with it. The plan's parts are borrowed until then. */
void device_live(struct device *device, const struct life_plan *plan);

void life_free(struct life *life); /* NULL is fine */

/* After every change of the device; NULL: it has no life. */
void life_changed(struct life *life);

#endif
