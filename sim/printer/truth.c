#include "sim/printer/truth.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "sim/printer/device.h"

static json_t *codes(const struct device *device)
{
	const struct status *status = device->last;
	json_t *list = json_array();
	if (status->code == STATUS_ERROR)
		json_array_append_new(list, json_sprintf("E%02X", status->error));
	for (size_t i = 0; i < status->warning_count; i++)
		json_array_append_new(list, json_sprintf("W%02X", status->warnings[i]));
	return list;
}

static json_t *consumables(const struct device *device)
{
	const struct profile *profile = device->profile;
	json_t *rows = json_array();

	for (size_t i = 0; i < profile->inks.count; i++) {
		const struct ink_model *model = profile_ink(profile, i);
		json_array_append_new(rows, json_pack("{s:s,s:s,s:s,s:i,s:I}", "name", model->name,
						      "kind", "ink", "color", model->color, "level",
						      ink_level(device, i), "replaced",
						      (json_int_t)device->inks[i].replaced));
	}
	for (size_t i = 0; i < profile->boxes.count; i++)
		json_array_append_new(rows, json_pack("{s:s,s:s,s:i,s:I}", "name",
						      profile_box(profile, i)->name, "kind", "box",
						      "level", box_level(device, i), "replaced",
						      (json_int_t)device->boxes[i].replaced));
	return rows;
}

static json_t *ink_usage(const struct device *device)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < device->profile->inks.count; i++)
		json_array_append_new(rows,
				      json_pack("{s:s,s:I}", "color",
						profile_ink(device->profile, i)->color,
						"microlitres", (json_int_t)device->inks[i].used));
	return rows;
}

static json_t *event_row(const struct record *record)
{
	return json_pack("{s:I,s:o,s:s,s:s}", "number", (json_int_t)record->number, "time",
			 device_time(record->time), "kind", record->kind, "code", record->code);
}

static json_t *cleaning_row(const struct record *record)
{
	return json_pack("{s:I,s:o,s:s}", "number", (json_int_t)record->number, "time",
			 device_time(record->time), "kind", record->kind);
}

static json_t *maintenance_row(const struct record *record)
{
	return json_pack("{s:I,s:o,s:s}", "number", (json_int_t)record->number, "time",
			 device_time(record->time), "part", record->kind);
}

/* COL-7: document and owner are print data; the truth about D23 does not contain them. */
static json_t *job_row(const struct record *record)
{
	return json_pack("{s:I,s:o,s:o,s:I,s:I,s:I,s:s}", "number", (json_int_t)record->number,
			 "started", device_time(record->time), "ended", device_time(record->ended),
			 "lengthMm", (json_int_t)record->length_mm, "squareCm",
			 (json_int_t)record->square_cm, "microlitres",
			 (json_int_t)record->microlitres, "result", record->kind);
}

/* ---- the items, as a table ---- */

enum shown_by { BY_ALL, BY_EPSON, BY_EXTENSION };

typedef json_t *make_value(const struct device *device);
typedef json_t *make_row(const struct record *record);

/* An item is a value, or rows of a log. What only the extension shows, a printer without it does
 * not have. */
struct item {
	const char *id;
	enum shown_by by;
	make_value *value;
	make_row *row; /* NULL: a value */
	enum log log;
};

static json_t *maker(const struct device *device)
{
	return json_string(device->profile->maker);
}

static json_t *model(const struct device *device)
{
	return json_string(device->profile->model);
}

static json_t *serial(const struct device *device)
{
	return json_string(device->serial);
}

static json_t *region(const struct device *device)
{
	return json_string(device->profile->region);
}

static json_t *country(const struct device *device)
{
	return json_string(device->profile->country);
}

static json_t *firmware(const struct device *device)
{
	return json_string(device->profile->firmware.package);
}

static json_t *status(const struct device *device)
{
	return json_string(status_word(device->last->code));
}

static json_t *panel_settings(const struct device *device)
{
	return device_settings(device, GROUP_PANEL);
}

static json_t *printer_settings(const struct device *device)
{
	return device_settings(device, GROUP_PRINTER);
}

static json_t *maintenance_settings(const struct device *device)
{
	return device_settings(device, GROUP_MAINTENANCE);
}

static json_t *media_settings(const struct device *device)
{
	return device_settings(device, GROUP_MEDIA);
}

static json_t *network_settings(const struct device *device)
{
	return device_settings(device, GROUP_NETWORK);
}

static json_t *printing_seconds(const struct device *device)
{
	return json_integer(device->counters.printing_seconds);
}

static json_t *printed_area(const struct device *device)
{
	return json_integer(device->counters.square_cm);
}

static const struct item items[] = {
	{ "D01", BY_ALL, maker, NULL, 0 },
	{ "D02", BY_ALL, model, NULL, 0 },
	{ "D03", BY_ALL, serial, NULL, 0 },
	{ "D04", BY_EXTENSION, region, NULL, 0 },
	{ "D05", BY_EXTENSION, country, NULL, 0 },
	{ "D08", BY_EPSON, firmware, NULL, 0 },
	{ "D09", BY_ALL, status, NULL, 0 },
	{ "D10", BY_EPSON, codes, NULL, 0 },
	{ "D11", BY_EXTENSION, NULL, event_row, LOG_EVENTS },
	{ "D12", BY_EXTENSION, panel_settings, NULL, 0 },
	{ "D13", BY_EXTENSION, printer_settings, NULL, 0 },
	{ "D14", BY_EXTENSION, maintenance_settings, NULL, 0 },
	{ "D15", BY_EXTENSION, media_settings, NULL, 0 },
	{ "D16", BY_EXTENSION, network_settings, NULL, 0 },
	{ "D17", BY_ALL, consumables, NULL, 0 },
	{ "D18", BY_EXTENSION, NULL, cleaning_row, LOG_CLEANINGS },
	{ "D19", BY_EXTENSION, NULL, maintenance_row, LOG_MAINTENANCES },
	{ "D20", BY_EXTENSION, ink_usage, NULL, 0 },
	{ "D21", BY_EXTENSION, printing_seconds, NULL, 0 },
	{ "D22", BY_EPSON, printed_area, NULL, 0 },
	{ "D23", BY_EXTENSION, NULL, job_row, LOG_JOBS },
};

static bool has_item(const struct device *device, const struct item *item)
{
	switch (item->by) {
	case BY_ALL:
		return true;
	case BY_EPSON:
		return device->profile->epson;
	case BY_EXTENSION:
		return device->profile->extension;
	}
	return false;
}

/* The rows of a log with a number above after. */
static json_t *rows(const struct history *history, make_row *row, int64_t after)
{
	json_t *list = json_array();
	for (size_t i = 0; i < history->count; i++)
		if (history->rows[i].number > after)
			json_array_append_new(list, row(&history->rows[i]));
	return list;
}

json_t *truth_items(const struct device *device)
{
	json_t *object = json_object();

	for (size_t i = 0; i < COUNT_OF(items); i++) {
		const struct item *item = &items[i];
		if (has_item(device, item))
			json_object_set_new(object, item->id,
					    item->row ? rows(&device->logs[item->log], item->row, 0)
						      : item->value(device));
	}
	return object;
}

static json_t *identity(const struct device *device)
{
	char address[IPV4_TEXT_MAX];

	return json_pack("{s:s,s:s,s:I}", "address", ipv4_format(device->address, address),
			 "serial", device->serial, "clockOffsetMs",
			 (json_int_t)device->clock_offset_ms);
}

static json_t *named(const struct device *device, json_t *who, json_t *what)
{
	json_t *truth = json_pack("{s:s}", "device", device->name);
	json_object_update(truth, who);
	json_object_set_new(truth, "items", what);
	json_decref(who);
	return truth;
}

json_t *truth_of(struct device *device)
{
	return named(device, identity(device), truth_items(device));
}

/* ---- only what is new ---- */

struct told {
	json_t *identity, *values[COUNT_OF(items)];
	int64_t numbers[LOGS];
};

void told_free(struct told *told)
{
	if (!told)
		return;
	json_decref(told->identity);
	for (size_t i = 0; i < COUNT_OF(items); i++)
		json_decref(told->values[i]);
	free(told);
}

/* Keeps what is said now, takes over value; NULL: that was said before. */
static json_t *unless_told(json_t **before, json_t *value)
{
	if (json_equal(*before, value)) {
		json_decref(value);
		return NULL;
	}
	json_decref(*before);
	*before = value;
	return json_incref(value);
}

static json_t *new_rows(const struct device *device, const struct item *item)
{
	const struct history *history = &device->logs[item->log];
	int64_t *number = &device->told->numbers[item->log];

	if (history->last_number == *number)
		return NULL;
	json_t *list = rows(history, item->row, *number);
	*number = history->last_number;
	return list;
}

static json_t *new_items(const struct device *device)
{
	json_t *object = json_object();

	for (size_t i = 0; i < COUNT_OF(items); i++) {
		const struct item *item = &items[i];
		if (!has_item(device, item))
			continue;
		json_t *now = item->row
				      ? new_rows(device, item)
				      : unless_told(&device->told->values[i], item->value(device));
		if (now)
			json_object_set_new(object, item->id, now);
	}
	return object;
}

static void tell_changes(struct device *device)
{
	if (!device->told)
		device->told = alloc_zero(1, sizeof(*device->told));
	json_t *who = unless_told(&device->told->identity, identity(device));
	json_t *what = new_items(device);
	if (who || json_object_size(what))
		tap_seen(device->host->truth, "truth", named(device, who, what));
	else
		json_decref(what);
}

void truth_tell(struct device *device)
{
	if (device->host->truth && device->host->truth_changes)
		tell_changes(device);
	else if (device->host->truth)
		tap_seen(device->host->truth, "truth", truth_of(device));
}
