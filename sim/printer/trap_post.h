/* trap_post.h: notifications on their way: what is sent to a destination, when again, and what
 * comes back. Of an inform in v3 the receiver is the authoritative engine (RFC 3414, 1.5.1), so its
 * id and time are learnt from its reports first. */
#ifndef SIM_PRINTER_TRAP_POST_H
#define SIM_PRINTER_TRAP_POST_H

#include "sim/printer/trap.h"
#include "sim/printer/trap_message.h"

/* To a destination of the printer's plan; the notice is copied. */
void trap_post(struct device *device, size_t destination, const struct trap_notice *notice);

#endif
