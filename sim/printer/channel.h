/* channel.h: Epson's control channel: a command stands behind 1.3.6.1.4.1.1248.1.2.2.44.1.1.2.1 in
 * the name that is asked for, one sub-identifier a byte; the value is the reply.
 *
 * Read-only: what would change a printer, or reach its memory, is refused as newer firmware does.
 */
#ifndef SIM_PRINTER_CHANNEL_H
#define SIM_PRINTER_CHANNEL_H

#include <stdbool.h>

#include "base/buf.h"
#include "sim/printer/ber.h"
#include "sim/printer/oid.h"

struct device;

/* The reply to a GET of a name. False: no command of this channel, or the printer has none. */
bool channel_answer(const struct device *device, const struct oid *name, struct buf *reply);

/* Might a name in BER be a command? */
bool channel_is_meant(struct span name);

#endif
