/* status_lines.h: the status of an ESC/Label printer: lines of text between STX and ETX, in the
 * place of the status block. */
#ifndef SIM_PRINTER_STATUS_LINES_H
#define SIM_PRINTER_STATUS_LINES_H

#include "base/buf.h"

struct device;

void status_lines_build(const struct device *device, struct buf *out);

#endif
