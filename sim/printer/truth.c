#include "sim/printer/truth.h"

#include "base/ipv4.h"
#include "sim/printer/device.h"

static json_t *codes(const struct status *status)
{
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

static json_t *rows(const struct history *history, json_t *(*row)(const struct record *record))
{
	json_t *list = json_array();
	for (size_t i = 0; i < history->count; i++)
		json_array_append_new(list, row(&history->rows[i]));
	return list;
}

/* What only the extension shows; a printer without it does not have these items. */
static void add_extension(const struct device *device, json_t *items)
{
	const struct profile *profile = device->profile;

	json_object_set_new(items, "D04", json_string(profile->region));
	json_object_set_new(items, "D05", json_string(profile->country));
	json_object_set_new(items, "D11", rows(&device->logs[LOG_EVENTS], event_row));
	json_object_set_new(items, "D12", device_settings(device, GROUP_PANEL));
	json_object_set_new(items, "D13", device_settings(device, GROUP_PRINTER));
	json_object_set_new(items, "D14", device_settings(device, GROUP_MAINTENANCE));
	json_object_set_new(items, "D15", device_settings(device, GROUP_MEDIA));
	json_object_set_new(items, "D16", device_settings(device, GROUP_NETWORK));
	json_object_set_new(items, "D18", rows(&device->logs[LOG_CLEANINGS], cleaning_row));
	json_object_set_new(items, "D19", rows(&device->logs[LOG_MAINTENANCES], maintenance_row));
	json_object_set_new(items, "D20", ink_usage(device));
	json_object_set_new(items, "D21", json_integer(device->counters.printing_seconds));
	json_object_set_new(items, "D23", rows(&device->logs[LOG_JOBS], job_row));
}

json_t *truth_items(const struct device *device)
{
	const struct profile *profile = device->profile;
	json_t *items = json_object();

	json_object_set_new(items, "D01", json_string(profile->maker));
	json_object_set_new(items, "D02", json_string(profile->model));
	json_object_set_new(items, "D03", json_string(device->serial));
	json_object_set_new(items, "D09", json_string(status_word(device->last->code)));
	json_object_set_new(items, "D17", consumables(device));
	if (profile->epson) {
		json_object_set_new(items, "D08", json_string(profile->firmware.package));
		json_object_set_new(items, "D10", codes(device->last));
		json_object_set_new(items, "D22", json_integer(device->counters.square_cm));
	}
	if (profile->extension)
		add_extension(device, items);
	return items;
}

json_t *truth_of(struct device *device)
{
	char address[IPV4_TEXT_MAX];

	return json_pack("{s:s,s:s,s:s,s:I,s:o}", "device", device->name, "address",
			 ipv4_format(device->address, address), "serial", device->serial,
			 "clockOffsetMs", (json_int_t)device->clock_offset_ms, "items",
			 truth_items(device));
}

void truth_tell(struct device *device)
{
	if (device->host->truth)
		tap_seen(device->host->truth, "truth", truth_of(device));
}
