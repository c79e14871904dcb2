/* origin.h: what printers of one profile that were switched on in the same second have in common
 * until something happens to them: logs, status, and the list that SNMP searches. */
#ifndef SIM_PRINTER_ORIGIN_H
#define SIM_PRINTER_ORIGIN_H

#include "sim/printer/device.h"

struct origin {
	struct origin *next;
	const struct profile *profile; /* borrowed */
	bool frozen, v3;
	int64_t time; /* their clock when switched on, ns since 1970 */
	bool ready;   /* the status was derived, from the first of them */
	struct status status;
	struct history logs[LOGS];
	struct mib *mib;    /* NULL: not asked for yet */
	struct buf scratch; /* for values that are read while a request is answered */
};

/* The one out of the list that has profile, frozen, v3 and the second of the time as like has
 * them, or a new one, put in front. Owned by the list. */
struct origin *origin_of(struct origin **list, const struct origin *like);
void origin_free_all(struct origin *list);

#endif
