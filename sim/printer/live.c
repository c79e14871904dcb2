#include "sim/printer/live.h"

#include "base/cleanup.h"
#include "base/ipv4.h"
#include "sim/printer/device.h"
#include "sim/printer/enpc.h"
#include "sim/printer/st2.h"
#include "sim/printer/usm_answer.h"

static void put_mac_text(const struct device *device, struct buf *out)
{
	for (size_t i = 0; i < sizeof(device->mac); i++)
		buf_printf(out, "%02x", device->mac[i]);
}

static void put_octets(const struct device *device, enum mib_live live, struct buf *out)
{
	char address[IPV4_TEXT_MAX], name[ENPC_NAME_MAX];
	uint8_t date[DATE_AND_TIME_SIZE], engine[USM_ENGINE_SIZE];

	switch (live) {
	case MIB_CLOCK:
		device_date(device, date);
		buf_add(out, date, sizeof(date));
		break;
	case MIB_STATUS:
		st2_build(device, out);
		break;
	case MIB_HOSTNAME:
		buf_add_text(out, device->hostname);
		break;
	case MIB_SERIAL:
		buf_add_text(out, device->serial);
		break;
	case MIB_COMMUNITY:
		buf_add_text(out, device->community);
		break;
	case MIB_DEVICE_ID:
		device_id_write(device, out);
		break;
	case MIB_MAC:
		buf_add(out, device->mac, sizeof(device->mac));
		break;
	case MIB_MAC_TEXT:
		put_mac_text(device, out);
		break;
	case MIB_CARD_NAME:
		enpc_interface_name(device->mac, name);
		buf_add_text(out, name);
		break;
	case MIB_ADDRESS_TEXT:
		buf_add_text(out, ipv4_format(device->address, address));
		break;
	case MIB_LPR:
		buf_printf(out, "lpr://%s:515/PASSTHRU", ipv4_format(device->address, address));
		break;
	case MIB_IPP:
		buf_printf(out, "http://%s:631/ipp/print", ipv4_format(device->address, address));
		break;
	case MIB_ENGINE_ID:
		usm_engine_of(device, engine);
		buf_add(out, engine, sizeof(engine));
		break;
	case MIB_FIXED:
	case MIB_UPTIME:
	case MIB_ENGINE_BOOTS:
	case MIB_ENGINE_TIME:
	case MIB_V3_COUNT:
	case MIB_OWN_ADDRESS:
	case MIB_OWN_NETWORK:
		break;
	}
}

static int64_t read_number(const struct device *device, const struct mib_entry *entry)
{
	const enum mib_live live = (enum mib_live)entry->live;
	uint8_t engine[USM_ENGINE_SIZE];

	if (live == MIB_UPTIME) /* TimeTicks, RFC 2578: hundredths of a second */
		return (uint32_t)((loop_now(device->host->time) - device->on_since) / 10000000);
	if (live == MIB_ENGINE_BOOTS)
		return usm_engine_of(device, engine).boots;
	if (live == MIB_ENGINE_TIME)
		return usm_engine_of(device, engine).time;
	if (live == MIB_V3_COUNT)
		return device->usm ? device->usm->counts[entry->number] : 0;
	return device->address & (live == MIB_OWN_NETWORK ? device->profile->netmask : UINT32_MAX);
}

struct mib_entry live_read(const struct device *device, const struct mib_entry *entry,
			   struct buf *scratch)
{
	struct mib_entry read = *entry;

	read.live = MIB_FIXED;
	if (entry->live == MIB_FIXED)
		return read;
	if (entry->type != MIB_OCTETS) {
		read.number = read_number(device, entry);
		return read;
	}
	buf_clear(scratch);
	put_octets(device, (enum mib_live)entry->live, scratch);
	read.bytes = scratch->data;
	read.size = (uint32_t)scratch->size;
	return read;
}
