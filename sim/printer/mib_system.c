#include <stdio.h>

#include "base/cleanup.h"
#include "sim/printer/device.h"

/* MIB-II (RFC 1213) and Host-Resources (RFC 2790): what follows from the device. What is the same
 * for a whole model, traffic counters and the like, stands in the profile's rows. */

static void put_address(struct mib *mib, const char *entry, uint32_t column, uint32_t index,
			uint32_t value)
{
	struct mib_row row = mib_row(mib, entry, 4, index >> 24, index >> 16 & 255,
				     index >> 8 & 255, index & 255);
	row_number(&row, column, MIB_ADDRESS, value);
}

static void put_numbers(struct mib *mib, const char *entry, uint32_t column, uint32_t index,
			int value)
{
	struct mib_row row = mib_row(mib, entry, 4, index >> 24, index >> 16 & 255,
				     index >> 8 & 255, index & 255);
	row_number(&row, column, MIB_INTEGER, value);
}

static void add_group(struct mib *mib, const struct device *device)
{
	mib_text(mib, "1.3.6.1.2.1.1.1.0", device->profile->system_text);
	mib_live(mib, "1.3.6.1.2.1.1.3.0", MIB_TICKS, MIB_UPTIME);
	mib_text(mib, "1.3.6.1.2.1.1.4.0", "");
	mib_text(mib, "1.3.6.1.2.1.1.5.0", device->hostname);
	mib_text(mib, "1.3.6.1.2.1.1.6.0", "");
	mib_number(mib, "1.3.6.1.2.1.1.7.0", MIB_INTEGER, 72); /* layers 4 and 7 */
}

static void add_interface(struct mib *mib, const struct device *device)
{
	struct mib_row row = mib_row(mib, "1.3.6.1.2.1.2.2.1", 1, 1u);

	mib_number(mib, "1.3.6.1.2.1.2.1.0", MIB_INTEGER, 1);
	row_number(&row, 1, MIB_INTEGER, 1);
	row_text(&row, 2, device->profile->interface_text);
	row_number(&row, 3, MIB_INTEGER, 6); /* ethernetCsmacd */
	row_number(&row, 4, MIB_INTEGER, 1500);
	row_number(&row, 5, MIB_GAUGE, 100000000);
	row_octets(&row, 6, device->mac, sizeof(device->mac));
	row_number(&row, 7, MIB_INTEGER, 1);
	row_number(&row, 8, MIB_INTEGER, 1);
	row_number(&row, 9, MIB_TICKS, 0);
}

static void add_addresses(struct mib *mib, const struct device *device)
{
	static const char address[] = "1.3.6.1.2.1.4.20.1", route[] = "1.3.6.1.2.1.4.21.1";
	const struct profile *profile = device->profile;
	uint32_t own = device->address, network = own & profile->netmask;

	put_address(mib, address, 1, own, own);
	put_numbers(mib, address, 2, own, 1);
	put_address(mib, address, 3, own, profile->netmask);
	put_numbers(mib, address, 4, own, 1);
	put_numbers(mib, address, 5, own, 65535);

	const uint32_t to[2] = { 0, network }, by[2] = { profile->gateway, own };
	const uint32_t mask[2] = { 0, profile->netmask };
	for (size_t i = 0; i < COUNT_OF(to); i++) {
		put_address(mib, route, 1, to[i], to[i]);
		put_numbers(mib, route, 2, to[i], 1);
		put_address(mib, route, 7, to[i], by[i]);
		put_numbers(mib, route, 8, to[i], i ? 3 : 4); /* direct, indirect */
		put_address(mib, route, 11, to[i], mask[i]);
	}
}

static void add_listeners(struct mib *mib)
{
	static const unsigned tcp[] = { 80, 443, 515, 631, 9100 };
	static const unsigned udp[] = { 161, 3289, 5353 };
	enum { LISTEN = 2 };

	for (size_t i = 0; i < COUNT_OF(tcp); i++) {
		struct mib_row row = mib_row(mib, "1.3.6.1.2.1.6.13.1", 10, 0u, 0u, 0u, 0u, tcp[i],
					     0u, 0u, 0u, 0u, 0u);
		row_number(&row, 1, MIB_INTEGER, LISTEN);
		row_number(&row, 2, MIB_ADDRESS, 0);
		row_number(&row, 3, MIB_INTEGER, tcp[i]);
		row_number(&row, 4, MIB_ADDRESS, 0);
		row_number(&row, 5, MIB_INTEGER, 0);
	}
	for (size_t i = 0; i < COUNT_OF(udp); i++) {
		struct mib_row row = mib_row(mib, "1.3.6.1.2.1.7.5.1", 5, 0u, 0u, 0u, 0u, udp[i]);
		row_number(&row, 1, MIB_ADDRESS, 0);
		row_number(&row, 2, MIB_INTEGER, udp[i]);
	}
}

/* "<enterprise>.<length>.<ASCII model>", as Epson's NICs name a device. */
static struct oid model_oid(const char *base, const char *model)
{
	struct oid oid;
	size_t size = strlen(model);

	oid_parse(base, &oid);
	oid_add(&oid, (uint32_t)size);
	for (size_t i = 0; i < size; i++)
		oid_add(&oid, (uint8_t)model[i]);
	return oid;
}

static void add_host_device(struct mib *mib, const struct device *device, unsigned index,
			    const char *type, const char *id, int status)
{
	struct mib_row row = mib_row(mib, "1.3.6.1.2.1.25.3.2.1", 1, index);
	struct oid type_oid, id_oid = { 0 };
	char description[160];

	oid_parse(type, &type_oid);
	snprintf(description, sizeof(description), "%s %s", device->profile->maker,
		 device->profile->model);
	if (device->profile->epson)
		id_oid = model_oid(id, device->profile->model);
	else
		oid_parse("0.0", &id_oid);
	row_number(&row, 1, MIB_INTEGER, index);
	row_oid(&row, 2, &type_oid);
	row_text(&row, 3, description);
	row_oid(&row, 4, &id_oid);
	row_number(&row, 5, MIB_INTEGER, status);
	row_number(&row, 6, MIB_COUNTER, 0);
}

static void add_host(struct mib *mib, const struct device *device)
{
	const struct status *status = &device->last;
	const uint8_t errors[2] = { (uint8_t)(status->detected >> 8), (uint8_t)status->detected };

	mib_live(mib, "1.3.6.1.2.1.25.1.1.0", MIB_TICKS, MIB_UPTIME);
	mib_live(mib, "1.3.6.1.2.1.25.1.2.0", MIB_OCTETS, MIB_CLOCK);
	add_host_device(mib, device, 1, "1.3.6.1.2.1.25.3.1.5", "1.3.6.1.4.1.1248.1.2.1",
			status->device_status);
	if (device->profile->epson)
		add_host_device(mib, device, 2, "1.3.6.1.2.1.25.3.1.1", "1.3.6.1.4.1.1248.1.8.1",
				2);
	mib_number(mib, "1.3.6.1.2.1.25.3.5.1.1.1", MIB_INTEGER, status->printer_status);
	/* One octet as real devices send it, the second only when it says something. */
	mib_octets(mib, "1.3.6.1.2.1.25.3.5.1.2.1", errors, errors[1] ? 2 : 1);
}

void mib_add_system(struct mib *mib, const struct device *device)
{
	add_group(mib, device);
	add_interface(mib, device);
	add_addresses(mib, device);
	add_listeners(mib);
	add_host(mib, device);
}
