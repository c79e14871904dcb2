#include "sim/printer/frozen.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sim/printer/device.h"
#include "sim/printer/enpc.h"
#include "sim/printer/walk_value.h"

#define EPSON "1.3.6.1.4.1.1248.1.2.2."
#define NIC   "1.3.6.1.4.1.1248.1.1.3.1."
#define PRT   "1.3.6.1.2.1.43."
#define PWG   "1.3.6.1.4.1.2699.1.2.1."

/* These three are found by what stands beside them, as printers number their rows differently. */
#define FIRMWARE_VALUE EPSON "2.1.1.2"
#define FIRMWARE_NAME  EPSON "2.1.1.3"
#define TOTAL_UNIT     EPSON "27.4.1.2"
#define TOTAL_VALUE    EPSON "27.4.1.3"
#define COUNTER_UNIT   EPSON "27.5.1.3"
#define COUNTER_VALUE  EPSON "27.5.1.4"

const struct frozen_owned frozen_owned[] = {
	{ "1.3.6.1.2.1.1.3", false, "sysUpTime" },
	{ "1.3.6.1.2.1.1.5", false, "sysName" },
	{ "1.3.6.1.2.1.2.2.1.6", false, "ifPhysAddress" },
	{ "1.3.6.1.2.1.4.20", true, "ipAddrTable" },
	{ "1.3.6.1.2.1.4.21", true, "ipRouteTable" },
	{ "1.3.6.1.2.1.11.6", false, "snmpInASNParseErrs" },
	{ "1.3.6.1.2.1.25.1.1", false, "hrSystemUptime" },
	{ "1.3.6.1.2.1.25.1.2", false, "hrSystemDate" },
	{ "1.3.6.1.2.1.25.3.2.1.5", false, "hrDeviceStatus" },
	{ "1.3.6.1.2.1.25.3.5.1.1", false, "hrPrinterStatus" },
	{ "1.3.6.1.2.1.25.3.5.1.2", false, "hrPrinterDetectedErrorState" },
	{ PRT "5.1.1.17", false, "prtGeneralSerialNumber" },
	{ PRT "6.1.1.3", false, "prtCoverStatus" },
	{ PRT "8.2.1.11", false, "prtInputStatus" },
	{ PRT "10.2.1.4", false, "prtMarkerLifeCount" },
	{ PRT "10.2.1.5", false, "prtMarkerPowerOnCount" },
	{ PRT "11.1.1.7", false, "prtMarkerSuppliesSupplyUnit: the level is in percent" },
	{ PRT "11.1.1.8", false, "prtMarkerSuppliesMaxCapacity: 100" },
	{ PRT "11.1.1.9", false, "prtMarkerSuppliesLevel" },
	{ PRT "18.1", true, "prtAlertTable" },
	{ PWG "2.1.1.3", false, "ppmPrinterIEEE1284DeviceId" },
	{ PWG "2.1.1.7", false, "ppmPrinterSnmpCommunityName" },
	{ NIC "1.1", false, "name of the network interface" },
	{ NIC "1.5", false, "its MAC address" },
	{ NIC "1.73", false, "host name" },
	{ NIC "1.80", false, "IP address" },
	{ NIC "1.81", false, "netmask" },
	{ NIC "2.1", false, "community" },
	{ NIC "14.7", false, "Bonjour host name" },
	{ EPSON "1.1.1.1", false, "device id" },
	{ EPSON "1.1.1.4", false, "status block" },
	{ EPSON "1.1.1.5", false, "serial number" },
	{ FIRMWARE_VALUE, false, "of the row that is named Serial No, nothing else" },
	{ EPSON "3.1.1.9", false, "sleep timer" },
	{ EPSON "3.1.1.11", false, "clock" },
	{ EPSON "3.1.1.31", false, "minutes from UTC" },
	{ EPSON "25.1.1.5", false, "cuts" },
	{ TOTAL_VALUE, false, "printed length and area, by the unit beside it" },
	{ COUNTER_VALUE, false, "printed length and area, by the unit beside it" },
	{ EPSON "28.1.1.2", false, "consumables: remaining" },
	{ EPSON "28.1.1.3", false, "consumables: times installed" },
	{ EPSON "28.1.1.25", false, "consumables: state" },
	{ EPSON "50.1.1.6", false, "consumables: times installed" },
	{ "1.3.6.1.4.1.32473.1", true, "the branch of docs/printer-extension.md" },
	{ "1.3.6.1.6.3.10.2.1", true, "snmpEngine: of the printer as it speaks SNMPv3 here" },
	{ "1.3.6.1.6.3.11.2.1", true, "snmpMPDStats" },
	{ "1.3.6.1.6.3.12.1", true, "snmpTargetObjects" },
	{ "1.3.6.1.6.3.15.1.1", true, "usmStats" },
	{ NULL },
};

/* The table parsed once: it is asked for every row of every printer. */
static const struct oid *owned_oids(void)
{
	static struct oid oids[COUNT_OF(frozen_owned)];
	if (!oids[0].count)
		for (size_t i = 0; frozen_owned[i].oid; i++)
			oid_parse(frozen_owned[i].oid, &oids[i]);
	return oids;
}

static const struct frozen_owned *owner(const uint32_t *oid, size_t count)
{
	const struct oid *oids = owned_oids();
	for (size_t i = 0; frozen_owned[i].oid; i++)
		if (oid_below(oid, count, &oids[i]))
			return &frozen_owned[i];
	return NULL;
}

bool frozen_owns(const uint32_t *oid, size_t count)
{
	return owner(oid, count) != NULL;
}

/* ---- the recorded part ---- */

static bool is_not_of_a_table(struct mib_entry *entry, const void *arg)
{
	(void)arg;
	const struct frozen_owned *owned = owner(entry->oid, entry->oid_count);
	return !owned || !owned->table;
}

struct mib *frozen_rest(const struct mib *recorded)
{
	struct mib *rest = mib_new();
	mib_finish(rest, recorded);
	mib_filter(rest, is_not_of_a_table, NULL);
	return rest;
}

/* ---- the live part ---- */

static bool is_number(uint8_t type)
{
	return type == MIB_INTEGER || type == MIB_COUNTER || type == MIB_GAUGE;
}

static bool is_live(struct mib_entry *entry, const void *arg)
{
	const struct mib *recorded = arg;
	const struct frozen_owned *owned = owner(entry->oid, entry->oid_count);

	if (!owned)
		return false;
	if (owned->table)
		return true;
	const struct mib_entry *cell = mib_find(recorded, entry->oid, entry->oid_count);
	if (!cell || !strcmp(owned->oid, FIRMWARE_VALUE) || !strcmp(owned->oid, TOTAL_VALUE) ||
	    !strcmp(owned->oid, COUNTER_VALUE))
		return false;
	if (is_number(entry->type) && is_number(cell->type))
		entry->type = cell->type; /* an agent sees the types of the real printer */
	return true;
}

/* The OID below `column` with the index that entry has below its own column. */
static bool beside(const struct mib_entry *entry, const char *own, const char *column,
		   struct oid *oid)
{
	struct oid top;

	oid_parse(own, &top);
	if (!oid_below(entry->oid, entry->oid_count, &top))
		return false;
	oid_parse(column, oid);
	for (size_t i = top.count; i < entry->oid_count; i++)
		oid_add(oid, entry->oid[i]);
	return true;
}

static void put_serial(struct mib *mib, const struct device *device, const struct mib_entry *name)
{
	static const char serial[] = "Serial No";
	const struct mib *recorded = device->profile->common;
	struct oid oid;

	if (beside(name, FIRMWARE_NAME, FIRMWARE_VALUE, &oid) && name->size == strlen(serial) &&
	    !memcmp(name->bytes, serial, name->size) && mib_find(recorded, oid.id, oid.count)) {
		mib_put(mib, &oid, 2, MIB_OCTETS, 0, NULL, 0);
		mib_computed(mib, MIB_SERIAL);
	}
}

static void put_counter(struct mib *mib, const struct device *device, const struct mib_entry *unit)
{
	enum { UNIT_MM = 14, UNIT_SQUARE_CM = 17 };
	const struct mib_entry *cell;
	struct oid oid;

	if (!beside(unit, TOTAL_UNIT, TOTAL_VALUE, &oid) &&
	    !beside(unit, COUNTER_UNIT, COUNTER_VALUE, &oid))
		return;
	cell = mib_find(device->profile->common, oid.id, oid.count);
	if (!cell || (unit->number != UNIT_MM && unit->number != UNIT_SQUARE_CM))
		return;
	mib_put(mib, &oid, 2, (enum mib_type)cell->type,
		unit->number == UNIT_MM ? device->counters.length_mm : device->counters.square_cm,
		NULL, 0);
}

void frozen_overlay(struct mib *mib, const struct device *device)
{
	const struct mib *recorded = device->profile->common;

	mib_filter(mib, is_live, recorded);
	for (size_t i = 0; i < mib_count(recorded); i++) {
		put_serial(mib, device, mib_entry(recorded, i));
		put_counter(mib, device, mib_entry(recorded, i));
	}
	mib_finish(mib, device->profile->rest);
}

/* ---- ENPC ---- */

bool frozen_enpc(const struct device *device, const struct enpc_request *request,
		 struct buf *payload)
{
	const struct form_list *replies = &device->profile->enpc;
	char function[16];

	snprintf(function, sizeof(function), "%02X-%04X", request->type, request->function);
	if (request->letter != 'Q')
		return false;
	for (size_t i = 0; i < replies->count; i++) {
		const struct enpc_model *reply = (struct enpc_model *)replies->items + i;
		if (strcmp(reply->function, function) != 0)
			continue;
		const struct piece text = { reply->payload, strlen(reply->payload) };
		return piece_hex(text, payload);
	}
	return false;
}
