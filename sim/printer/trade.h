/* trade.h: what kind of work a printer does all day, told by the roll in it: plans, photographs,
 * signs, cloth, labels. How long and how covered its jobs are, how fast it is, how documents are
 * called. */
#ifndef SIM_PRINTER_TRADE_H
#define SIM_PRINTER_TRADE_H

#include <jansson.h>
#include <stdint.h>

struct device;
struct dice;

/* Parameters of the action "job" of device_do. Caller owns. */
json_t *trade_job(const struct device *device, struct dice *dice);

/* Of "load-paper": the usual roll, or another media of this trade. Caller owns. */
json_t *trade_roll(const struct device *device, struct dice *dice);

#endif
