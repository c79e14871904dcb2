#include "sim/printer/fleet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "sim/printer/delivery.h"
#include "sim/printer/device.h"
#include "sim/printer/directory.h"
#include "sim/printer/enpc.h"
#include "sim/printer/enpc_server.h"
#include "sim/printer/fastpath.h"
#include "sim/printer/fault.h"
#include "sim/printer/life.h"
#include "sim/printer/origin.h"
#include "sim/printer/snmp.h"
#include "sim/printer/trap.h"
#include "sim/printer/usm_answer.h"

enum { PORT_SNMP = 161, PORT_ENPC = 3289 };

struct fleet {
	struct fleet_options options; /* first: what a device's host points to */
	struct device **devices;
	size_t count, capacity;
	bool sorted; /* devices stand in the order of their addresses */
	struct directory directory;
	struct origin *origins;
	struct delivery *delivery;
};

struct fleet *fleet_new(const struct fleet_options *options)
{
	struct fleet *fleet = alloc_zero(1, sizeof(*fleet));
	fleet->options = *options;
	if (!options->time)
		fleet->options.time = options->loop;
	fleet->delivery = delivery_new(options->loop);
	directory_init(&fleet->directory);
	return fleet;
}

void fleet_free(struct fleet *fleet)
{
	if (!fleet)
		return;
	delivery_free(fleet->delivery);
	for (size_t i = 0; i < fleet->count; i++)
		device_free(fleet->devices[i]);
	free(fleet->devices);
	directory_done(&fleet->directory);
	origin_free_all(fleet->origins);
	free(fleet);
}

struct device *fleet_at(struct fleet *fleet, uint32_t address)
{
	return directory_at(&fleet->directory, address);
}

struct device *fleet_device(struct fleet *fleet, const char *name)
{
	return directory_named(&fleet->directory, name);
}

struct device *fleet_add(struct fleet *fleet, const struct device_options *options,
			 struct error *err)
{
	if (options->name && fleet_device(fleet, options->name)) {
		error_set(err, EEXIST, "found two printers named '%s'", options->name);
		return NULL;
	}
	if (fleet_at(fleet, options->address)) {
		error_set(err, EEXIST, "found '%s' at the address of '%s'", options->name,
			  fleet_at(fleet, options->address)->name);
		return NULL;
	}
	struct device *device = device_new(&fleet->options, &fleet->origins, options, err);
	if (!device)
		return NULL;
	if (fleet->count == fleet->capacity) {
		fleet->capacity = fleet->capacity ? fleet->capacity * 2 : 16;
		fleet->devices =
			alloc_grow(fleet->devices, fleet->capacity, sizeof(struct device *));
	}
	fleet->devices[fleet->count++] = device;
	fleet->sorted = false;
	directory_add(&fleet->directory, device);
	return device;
}

static bool is_unicast(uint32_t address)
{
	return address >> 24 && address >> 28 < 14 && (address & 0xffffff) != 0xffffff;
}

int fleet_move(struct device *device, uint32_t address, struct error *err)
{
	struct fleet *fleet = (struct fleet *)device->host; /* its options stand first */
	const struct device *other = fleet_at(fleet, address);
	char text[IPV4_TEXT_MAX];

	if (!is_unicast(address))
		return error_set(err, EINVAL, "found address %s, expected one of a single printer",
				 ipv4_format(address, text));
	if (other && other != device)
		return error_set(err, EEXIST, "found '%s' at %s already", other->name,
				 ipv4_format(address, text));
	directory_move(&fleet->directory, device, address);
	fleet->sorted = false;
	device_changed(device);
	return 0;
}

/* ---- datagrams ---- */

void fleet_speak(struct fleet *fleet, datagram_sink *out, void *arg)
{
	fleet->options.out = out;
	fleet->options.out_arg = arg;
}

struct exchange {
	struct fleet *fleet;
	const struct datagram *in;
	datagram_sink *sink;
	void *arg;
};

static void answer(const struct exchange *exchange, struct device *device,
		   void (*make)(struct device *, const struct datagram *, struct buf *), bool snmp)
{
	struct buf out;

	buf_init(&out, ENPC_PACKET_MAX);
	make(device, exchange->in, &out);
	if (out.size) {
		const struct delivery_to to = { .device = device,
						.in = exchange->in,
						.sink = exchange->sink,
						.arg = exchange->arg,
						.snmp = snmp };
		delivery_send(exchange->fleet->delivery, &to, &out);
	}
	buf_done(&out);
}

static void answer_by_community(struct device *device, const struct datagram *in, struct buf *out)
{
	snmp_answer(device, in, NULL, out);
}

/* False: not answered here, nor told. */
static bool answer_fast(const struct exchange *exchange, struct device *device)
{
	uint8_t room[FASTPATH_ROOM];
	struct span bytes;

	bool v3 = usm_is_asked(device, exchange->in);
	if (v3 ? !usm_answer(device, exchange->in, room, &bytes)
	       : !fastpath_answer(device, exchange->in, NULL, room, &bytes))
		return v3; /* which leaves nothing to others */
	const struct buf out = { .data = (uint8_t *)bytes.data, .size = bytes.size };
	const struct delivery_to to = { .device = device,
					.in = exchange->in,
					.sink = exchange->sink,
					.arg = exchange->arg,
					.snmp = true };
	delivery_send(exchange->fleet->delivery, &to, &out);
	return true;
}

static void reach(const struct exchange *exchange, struct device *device)
{
	bool snmp = exchange->in->to_port == PORT_SNMP;

	if (device->on && device->life)
		life_polled(device->life);
	if (!device->on) {
		if (snmp)
			device_seen(device, "snmp.ignored", json_pack("{s:s}", "why", "off"));
	} else if (snmp && device->trap && trap_heard(device, exchange->in)) {
		return;
	} else if (device->faults && fault_swallows(device, exchange->in, snmp)) {
		return;
	} else if (snmp) {
		if (!answer_fast(exchange, device))
			answer(exchange, device, answer_by_community, true);
	} else if (device->profile->epson) {
		answer(exchange, device, enpc_answer, false);
	}
}

static bool is_broadcast(uint32_t address)
{
	return address == 0xffffffff || address == 0x0affffff;
}

static int compare_addresses(const void *a, const void *b)
{
	const struct device *x = *(struct device *const *)a, *y = *(struct device *const *)b;
	return (x->address > y->address) - (x->address < y->address);
}

/* In the order of their addresses, whatever order they were added in. */
static void reach_all(const struct exchange *exchange)
{
	struct fleet *fleet = exchange->fleet;

	if (!fleet->sorted && fleet->count)
		qsort(fleet->devices, fleet->count, sizeof(*fleet->devices), compare_addresses);
	fleet->sorted = true;
	for (size_t i = 0; i < fleet->count; i++)
		reach(exchange, fleet->devices[i]);
}

void fleet_datagram(struct fleet *fleet, const struct datagram *in, datagram_sink *sink, void *arg)
{
	const struct exchange exchange = { fleet, in, sink, arg };

	if (in->to_port != PORT_SNMP && in->to_port != PORT_ENPC)
		return;
	if (is_broadcast(in->to)) {
		reach_all(&exchange);
		return;
	}
	struct device *device = fleet_at(fleet, in->to);
	if (device)
		reach(&exchange, device);
}
