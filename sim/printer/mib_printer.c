#include <stdio.h>

#include "base/cleanup.h"
#include "sim/printer/device.h"

/* Printer-MIB (RFC 3805) and the PWG port monitor MIB. The printer is hrDevice 1. */

#define PRT "1.3.6.1.2.1.43."

static const char *text_at(const struct form_list *texts, size_t i)
{
	return ((char *const *)texts->items)[i];
}

static void add_general(struct mib *mib, const struct device *device)
{
	struct mib_row row = mib_row(mib, PRT "5.1.1", 1, 1u);
	static const int defaults[] = { 1, 1, 1, 1, 1, 0, 0, 3, 5, 5 }; /* columns 6 to 15 */

	row_number(&row, 1, MIB_COUNTER, device->last_alert_index);
	row_number(&row, 2, MIB_INTEGER, 1);
	row_number(&row, 3, MIB_INTEGER, 3); /* notResetting */
	row_text(&row, 4, "");
	row_text(&row, 5, "");
	row_numbers(&row, 6, defaults, COUNT_OF(defaults));
	row_text(&row, 16, device->profile->model);
	row_live(&row, 17, MIB_OCTETS, MIB_SERIAL);
	row_number(&row, 18, MIB_COUNTER, 0);
	row_number(&row, 19, MIB_COUNTER, 0);
}

static void add_covers(struct mib *mib, const struct device *device)
{
	enum { COVER_OPEN = 3, COVER_CLOSED = 4 };
	const struct form_list *covers = &device->profile->covers;

	for (size_t i = 0; i < covers->count; i++) {
		struct mib_row row = mib_row(mib, PRT "6.1.1", 2, 1u, (unsigned)i + 1);
		bool open = device->covers_open >> i & 1;
		row_text(&row, 2, text_at(covers, i));
		row_number(&row, 3, MIB_INTEGER, open ? COVER_OPEN : COVER_CLOSED);
	}
}

/* Columns 2 to 11 of prtInput; -1 other, -2 unknown. Status 19 = unavailable + critical alert: an
 * empty feeder. */
static void add_inputs(struct mib *mib, const struct device *device)
{
	static const int shapes[][10] = {
		[INPUT_ROLL] = { 6, 4, -1, -2, -1, -2, 4, -2, -2, 0 },
		[INPUT_MANUAL] = { 5, 4, -2, -2, -2, -2, 8, -2, -2, 19 },
	};
	static const uint32_t texts[] = { 12, 14, 15, 16, 17, 18, 21, 22 };
	const struct input_model *inputs = device->profile->inputs.items;

	for (size_t i = 0; i < device->profile->inputs.count; i++) {
		struct mib_row row = mib_row(mib, PRT "8.2.1", 2, 1u, (unsigned)i + 1);
		bool empty = inputs[i].type == INPUT_ROLL && device->paper_out;
		row_numbers(&row, 2, shapes[inputs[i].type], 9);
		row_number(&row, 11, MIB_INTEGER, empty ? 19 : shapes[inputs[i].type][9]);
		row_text(&row, 13, inputs[i].name);
		row_number(&row, 19, MIB_INTEGER, 5);
		row_number(&row, 20, MIB_INTEGER, -2);
		row_number(&row, 23, MIB_INTEGER, -2);
		for (size_t j = 0; j < COUNT_OF(texts); j++)
			row_text(&row, texts[j], "");
	}
}

static void add_marker(struct mib *mib, const struct device *device)
{
	struct mib_row row = mib_row(mib, PRT "10.2.1", 2, 1u, 1u);
	static const int dimensions[] = { 0, 3, 1200, 2400, 1181, 7874, 0, 0, 0 };

	row_number(&row, 2, MIB_INTEGER, 12); /* inkjetAqueous */
	row_number(&row, 3, MIB_INTEGER, 8);  /* sheets */
	row_number(&row, 4, MIB_COUNTER, device->counters.sheets);
	row_number(&row, 5, MIB_COUNTER, device->counters.sheets_since_on);
	row_number(&row, 6, MIB_INTEGER, (int64_t)device->profile->inks.count);
	row_numbers(&row, 7, dimensions, COUNT_OF(dimensions));
}

struct supply {
	unsigned index;
	int colorant, class, type;
	const char *name;
	int level;
};

static void add_supply(struct mib *mib, const struct supply *supply)
{
	struct mib_row row = mib_row(mib, PRT "11.1.1", 2, 1u, supply->index);
	row_number(&row, 2, MIB_INTEGER, 1);
	row_number(&row, 3, MIB_INTEGER, supply->colorant);
	row_number(&row, 4, MIB_INTEGER, supply->class);
	row_number(&row, 5, MIB_INTEGER, supply->type);
	row_text(&row, 6, supply->name);
	row_number(&row, 7, MIB_INTEGER, 1); /* unit: other; the maximum is 100, so percent */
	row_number(&row, 8, MIB_INTEGER, 100);
	row_number(&row, 9, MIB_INTEGER, supply->level);
}

/* The colorant rows stand in the opposite order of the slots, as recorded. */
static unsigned colorant_row(const struct profile *profile, size_t ink)
{
	return (unsigned)(profile->inks.count - ink);
}

static void add_supplies(struct mib *mib, const struct device *device)
{
	enum { CONSUMED = 3, RECEPTACLE = 4, INK_CARTRIDGE = 6, WASTE_INK = 8 };
	const struct profile *profile = device->profile;

	for (size_t i = 0; i < profile->inks.count; i++)
		add_supply(mib,
			   &(struct supply){ ink_row(profile, i), (int)colorant_row(profile, i),
					     CONSUMED, INK_CARTRIDGE, profile_ink(profile, i)->name,
					     ink_level(device, i) });
	for (size_t i = 0; i < profile->boxes.count; i++)
		add_supply(mib,
			   &(struct supply){ box_row(profile, i), 0, RECEPTACLE, WASTE_INK,
					     profile_box(profile, i)->name, box_level(device, i) });
}

static void add_colorants(struct mib *mib, const struct device *device)
{
	for (size_t i = 0; i < device->profile->inks.count; i++) {
		struct mib_row row =
			mib_row(mib, PRT "12.1.1", 2, 1u, colorant_row(device->profile, i));
		char words[40];
		snprintf(words, sizeof(words), "%s", profile_ink(device->profile, i)->words);
		for (char *c = words; *c; c++)
			*c |= *c >= 'A' && *c <= 'Z' ? 0x20 : 0;
		row_number(&row, 2, MIB_INTEGER, 1);
		row_number(&row, 3, MIB_INTEGER, 3); /* process */
		row_text(&row, 4, words);
		row_number(&row, 5, MIB_INTEGER, 2);
	}
}

static void add_alerts(struct mib *mib, const struct device *device)
{
	for (size_t i = 0; i < device->last->alert_count; i++) {
		const struct alert *alert = &device->last->alerts[i];
		struct mib_row row = mib_row(mib, PRT "18.1.1", 2, 1u, alert->index);
		row_number(&row, 2, MIB_INTEGER, alert->severity);
		row_number(&row, 3, MIB_INTEGER, alert->severity == 1 ? 1 : 3); /* untrained */
		row_number(&row, 4, MIB_INTEGER, alert->group);
		row_number(&row, 5, MIB_INTEGER, alert->group_index);
		row_number(&row, 6, MIB_INTEGER, -2);
		row_number(&row, 7, MIB_INTEGER, alert->code);
		row_text(&row, 8, alert->text);
	}
}

static void add_port(struct mib *mib, const struct device *device, unsigned index, const char *name,
		     enum mib_live uri, int protocol, int port)
{
	struct mib_row row = mib_row(mib, "1.3.6.1.4.1.2699.1.2.1.3.1.1", 2, 1u, index);
	char text[160];

	snprintf(text, sizeof(text), "%s-%s", device->profile->model, name);
	row_number(&row, 2, MIB_INTEGER, 1);
	row_text(&row, 3, text);
	row_live(&row, 4, MIB_OCTETS, uri);
	row_number(&row, 5, MIB_INTEGER, protocol);
	row_number(&row, 6, MIB_INTEGER, port);
	row_number(&row, 7, MIB_INTEGER, 1);
	row_number(&row, 8, MIB_INTEGER, 0);
	row_number(&row, 9, MIB_INTEGER, 2);
}

/* PWG 5107.1. */
static void add_port_monitor(struct mib *mib, const struct device *device)
{
	struct mib_row row = mib_row(mib, "1.3.6.1.4.1.2699.1.2.1.2.1.1", 1, 1u);

	mib_text(mib, "1.3.6.1.4.1.2699.1.2.1.1.1.0", "en-US");
	mib_number(mib, "1.3.6.1.4.1.2699.1.2.1.1.2.0", MIB_GAUGE, 1);
	mib_number(mib, "1.3.6.1.4.1.2699.1.2.1.1.3.0", MIB_GAUGE, 3);
	row_text(&row, 2, device->profile->model);
	row_live(&row, 3, MIB_OCTETS, MIB_DEVICE_ID);
	row_number(&row, 4, MIB_GAUGE, 3);
	row_number(&row, 5, MIB_INTEGER, 2);
	row_number(&row, 6, MIB_INTEGER, 1);
	row_live(&row, 7, MIB_OCTETS, MIB_COMMUNITY);
	row_number(&row, 8, MIB_INTEGER, 1);
	add_port(mib, device, 1, "LPR", MIB_LPR, 8, 515);
	add_port(mib, device, 2, "RAW", MIB_FIXED, 11, 9100);
	add_port(mib, device, 3, "IPP", MIB_IPP, 44, 631);
}

void mib_add_printer(struct mib *mib, const struct device *device)
{
	add_general(mib, device);
	add_covers(mib, device);
	add_inputs(mib, device);
	add_marker(mib, device);
	add_supplies(mib, device);
	add_colorants(mib, device);
	add_alerts(mib, device);
	add_port_monitor(mib, device);
}
