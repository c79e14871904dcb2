/* reading.h: a number of a printer's state by its name, "supply.black" or "counter.squareCm". */
#ifndef SIM_PRINTER_READING_H
#define SIM_PRINTER_READING_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct device;
struct profile;
struct quantity;

struct reading {
	const struct quantity *quantity;
	size_t part;
};

/* ink.COLOR or supply.NAME (percent left; boxes: that still fits), box.NUMBER, roll.remainingMm,
 * counter.squareCm, .lengthMm, .printingSeconds, .sheets, .cuts, .sheetsSinceOn. -EINVAL with what
 * was expected. */
int reading_find(const struct profile *profile, const char *name, struct reading *reading,
		 struct error *err);
int64_t reading_value(const struct device *device, const struct reading *reading);

#endif
