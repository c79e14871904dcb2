/* late.h: answers that are kept back until the same question comes again, as a retry does. */
#ifndef SIM_PRINTER_LATE_H
#define SIM_PRINTER_LATE_H

#include <stdbool.h>

#include "base/buf.h"
#include "sim/printer/fleet.h"

struct late; /* opaque */

struct late *late_new(void);
void late_free(struct late *late); /* what is kept is never sent */

/* Is the question in one that an answer is kept for? Then that is put into earlier (initialised,
 * empty) and kept no longer. Else bytes are kept for it, copied; the oldest of LATE_MAX goes. A
 * retry comes from the same address; its port and request-id may be others. */
enum { LATE_MAX = 64 };
bool late_again(struct late *late, const struct datagram *in, const struct buf *bytes,
		struct buf *earlier);

#endif
