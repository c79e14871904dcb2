/* behaviour.h: what happens to a printer over time: jobs, cleanings, and the actions of device_do.
 */
#ifndef SIM_PRINTER_BEHAVIOUR_H
#define SIM_PRINTER_BEHAVIOUR_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct device;
struct record;
struct task;

enum { CLEANING_MS = 300 }; /* a simulated cleaning; real ones take minutes */

enum refusal { REFUSED_NOT, REFUSED_BUSY, REFUSED_ERROR };

struct job {
	int64_t ms;                   /* how long it prints */
	const char *document, *owner; /* copied */
	int64_t length_mm, square_cm;
	const int64_t *cost; /* microlitres of each ink, borrowed for the call */
};

enum refusal behaviour_print(struct device *device, const struct job *job);

/* One head cleaning; kind is auto, manual (a button) or remote (ENPC, panel). */
enum refusal behaviour_clean(struct device *device, const char *kind, int64_t ms);

/* Ends the job or cleaning in hand now; what it used falls due in proportion. */
void behaviour_stop(struct device *device, const char *result);

/* After a change of parts: an error ends the task in hand and wakes the printer; then
 * device_changed. */
void behaviour_settle(struct device *device);

/* The task in hand is over; arg is the device. A task's timer does this. */
void behaviour_task_ended(void *arg);
void task_free(struct task *task); /* NULL is fine */

/* Tells the tap of an operation that came from outside: printer.operated. */
void behaviour_operated(struct device *device, const char *operation, const char *by,
			const char *result);

#endif
