/* live.h: values that are made when they are read: they move with time, or follow from what makes
 * one printer another, its name, address and serial number.
 *
 * As these stand in no list, all printers of one profile that nothing has happened to share one. */
#ifndef SIM_PRINTER_LIVE_H
#define SIM_PRINTER_LIVE_H

#include "base/buf.h"
#include "sim/printer/mib.h"

/* The entry as it reads now: a copy with live == MIB_FIXED, its number or bytes filled in; bytes
 * point into scratch, which is cleared first. Entries that are fixed come back as they are. */
struct mib_entry live_read(const struct device *device, const struct mib_entry *entry,
			   struct buf *scratch);

enum { LIVE_MAX = 8192 }; /* ceiling for scratch; the longest is a device id */

#endif
