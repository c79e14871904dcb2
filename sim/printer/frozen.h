/* frozen.h: a printer that was recorded: its walk served as it was, or with the live state over it.
 *
 * Frozen, every OID, type and value is the recorded one. Live, only what stands in frozen_owned
 * follows the state model; the rest stays as recorded. docs/recording.md prints the same list. */
#ifndef SIM_PRINTER_FROZEN_H
#define SIM_PRINTER_FROZEN_H

#include "sim/printer/mib.h"

struct buf;
struct device;
struct enpc_request;

/* What the state owns. A table is the state's alone, with all its rows; of a cell only the value
 * changes, and only where the recorded printer had that cell. */
struct frozen_owned {
	const char *oid; /* everything below it */
	bool table;
	const char *what;
};
extern const struct frozen_owned frozen_owned[]; /* ends with oid NULL */

/* Whether the state may change this OID. */
bool frozen_owns(const uint32_t *oid, size_t count);

/* Of a recorded list what the state does not own as a table. Shares bytes with recorded. */
struct mib *frozen_rest(const struct mib *recorded);

/* Turns the device's own list into the recorded one with the state over it, finished. */
void frozen_overlay(struct mib *mib, const struct device *device);

/* The recorded payload of this query. False if none was recorded. */
bool frozen_enpc(const struct device *device, const struct enpc_request *request,
		 struct buf *payload);

#endif
