/* caretaker.h: the people around a printer who put right what stops it and change what runs low,
 * each after a while, in the hours when they are there. */
#ifndef SIM_PRINTER_CARETAKER_H
#define SIM_PRINTER_CARETAKER_H

#include <stdint.h>

struct caretaker; /* opaque */
struct day_plan;
struct device;

/* plan is borrowed; key: dice_key of the printer. */
struct caretaker *caretaker_new(struct device *device, const struct day_plan *plan, uint64_t key);
void caretaker_free(struct caretaker *caretaker); /* NULL is fine */

/* After a change of the device: somebody notices, or need not come any more. */
void caretaker_look(struct caretaker *caretaker);

#endif
