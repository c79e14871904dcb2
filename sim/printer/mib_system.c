#include <stdio.h>

#include "base/cleanup.h"
#include "sim/printer/device.h"

/* MIB-II (RFC 1213) and Host-Resources (RFC 2790): what follows from the device. What is the same
 * for a whole model, traffic counters and the like, stands in the profile's rows. */

static void add_group(struct mib *mib, const struct device *device)
{
	mib_text(mib, "1.3.6.1.2.1.1.1.0", device->profile->system_text);
	mib_live(mib, "1.3.6.1.2.1.1.3.0", MIB_TICKS, MIB_UPTIME);
	mib_text(mib, "1.3.6.1.2.1.1.4.0", "");
	mib_live(mib, "1.3.6.1.2.1.1.5.0", MIB_OCTETS, MIB_HOSTNAME);
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
	row_live(&row, 6, MIB_OCTETS, MIB_MAC);
	row_number(&row, 7, MIB_INTEGER, 1);
	row_number(&row, 8, MIB_INTEGER, 1);
	row_number(&row, 9, MIB_TICKS, 0);
}

/* Rows that an address is the index of. */
static struct mib_row address_row(struct mib *mib, const char *entry, uint32_t address)
{
	return mib_row(mib, entry, 4, address >> 24, address >> 16 & 255, address >> 8 & 255,
		       address & 255);
}

static void put_own(const struct mib_row *row, uint32_t column, enum mib_index index,
		    enum mib_live live)
{
	row_live(row, column, MIB_ADDRESS, live);
	mib_indexed(row->mib, index);
}

static void put_fixed(const struct mib_row *row, uint32_t column, enum mib_index index,
		      enum mib_type type, int64_t value)
{
	row_number(row, column, type, value);
	mib_indexed(row->mib, index);
}

static void add_addresses(struct mib *mib, const struct device *device)
{
	const uint32_t netmask = device->profile->netmask;
	const struct mib_row row = address_row(mib, "1.3.6.1.2.1.4.20.1", device->address);

	put_own(&row, 1, INDEX_OWN_ADDRESS, MIB_OWN_ADDRESS);
	put_fixed(&row, 2, INDEX_OWN_ADDRESS, MIB_INTEGER, 1);
	put_fixed(&row, 3, INDEX_OWN_ADDRESS, MIB_ADDRESS, netmask);
	put_fixed(&row, 4, INDEX_OWN_ADDRESS, MIB_INTEGER, 1);
	put_fixed(&row, 5, INDEX_OWN_ADDRESS, MIB_INTEGER, 65535);
}

static void add_routes(struct mib *mib, const struct device *device)
{
	enum { DIRECT = 3, INDIRECT = 4 };
	static const char entry[] = "1.3.6.1.2.1.4.21.1";
	const uint32_t netmask = device->profile->netmask;
	const struct mib_row other = address_row(mib, entry, 0);
	const struct mib_row own = address_row(mib, entry, device->address & netmask);

	row_number(&other, 1, MIB_ADDRESS, 0);
	row_number(&other, 2, MIB_INTEGER, 1);
	row_number(&other, 7, MIB_ADDRESS, device->profile->gateway);
	row_number(&other, 8, MIB_INTEGER, INDIRECT);
	row_number(&other, 11, MIB_ADDRESS, 0);
	put_own(&own, 1, INDEX_OWN_NETWORK, MIB_OWN_NETWORK);
	put_fixed(&own, 2, INDEX_OWN_NETWORK, MIB_INTEGER, 1);
	put_own(&own, 7, INDEX_OWN_NETWORK, MIB_OWN_ADDRESS);
	put_fixed(&own, 8, INDEX_OWN_NETWORK, MIB_INTEGER, DIRECT);
	put_fixed(&own, 11, INDEX_OWN_NETWORK, MIB_ADDRESS, netmask);
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
	const struct status *status = device->last;
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
	add_routes(mib, device);
	add_listeners(mib);
	add_host(mib, device);
}
