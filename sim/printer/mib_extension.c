#include <string.h>

#include "base/cleanup.h"
#include "sim/printer/device.h"

/* The branch of docs/printer-extension.md: all of it synthetic, no real device has it. */

#define EXT "1.3.6.1.4.1.32473.1."

static void add_scalars(struct mib *mib, const struct device *device)
{
	mib_text(mib, EXT "1.1.0", device->profile->region);
	mib_text(mib, EXT "1.2.0", device->profile->country);
	mib_number(mib, EXT "1.3.0", MIB_COUNTER, device->counters.printing_seconds);
	mib_number(mib, EXT "1.4.0", MIB_COUNTER, device->counters.square_cm);
	mib_number(mib, EXT "1.5.0", MIB_INTEGER, device->profile->self_diagnosis ? 1 : 2);
}

/* Settings that follow from what makes this printer another than the next. */
static enum mib_live live_setting(enum group group, const char *name)
{
	static const struct {
		const char *name;
		enum mib_live live;
	} settings[] = {
		{ "address", MIB_ADDRESS_TEXT },
		{ "mac", MIB_MAC_TEXT },
		{ "hostname", MIB_HOSTNAME },
	};
	for (size_t i = 0; group == GROUP_NETWORK && i < COUNT_OF(settings); i++)
		if (!strcmp(settings[i].name, name))
			return settings[i].live;
	return MIB_FIXED;
}

static void add_group(struct mib *mib, const struct device *device, enum group group)
{
	json_t *settings = device_settings(device, group);
	unsigned n = 0;
	const char *name;
	json_t *value;

	json_object_foreach (settings, name, value) {
		struct mib_row row = mib_row(mib, EXT "2", 1, ++n);
		oid_add(&row.entry, (uint32_t)group + 1);
		oid_add(&row.entry, 1);
		row_text(&row, 1, name);
		if (live_setting(group, name))
			row_live(&row, 2, MIB_OCTETS, live_setting(group, name));
		else if (json_is_integer(value))
			row_number(&row, 2, MIB_INTEGER, json_integer_value(value));
		else
			row_octets(&row, 2, json_string_value(value), json_string_length(value));
	}
	json_decref(settings);
}

static void row_time(const struct mib_row *row, uint32_t column, int64_t ns)
{
	json_t *time = device_time(ns);
	row_text(row, column, json_string_value(time));
	json_decref(time);
}

static void fill_event(const struct mib_row *row, const struct record *record)
{
	row_text(row, 3, record->kind);
	row_text(row, 4, record->code);
}

static void fill_care(const struct mib_row *row, const struct record *record)
{
	row_text(row, 3, record->kind);
}

static void fill_job(const struct mib_row *row, const struct record *record)
{
	row_time(row, 3, record->ended);
	row_number(row, 4, MIB_INTEGER, record->length_mm);
	row_number(row, 5, MIB_INTEGER, record->square_cm);
	row_number(row, 6, MIB_INTEGER, record->microlitres);
	row_text(row, 7, record->kind);
	row_text(row, 8, record->document);
	row_text(row, 9, record->owner);
}

static void add_log(struct mib *mib, const struct device *device, enum log log)
{
	static const struct {
		const char *entry;
		void (*fill)(const struct mib_row *row, const struct record *record);
	} tables[LOGS] = {
		[LOG_EVENTS] = { EXT "3.1.1", fill_event },
		[LOG_CLEANINGS] = { EXT "3.2.1", fill_care },
		[LOG_MAINTENANCES] = { EXT "3.3.1", fill_care },
		[LOG_JOBS] = { EXT "3.4.1", fill_job },
	};
	const struct history *history = &device->logs[log];

	for (size_t i = 0; i < history->count; i++) {
		struct mib_row row = mib_row(mib, tables[log].entry, 1, (unsigned)i + 1);
		row_number(&row, 1, MIB_INTEGER, history->rows[i].number);
		row_time(&row, 2, history->rows[i].time);
		tables[log].fill(&row, &history->rows[i]);
	}
}

static void add_ink_usage(struct mib *mib, const struct device *device)
{
	for (size_t i = 0; i < device->profile->inks.count; i++) {
		struct mib_row row = mib_row(mib, EXT "4.1", 1, (unsigned)i + 1);
		row_text(&row, 1, profile_ink(device->profile, i)->color);
		row_number(&row, 2, MIB_COUNTER, device->inks[i].used);
	}
}

void mib_add_extension(struct mib *mib, const struct device *device)
{
	add_scalars(mib, device);
	for (int group = 0; group < GROUPS; group++)
		add_group(mib, device, (enum group)group);
	for (int log = 0; log < LOGS; log++)
		add_log(mib, device, (enum log)log);
	add_ink_usage(mib, device);
}
