/* st2.h: the status block "@BDC ST2" (Epson Programming Guide, Level I): a header, a length, and
 * fields of type, length and data. */
#ifndef SIM_PRINTER_ST2_H
#define SIM_PRINTER_ST2_H

#include "base/buf.h"

struct device;

enum { ST2_MAX = 1024 };

/* The lines of an ESC/Label printer instead, where the profile says so. */
void st2_build(const struct device *device, struct buf *out);

#endif
