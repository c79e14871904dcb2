/* drift.h: a printer's clock that gains or loses.
 *
 * It does so in steps of a second: what the printer really says is in the ledger at every step. */
#ifndef SIM_PRINTER_DRIFT_H
#define SIM_PRINTER_DRIFT_H

#include <stdint.h>

struct device;
struct drift; /* opaque */

void drift_set(struct device *device, int64_t seconds_per_day); /* 0: it runs true again */
void drift_free(struct drift *drift);                           /* NULL is fine */

#endif
