/* life.h: what happens to a printer by itself, besides what it is told through device_do: days of
 * work, a timeline, triggers. */
#ifndef SIM_PRINTER_LIFE_H
#define SIM_PRINTER_LIFE_H

#include "sim/printer/day.h"
#include "sim/printer/timeline.h"
#include "sim/printer/trigger.h"

struct life; /* opaque */
struct device;

struct life_plan {
	const struct day_plan *day; /* NULL: nobody works with it */
	const struct moment *moments;
	size_t moment_count;
	const struct trigger *triggers;
	size_t trigger_count;
};

/* Gives the device a life, which ends with it. The plan's parts are borrowed until then. -EINVAL
 * when the plan does not fit the printer's model. */
int device_live(struct device *device, const struct life_plan *plan, struct error *err);

void life_free(struct life *life); /* NULL is fine */

/* After every change of the device; NULL: it has no life. */
void life_changed(struct life *life);
/* A request by SNMP or ENPC has come. */
void life_polled(struct life *life);

#endif
