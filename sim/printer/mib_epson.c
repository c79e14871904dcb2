#include <stdio.h>

#include "base/cleanup.h"
#include "sim/printer/device.h"

/* Epson's private tree, enterprise 1248: the printer (1248.1.2.2) and its network card
 * (1248.1.1.3). What does not follow from the state stands in the profile's rows. */

#define EPSON "1.3.6.1.4.1.1248.1.2.2."
#define NIC   "1.3.6.1.4.1.1248.1.1.3.1."

static void add_identity(struct mib *mib, const struct device *device)
{
	struct mib_row row = mib_row(mib, EPSON "1.1.1", 1, 1u);

	row_live(&row, 1, MIB_OCTETS, MIB_DEVICE_ID);
	row_text(&row, 2, device->profile->model);
	row_text(&row, 3, device->profile->model);
	mib_live(mib, EPSON "1.1.1.4.1", MIB_OCTETS, MIB_STATUS);
	row_live(&row, 5, MIB_OCTETS, MIB_SERIAL);
}

static void add_firmware(struct mib *mib, const struct device *device)
{
	const struct firmware_model *firmware = &device->profile->firmware;
	const struct {
		const char *value, *name;
		uint8_t flags;
	} rows[] = {
		{ firmware->main, "Printer FW", 0x80 },
		{ NULL, "Serial No", 0x00 },
		{ firmware->network, "Network FW", 0x80 },
		{ firmware->package, "FW Package", 0xd0 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct mib_row row = mib_row(mib, EPSON "2.1.1", 2, 1u, (unsigned)i + 1);
		if (rows[i].value)
			row_text(&row, 2, rows[i].value);
		else
			row_live(&row, 2, MIB_OCTETS, MIB_SERIAL);
		row_text(&row, 3, rows[i].name);
		row_octets(&row, 5, &rows[i].flags, 1);
		row_number(&row, 11, MIB_INTEGER, 0);
	}
}

static int setting_number(const struct device *device, enum group group, const char *name)
{
	return (int)json_integer_value(json_object_get(device->settings[group], name));
}

static void add_settings(struct mib *mib, const struct device *device)
{
	static const int power_off[] = { 0, 30, 60, 120, 240, 480, 720 }; /* minutes to choose */
	struct mib_row row = mib_row(mib, EPSON "3.1.1", 1, 1u);

	row_number(&row, 9, MIB_INTEGER, setting_number(device, GROUP_PRINTER, "sleepMinutes"));
	mib_live(mib, EPSON "3.1.1.11.1", MIB_OCTETS, MIB_CLOCK);
	row_number(&row, 31, MIB_INTEGER, 0); /* minutes from UTC */
	for (size_t i = 0; i < COUNT_OF(power_off); i++) {
		struct mib_row choice = mib_row(mib, EPSON "3.6.1", 2, 1u, (unsigned)i + 1);
		row_number(&choice, 2, MIB_INTEGER, power_off[i]);
	}
}

static void add_counters(struct mib *mib, const struct device *device)
{
	enum { UNIT_MM = 14, UNIT_SQUARE_CM = 17 };
	const struct counters_model *counters = &device->counters;
	struct mib_row length = mib_row(mib, EPSON "27.5.1", 2, 1u, 1u);
	struct mib_row area = mib_row(mib, EPSON "27.5.1", 2, 1u, 2u);
	struct mib_row total = mib_row(mib, EPSON "27.4.1", 2, 1u, 1u);
	struct mib_row cutter = mib_row(mib, EPSON "25.1.1", 2, 1u, 1u);

	row_number(&total, 2, MIB_INTEGER, UNIT_MM);
	row_number(&total, 3, MIB_INTEGER, counters->length_mm);
	row_number(&length, 3, MIB_INTEGER, UNIT_MM);
	row_number(&length, 4, MIB_INTEGER, counters->length_mm);
	row_number(&area, 3, MIB_INTEGER, UNIT_SQUARE_CM);
	row_number(&area, 4, MIB_INTEGER, counters->square_cm);
	row_number(&cutter, 2, MIB_INTEGER, 11);
	row_text(&cutter, 3, "Trimmer");
	row_number(&cutter, 4, MIB_INTEGER, 4);
	row_number(&cutter, 5, MIB_INTEGER, counters->cuts);
	row_number(&cutter, 7, MIB_INTEGER, 1);
}

struct consumable {
	unsigned index;
	int kind, type, level, state;
	int64_t replaced, low;
	const char *name, *maker;
};

static void add_consumable(struct mib *mib, const struct consumable *part)
{
	struct mib_row row = mib_row(mib, EPSON "28.1.1", 2, 1u, part->index);
	row_number(&row, 2, MIB_INTEGER, part->level);
	row_number(&row, 3, MIB_INTEGER, part->replaced);
	row_number(&row, 6, MIB_INTEGER, part->kind);
	row_text(&row, 9, part->maker);
	row_number(&row, 21, MIB_INTEGER, part->type);
	row_number(&row, 24, MIB_INTEGER, part->index);
	row_number(&row, 25, MIB_INTEGER, part->state);

	struct mib_row usage = mib_row(mib, EPSON "50.1.1", 2, 1u, part->index);
	row_number(&usage, 2, MIB_INTEGER, part->type);
	row_text(&usage, 3, part->name);
	row_number(&usage, 4, MIB_INTEGER, part->low);
	row_number(&usage, 5, MIB_INTEGER, 100 - part->level);
	row_number(&usage, 6, MIB_INTEGER, part->replaced);
}

static void add_consumables(struct mib *mib, const struct device *device)
{
	enum { INK = 4, BOX = 2, INK_CARTRIDGE = 6, WASTE_INK = 8, OK = 1, LOW = 2 };
	const struct profile *profile = device->profile;

	for (size_t i = 0; i < profile->inks.count; i++) {
		const struct ink_model *model = profile_ink(profile, i);
		int level = ink_level(device, i);
		add_consumable(mib, &(struct consumable){ ink_row(profile, i), INK, INK_CARTRIDGE,
							  level, level <= model->low ? LOW : OK,
							  device->inks[i].replaced, model->low,
							  model->name, profile->maker });
	}
	for (size_t i = 0; i < profile->boxes.count; i++) {
		const struct box_model *model = profile_box(profile, i);
		int level = box_level(device, i);
		add_consumable(mib, &(struct consumable){ box_row(profile, i), BOX, WASTE_INK,
							  level, level <= model->low ? LOW : OK,
							  device->boxes[i].replaced, model->low,
							  model->name, "" });
	}
}

/* Channels count from the last slot to the first, as recorded. */
static void add_channels(struct mib *mib, const struct device *device)
{
	size_t count = device->profile->inks.count;
	for (size_t i = 0; i < count; i++) {
		size_t ink = count - 1 - i;
		const struct ink_model *model = profile_ink(device->profile, ink);
		struct mib_row row = mib_row(mib, EPSON "30.1.1", 2, 1u, (unsigned)i + 1);
		row_number(&row, 2, MIB_INTEGER, (int64_t)ink + 1);
		row_number(&row, 3, MIB_INTEGER, (int64_t)i + 1);
		row_text(&row, 4, model->words);
		row_number(&row, 5, MIB_INTEGER, model->rgb);
		row_number(&row, 18, MIB_INTEGER, model->code);
	}
}

static void add_card(struct mib *mib, const struct device *device)
{
	char bonjour[160];

	snprintf(bonjour, sizeof(bonjour), "%s %s", device->profile->maker, device->profile->model);
	mib_live(mib, NIC "1.1.0", MIB_OCTETS, MIB_CARD_NAME);
	mib_live(mib, NIC "1.5.0", MIB_OCTETS, MIB_MAC);
	mib_number(mib, NIC "1.22.0", MIB_ADDRESS, 0xc0a8c0a8);
	mib_number(mib, NIC "1.23.0", MIB_ADDRESS, 0xffffff00);
	mib_number(mib, NIC "1.24.0", MIB_ADDRESS, 0xffffffff);
	mib_live(mib, NIC "1.73.0", MIB_OCTETS, MIB_HOSTNAME);
	mib_live(mib, NIC "1.80.0", MIB_ADDRESS, MIB_OWN_ADDRESS);
	mib_number(mib, NIC "1.81.0", MIB_ADDRESS, device->profile->netmask);
	mib_live(mib, NIC "2.1.0", MIB_OCTETS, MIB_COMMUNITY);
	mib_text(mib, NIC "3.8.0", device->profile->model);
	mib_text(mib, NIC "14.4.1.2.1", bonjour);
	mib_live(mib, NIC "14.7.0", MIB_OCTETS, MIB_HOSTNAME);
}

static void add_components(struct mib *mib, const struct device *device)
{
	const struct firmware_model *firmware = &device->profile->firmware;
	const char *const rows[][2] = {
		{ firmware->main, "Main FW" },
		{ firmware->network, "Network FW" },
		{ firmware->package, "Firmware" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct mib_row row = mib_row(mib, NIC "21.1.1", 1, (unsigned)i + 1);
		row_text(&row, 2, rows[i][0]);
		row_text(&row, 3, rows[i][1]);
	}
}

void mib_add_epson(struct mib *mib, const struct device *device)
{
	add_identity(mib, device);
	add_firmware(mib, device);
	add_settings(mib, device);
	add_counters(mib, device);
	add_consumables(mib, device);
	add_channels(mib, device);
	add_card(mib, device);
	add_components(mib, device);
}
