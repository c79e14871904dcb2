/* day.h: days of work at one printer: people come, print, open covers, change what runs low, put
 * right what jams, and go home.
 *
 * All of it is thrown by the seed and the printer's name (dice.h): run again, in other company or
 * on another day of the week, the same moments bring the same jobs. The office keeps UTC. */
#ifndef SIM_PRINTER_DAY_H
#define SIM_PRINTER_DAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/form.h"

struct day; /* opaque */
struct device;

/* What a printer does when people have gone home; mixed: some of them this, some that. */
enum nights { NIGHTS_MIXED, NIGHTS_OFF, NIGHTS_SLEEP };

struct day_plan {
	bool given;
	int64_t seed;
	int64_t jobs; /* on an average day */
	char *hours;  /* "08:00-18:00"; NULL: that */
	bool weekends;
	int nights;          /* enum nights */
	int64_t jams;        /* of 1,000 jobs */
	int64_t breakdowns;  /* of 1,000 days: the service must come */
	int64_t open, close; /* minutes of the day */
};

extern const struct form day_form; /* of struct day_plan */

/* After form_load from node: what was left out, and what the form cannot say. NULL node: no days.
 */
int day_plan_finish(struct day_plan *plan, const struct yaml *node, struct error *err);

/* The first moment from wall (ns since 1970) on when people are there: wall itself while they are.
 */
int64_t day_plan_attended(const struct day_plan *plan, int64_t wall);

/* plan is borrowed until day_free; seed is the fleet's. */
struct day *day_new(struct device *device, const struct day_plan *plan, uint64_t seed);
void day_free(struct day *day); /* NULL is fine */

/* After every change of the device. Does nothing to it at once: people take their time. */
void day_changed(struct day *day);

#endif
