#include "sim/printer/fleet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sim/printer/delivery.h"
#include "sim/printer/device.h"
#include "sim/printer/enpc.h"
#include "sim/printer/enpc_server.h"
#include "sim/printer/snmp.h"

enum { PORT_SNMP = 161, PORT_ENPC = 3289 };

struct fleet {
	struct fleet_options options;
	struct device **devices; /* sorted by address */
	size_t count, capacity;
	struct device **by_name; /* the same, sorted by name */
	struct delivery *delivery;
};

struct fleet *fleet_new(const struct fleet_options *options)
{
	struct fleet *fleet = alloc_zero(1, sizeof(*fleet));
	fleet->options = *options;
	fleet->delivery = delivery_new(options->loop);
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
	free(fleet->by_name);
	free(fleet);
}

/* Index of the first device that is not before address. */
static size_t address_bound(const struct fleet *fleet, uint32_t address)
{
	size_t low = 0, high = fleet->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (fleet->devices[middle]->address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t name_bound(const struct fleet *fleet, const char *name)
{
	size_t low = 0, high = fleet->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(fleet->by_name[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct device *fleet_at(struct fleet *fleet, uint32_t address)
{
	size_t at = address_bound(fleet, address);
	return at < fleet->count && fleet->devices[at]->address == address ? fleet->devices[at]
									   : NULL;
}

struct device *fleet_device(struct fleet *fleet, const char *name)
{
	size_t at = name_bound(fleet, name);
	return at < fleet->count && !strcmp(fleet->by_name[at]->name, name) ? fleet->by_name[at]
									    : NULL;
}

static void insert(struct device **list, size_t count, size_t at, struct device *device)
{
	memmove(list + at + 1, list + at, (count - at) * sizeof(struct device *));
	list[at] = device;
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
	struct device *device = device_new(&fleet->options, options, err);
	if (!device)
		return NULL;
	if (fleet->count == fleet->capacity) {
		fleet->capacity = fleet->capacity ? fleet->capacity * 2 : 16;
		fleet->devices =
			alloc_grow(fleet->devices, fleet->capacity, sizeof(struct device *));
		fleet->by_name =
			alloc_grow(fleet->by_name, fleet->capacity, sizeof(struct device *));
	}
	insert(fleet->devices, fleet->count, address_bound(fleet, device->address), device);
	insert(fleet->by_name, fleet->count, name_bound(fleet, device->name), device);
	fleet->count++;
	return device;
}

/* ---- datagrams ---- */

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

static void reach(const struct exchange *exchange, struct device *device)
{
	bool snmp = exchange->in->to_port == PORT_SNMP;

	if (!device->on) {
		if (snmp)
			device_seen(device, "snmp.ignored", json_pack("{s:s}", "why", "off"));
	} else if (device->fault.silent) {
		fault_reached(device);
	} else if (snmp) {
		answer(exchange, device, snmp_answer, true);
	} else if (device->profile->epson) {
		answer(exchange, device, enpc_answer, false);
	}
}

static bool is_broadcast(uint32_t address)
{
	return address == 0xffffffff || address == 0x0affffff;
}

void fleet_datagram(struct fleet *fleet, const struct datagram *in, datagram_sink *sink, void *arg)
{
	const struct exchange exchange = { fleet, in, sink, arg };

	if (in->to_port != PORT_SNMP && in->to_port != PORT_ENPC)
		return;
	if (is_broadcast(in->to)) {
		for (size_t i = 0; i < fleet->count; i++)
			reach(&exchange, fleet->devices[i]);
		return;
	}
	struct device *device = fleet_at(fleet, in->to);
	if (device)
		reach(&exchange, device);
}
