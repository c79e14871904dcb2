/* import_supply.h: inks, boxes and roll of a recorded printer, as a profile says them. */
#ifndef CONFORMANCE_IMPORT_SUPPLY_H
#define CONFORMANCE_IMPORT_SUPPLY_H

#include "base/buf.h"
#include "sim/printer/mib.h"

void import_supplies(struct buf *out, const struct mib *walk);
void import_roll(struct buf *out, const struct mib *walk);
void import_quote(struct buf *out, const char *text); /* a YAML text */

#endif
