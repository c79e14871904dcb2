/* What a printer is known by changes: its address, its board. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "sim/printer/action.h"
#include "sim/printer/device.h"
#include "sim/printer/fleet.h"
#include "sim/printer/identity.h"

enum { SERIAL_MAX = 32, MAC_DIGITS = 12 };

int action_address(struct device *device, const json_t *with, struct error *err)
{
	const char *text = json_text_of(with, "address", "");
	uint32_t address;

	if (!ipv4_parse(text, &address))
		return error_set(err, EINVAL, "found address '%s', expected one as 10.16.0.99",
				 text);
	return fleet_move(device, address, err);
}

static int read_mac(const char *text, uint8_t mac[6], struct error *err)
{
	size_t digits = 0;

	while (isxdigit((unsigned char)text[digits]))
		digits++;
	/* RFC 7042: the lowest bit of the first octet marks a group, which no card is. */
	if (digits != MAC_DIGITS || text[digits] || strchr("13579bdfBDF", text[1]))
		return error_set(err, EINVAL,
				 "found mac '%s', expected 12 hex digits of a single card", text);
	for (size_t i = 0; i < 6; i++) {
		const char pair[3] = { text[2 * i], text[2 * i + 1], '\0' };
		mac[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return 0;
}

static int set_serial(struct device *device, const char *serial, struct error *err)
{
	if (!*serial || strlen(serial) > SERIAL_MAX)
		return error_set(err, EINVAL, "found serial '%s', expected 1 to %d characters",
				 serial, SERIAL_MAX);
	identity_set_serial(device, serial);
	return 0;
}

/* The last digit becomes a letter: neighbours in a fleet are counted by digits. */
static void set_next_serial(struct device *device)
{
	AUTO_FREE char *serial = alloc_text(device->serial);
	char *last = serial + strlen(serial) - 1;
	int at = isdigit((unsigned char)*last)   ? *last - '0'
		 : isupper((unsigned char)*last) ? *last - 'A' + 10
						 : 0;

	*last = (char)('A' + at % 26);
	identity_set_serial(device, serial);
}

static void reset_counters(struct device *device)
{
	device->counters = (struct counters_model){ 0 };
	for (size_t i = 0; i < device->profile->inks.count; i++)
		device->inks[i].used = 0;
}

int action_board(struct device *device, const json_t *with, struct error *err)
{
	const char *serial = json_text_of(with, "serial", NULL);
	const char *mac_text = json_text_of(with, "mac", NULL);
	uint8_t mac[6];

	memcpy(mac, device->mac, sizeof(mac));
	mac[1]++; /* as cards follow from addresses, nobody else has it */
	int status = mac_text ? read_mac(mac_text, mac, err) : 0;
	if (status == 0 && serial)
		status = set_serial(device, serial, err);
	if (status < 0)
		return status;
	if (!serial)
		set_next_serial(device);
	identity_set_mac(device, mac);
	if (json_is_true(json_object_get(with, "counters")))
		reset_counters(device);
	history_add(device_log(device, LOG_MAINTENANCES),
		    &(struct record){ .time = device_clock(device), .kind = (char *)"Main Board" });
	if (device->on)
		return action_reboot(device, NULL, err);
	device_changed(device);
	return 0;
}
