/* truth.h: what a printer really is, item by item, in the shape ecsp/README.md gives the upload.
 *
 * Written from the state alone, not through any adapter, so that an adapter's mistake shows. */
#ifndef SIM_PRINTER_TRUTH_H
#define SIM_PRINTER_TRUTH_H

#include <jansson.h>

struct device;
struct told;

/* D01 to D23 but D06 and D07; without what this printer does not have. Caller owns. */
json_t *truth_items(const struct device *device);

/* All of it: {device, address, serial, clockOffsetMs, items}. Caller owns. */
json_t *truth_of(struct device *device);

/* One "truth" observation to the host's truth tap: all of it, or with truth_changes only what was
 * not told before; none if there is nothing new. */
void truth_tell(struct device *device);
void told_free(struct told *told); /* what was told; NULL is fine */

#endif
