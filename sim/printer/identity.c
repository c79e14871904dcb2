#include "sim/printer/identity.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sim/printer/device.h"
#include "sim/printer/usm.h"

static const char usual_community[] = "public";

/* One allocation for all texts: a device of a large fleet should be small. The usual community is
 * not among them: every request is compared with it. */
static void keep_texts(struct device *device, const char *name, const char *serial,
		       const char *community)
{
	size_t name_size = strlen(name) + 1, serial_size = strlen(serial) + 1;
	size_t own_size = community ? strlen(community) + 1 : 0;
	AUTO_FREE char *before = device->texts;

	device->texts = alloc_zero(1, name_size + serial_size + own_size);
	memcpy(device->texts, name, name_size);
	memcpy(device->texts + name_size, serial, serial_size);
	if (community)
		memcpy(device->texts + name_size + serial_size, community, own_size);
	device->name = device->texts;
	device->serial = device->texts + name_size;
	device->community = community ? device->serial + serial_size : usual_community;
	device->community_size = (uint32_t)strlen(device->community);
}

void identity_init(struct device *device, const struct device_options *options)
{
	uint32_t address = device->address;
	char serial[64];

	snprintf(serial, sizeof(serial), "%s%06X", device->profile->serial_prefix,
		 address & 0xffffff);
	keep_texts(device, options->name, options->serial ? options->serial : serial,
		   options->community);
	/* 02: locally administered, so no maker's range is used. */
	const uint8_t mac[6] = { 0x02,
				 0x00,
				 (uint8_t)(address >> 24),
				 (uint8_t)(address >> 16),
				 (uint8_t)(address >> 8),
				 (uint8_t)address };
	identity_set_mac(device, mac);
}

void identity_set_serial(struct device *device, const char *serial)
{
	keep_texts(device, device->name, serial,
		   device->community == usual_community ? NULL : device->community);
}

void identity_set_mac(struct device *device, const uint8_t mac[6])
{
	const struct profile *profile = device->profile;

	memcpy(device->mac, mac, sizeof(device->mac));
	/* RFC 3414, 2.6: keys are made for one engine, and it is named by the card. */
	usm_free(device->usm);
	device->usm = NULL;
	snprintf(device->hostname, sizeof(device->hostname), "%s%02X%02X%02X",
		 profile->epson ? "EPSON" : profile->serial_prefix, mac[3], mac[4], mac[5]);
}
