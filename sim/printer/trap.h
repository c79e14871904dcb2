/* trap.h: what a printer tells unasked: coldStart when it is switched on (RFC 3418), printerV2Alert
 * when an alert comes up (RFC 3805), to the destinations that were set for it. Traps are sent once;
 * informs until they are acknowledged, or often enough. */
#ifndef SIM_PRINTER_TRAP_H
#define SIM_PRINTER_TRAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/printer/fleet.h"
#include "sim/printer/usm_user.h"

struct alert;
struct status;

enum trap_version { TRAP_V1, TRAP_V2C, TRAP_V3 };
extern const char *const trap_version_names[]; /* v1, v2c, v3; NULL-terminated */

/* RFC 3805, printerV2Alert: critical ones; printers are known to tell of warnings too. */
enum trap_alerts { TRAP_CRITICAL, TRAP_ALL };
extern const char *const trap_alert_names[]; /* critical, all; NULL-terminated */

struct trap_destination {
	uint32_t address; /* host order */
	uint16_t port;
	enum trap_version version;
	enum trap_alerts alerts;
	bool inform;
	const char *community; /* v1, v2c; borrowed */
	const char *user;      /* v3, at the level of the user; borrowed */
	uint64_t wait_ms;      /* for the acknowledgement of an inform */
	unsigned retries;
};

enum {
	TRAP_DESTINATIONS_MAX = 4, /* as network cards have it */
	TRAP_PORT = 162,
	TRAP_WAIT_MS = 1000,
	TRAP_RETRIES = 3,
};

struct trap_plan {
	struct trap_destination destinations[TRAP_DESTINATIONS_MAX];
	size_t count;
};

/* Negative errno with what is wrong. The user of v3 must be one that the printer has. */
int trap_destination_check(const struct trap_destination *to, struct error *err);

/* What has happened; a printer that has no plan, or is off, tells nobody. last may be NULL. */
void trap_cold_start(struct device *device);
void trap_alerts(struct device *device, const struct status *now, const struct status *last);

/* True: the datagram to port 161 was the answer to an inform. */
bool trap_heard(struct device *device, const struct datagram *in);

struct trap_state; /* a printer's informs that wait, and what it has learnt of receivers */
void trap_state_free(struct trap_state *state); /* NULL is fine */

#endif
