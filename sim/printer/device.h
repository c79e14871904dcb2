/* device.h: one live printer: profile + state + address. The one model that every adapter reads.
 *
 * Whoever changes a field calls device_changed() once when done. What follows from the state
 * (status, error, warnings, alerts) is never stored: see status.h. */
#ifndef SIM_PRINTER_DEVICE_H
#define SIM_PRINTER_DEVICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/loop.h"
#include "sim/printer/fleet.h"
#include "sim/printer/history.h"
#include "sim/printer/mib.h"
#include "sim/printer/model.h"
#include "sim/printer/status.h"

enum activity { ACTIVITY_NONE, ACTIVITY_PRINTING, ACTIVITY_CLEANING };

enum group { GROUP_PANEL, GROUP_PRINTER, GROUP_MAINTENANCE, GROUP_MEDIA, GROUP_NETWORK, GROUPS };
extern const char *const group_names[]; /* as the upload and the panel name them */

enum log { LOG_EVENTS, LOG_CLEANINGS, LOG_MAINTENANCES, LOG_JOBS, LOGS };

enum { ROLL_TYPE_MAX = 31 };

struct ink {
	int64_t left, used; /* microlitres; used is cumulative */
	int64_t replaced;   /* times installed */
};

/* The media that is in. */
struct roll {
	char type[ROLL_TYPE_MAX + 1];
	uint8_t type_id; /* ST2 field 3F */
	int32_t width_tenth_mm;
};

struct box {
	int64_t left; /* microlitres that still fit */
	int64_t replaced;
	bool removed;
};

/* The job or cleaning in hand; costs fall due when it ends, in proportion if it ends early. */
struct task {
	struct timer *timer;  /* ends it */
	uint64_t begun, ends; /* loop time, ns */
	struct record record;
	int64_t cost[INKS_MAX]; /* microlitres of each ink */
};

struct drift;
struct life;
struct origin;
struct panel;
struct told;
struct trap_plan;
struct trap_state;
struct usm;
struct usm_users;

/* Large fleets have many that nothing has happened to: what such a printer shares with the others
 * it came with is behind a const pointer, until something happens. What an SNMP request reads
 * stands first. */
struct device {
	const struct fleet_options *host; /* borrowed: loop and taps */
	struct origin *origin;            /* the fleet's */
	struct mib *mib;                  /* NULL: the origin's, or state has changed since */
	const char *community;
	uint32_t community_size;
	uint32_t address;
	bool on, asleep, paused, jam, paper_out, fatal;
	bool frozen;                   /* a recorded profile is served as it was recorded */
	bool v3_only;                  /* the community opens nothing */
	struct life *life;             /* NULL: nothing happens to it by itself */
	struct fault *faults;          /* armed; NULL: it behaves. See fault.h */
	struct trap_state *trap;       /* NULL: nothing told yet */
	const struct usm_users *users; /* borrowed; NULL: no SNMPv3 */
	const struct profile *profile; /* borrowed */
	const struct status *last;     /* as of the last device_changed; before: the origin's */
	struct usm *usm;               /* NULL: not asked by v3 yet */
	const struct trap_plan *traps; /* borrowed; NULL: none */

	char *texts; /* owned: name, serial, a community of its own */
	const char *name, *serial;
	uint8_t mac[6];
	char hostname[16];    /* EPSON (another maker: its prefix) + last three octets of mac */
	uint32_t covers_open; /* bit i: cover i */
	enum activity activity;
	struct task *task; /* NULL unless active */

	struct ink inks[INKS_MAX];
	struct box boxes[BOXES_MAX];
	struct roll roll;
	int64_t roll_mm; /* left of it */
	struct counters_model counters;
	json_t *settings[GROUP_NETWORK]; /* objects; media and network get more from the state;
					    the profile's, until device_setting */
	int64_t clock_offset_ms;
	const char *diagnosis;      /* ok, nozzles, error; from a const table */
	const struct history *logs; /* LOGS of them, the origin's until device_log */

	uint64_t on_since;     /* the printers' time, ns */
	uint64_t engine_since; /* the same moment in everybody's time, which SNMPv3 needs */
	uint32_t boots;        /* times switched on */
	struct timer *boot;    /* switches it on again; NULL: was never restarted */
	struct drift *drift;   /* NULL: the clock runs true */
	struct told *told;     /* NULL: truth_tell tells everything each time */
	uint32_t last_alert_index;
	struct panel *panel;
};

/* Options are checked and copied; origins is the list that the printer's origin is in or gets in,
 * and outlives it. NULL on error. Emits the first truth. */
struct device *device_new(const struct fleet_options *host, struct origin **origins,
			  const struct device_options *options, struct error *err);
void device_free(struct device *device);

/* Derives the status again, writes what changed into the event log, tells truth and panel. */
void device_changed(struct device *device);

int64_t device_clock(const struct device *device); /* ns since 1970, as the device believes */

/* Percent, 0 to 100; 0 only when nothing is left. */
int ink_level(const struct device *device, size_t i);
int box_level(const struct device *device, size_t i);
bool ink_replaced(const struct device *device, size_t i); /* since set-up */

/* To write into: what was shared until now becomes the device's own. */
struct history *device_log(struct device *device, enum log log);
json_t *device_setting(struct device *device, enum group group); /* borrowed */

/* IEEE 1284 device id, appended to out. */
void device_id_write(const struct device *device, struct buf *out);

/* A group as an object, with what follows from state and address. Caller owns. */
json_t *device_settings(const struct device *device, enum group group);

/* The list that SNMP searches, made anew after a change. Borrowed until the next change. */
const struct mib *device_mib(struct device *device);
struct mib_view device_view(struct device *device);

/* Octets 4 to 11 of RFC 2579 DateAndTime, whole seconds, +00:00. */
enum { DATE_AND_TIME_SIZE = 11 };
void device_date(const struct device *device, uint8_t out[DATE_AND_TIME_SIZE]);

/* "2026-11-22T10:15:30Z", whole seconds. Caller owns. */
json_t *device_time(int64_t ns);

/* Tells device->host->tap; takes over fields and adds "device". */
void device_seen(struct device *device, const char *kind, json_t *fields);

#endif
