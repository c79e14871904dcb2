/* fleet.h: simulated printers as a function of bytes: a datagram in, datagrams out, given now.
 *
 * Sockets, routers and time belong to others. Every answer is computed from one state model per
 * device, so SNMP, ENPC and the panel never disagree. */
#ifndef SIM_PRINTER_FLEET_H
#define SIM_PRINTER_FLEET_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/loop.h"
#include "base/verb.h"
#include "sim/printer/profile.h"
#include "sim/tap.h"

struct fleet;  /* opaque */
struct device; /* one live printer: profile + state + address */
struct trap_plan;
struct usm_users;

/* A UDP datagram; addresses and ports in host byte order, data borrowed for the call. */
struct datagram {
	uint32_t from, to;
	uint16_t from_port, to_port;
	const uint8_t *data;
	size_t size;
};

typedef void datagram_sink(void *arg, const struct datagram *datagram);

struct fleet_options {
	struct loop *loop; /* borrowed; sockets, and what a network does: delays */
	struct loop *time; /* borrowed; the printers' time: behaviour and clocks; NULL: loop's */
	struct tap *tap;   /* snmp.*, enpc.*, panel.*, fault.* observations; may be NULL */
	struct tap
		*truth; /* "truth" {device, address, serial, clockOffsetMs, items{D01…D23 but D06,
			   D07}} at once after fleet_add and after every change; may be NULL */
	bool truth_changes; /* truth only tells what is new: items that changed, of histories the
			       rows that were added */
	uint64_t seed;
	datagram_sink *out; /* traps go here: fleet_speak; NULL: nobody hears them */
	void *out_arg;
};

struct device_options {
	const char *name;              /* "lobby"; copied; unique in the fleet */
	const struct profile *profile; /* borrowed until fleet_free */
	uint32_t address;              /* host order; unique */
	const char *serial;            /* copied; NULL: derived from profile and address */
	const char *community;         /* copied; NULL: "public" */
	const struct usm_users
		*users; /* SNMPv3; borrowed until fleet_free; NULL: v1 and v2c alone */
	bool v3_only;   /* v1 and v2c are not answered */
	const struct trap_plan *traps; /* borrowed until fleet_free; NULL: none */
	bool frozen; /* serve a recorded profile verbatim; behaviour no longer shows */
};

struct fleet *fleet_new(const struct fleet_options *options);
void fleet_free(struct fleet *fleet);

/* Adds a printer, idle, with the profile's initial values. NULL on error. Owned by the fleet. */
struct device *fleet_add(struct fleet *fleet, const struct device_options *options,
			 struct error *err);
struct device *fleet_device(struct fleet *fleet, const char *name); /* NULL if unknown */
struct device *fleet_at(struct fleet *fleet, uint32_t address);     /* NULL if nobody is there */

/* The printer answers at another address from now on, as after a new lease. -EEXIST when somebody
 * is there already, -EINVAL when nobody can be. */
int fleet_move(struct device *device, uint32_t address, struct error *err);

/* Where printers send what nobody asked for, from their port 161; NULL ends it. */
void fleet_speak(struct fleet *fleet, datagram_sink *out, void *arg);

/* Port 161 and 3289; other ports are ignored. Broadcast (255.255.255.255 or 10.255.255.255) reaches
 * every printer. Answers go to sink, now or later (a delayed answer). Datagrams for nobody are
 * ignored. */
void fleet_datagram(struct fleet *fleet, const struct datagram *in, datagram_sink *sink, void *arg);

/* What a scenario can do to a printer, by name; parameters as a JSON object (may be NULL):
 * device_actions names them all. -EINVAL for anything unknown, with what was expected; -EBUSY and
 * -EIO when the printer cannot now. "printer.action" goes to the tap. */
int device_do(struct device *device, const char *action, const json_t *parameters,
	      struct error *err);
extern const struct verb_list device_actions; /* for lint and lists */

/* Deliberate faults, default none. Several may be armed; each is applied to what those that
 * device_faults lists before it have made of an answer. Arming one anew replaces it. The tap gets
 * "fault.reached" {fault, device, count, did} each time one changed what the agent received. */
int device_fault(struct device *device, const char *fault, const json_t *parameters,
		 struct error *err);
void device_fault_clear(struct device *device, const char *fault); /* NULL: all */
extern const struct verb_list device_faults;

const char *device_name(const struct device *device);
uint32_t device_address(const struct device *device);
const char *device_serial(const struct device *device);

/* The in-device panel of one device on an already listening unix socket (taken over). */
int device_panel(struct device *device, int listening_fd, struct error *err);

#endif
