#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "sim/printer/behaviour.h"
#include "sim/printer/device.h"
#include "sim/printer/panel.h"

/* What the panel says: pure functions of a device and one line. */

/* ---- the whole device ---- */

void panel_add_state(const struct device *device, json_t *object)
{
	const struct status *status = device->last;
	json_t *warnings = json_array();

	for (size_t i = 0; i < status->warning_count; i++)
		json_array_append_new(warnings, json_integer(status->warnings[i]));
	json_object_set_new(object, "status", json_integer(status->code));
	json_object_set_new(object, "error",
			    status->code == STATUS_ERROR ? json_integer(status->error)
							 : json_null());
	json_object_set_new(object, "warnings", warnings);
}

static json_t *state(const struct device *device)
{
	json_t *state = json_object();
	panel_add_state(device, state);
	if (device->activity == ACTIVITY_PRINTING)
		json_object_set_new(state, "job",
				    json_pack("{s:s,s:s}", "document",
					      device->task->record.document, "owner",
					      device->task->record.owner));
	return state;
}

static json_t *supplies(const struct device *device)
{
	const struct profile *profile = device->profile;
	json_t *rows = json_array();
	int slot = 0;

	for (size_t i = 0; i < profile->inks.count; i++) {
		const struct ink_model *model = profile_ink(profile, i);
		const struct ink *ink = &device->inks[i];
		json_array_append_new(rows,
				      json_pack("{s:i,s:s,s:s,s:s,s:i,s:I,s:I}", "slot", ++slot,
						"name", model->name, "class", "ink", "color",
						model->color, "percent", ink_level(device, i),
						"installed", (json_int_t)ink->replaced,
						"usedMicrolitres", (json_int_t)ink->used));
	}
	for (size_t i = 0; i < profile->boxes.count; i++)
		json_array_append_new(rows,
				      json_pack("{s:i,s:s,s:s,s:i,s:I}", "slot", ++slot, "name",
						profile_box(profile, i)->name, "class", "box",
						"percent", box_level(device, i), "installed",
						(json_int_t)device->boxes[i].replaced));
	return rows;
}

static json_t *settings(const struct device *device)
{
	json_t *groups = json_object();
	for (int i = 0; i < GROUPS; i++)
		json_object_set_new(groups, group_names[i], device_settings(device, (enum group)i));
	return groups;
}

static json_t *counters(const struct device *device)
{
	const struct counters_model *counters = &device->counters;
	return json_pack("{s:I,s:I,s:I}", "printingSeconds", (json_int_t)counters->printing_seconds,
			 "areaSquareCm", (json_int_t)counters->square_cm, "lengthMm",
			 (json_int_t)counters->length_mm);
}

static json_t *log_row(enum log log, const struct record *record)
{
	json_t *row = json_pack("{s:I}", "number", (json_int_t)record->number);
	json_object_set_new(row, log == LOG_JOBS ? "started" : "time", device_time(record->time));
	if (log == LOG_JOBS) {
		json_object_set_new(row, "ended", device_time(record->ended));
		json_object_set_new(row, "lengthMm", json_integer(record->length_mm));
		json_object_set_new(row, "squareCm", json_integer(record->square_cm));
		json_object_set_new(row, "microlitres", json_integer(record->microlitres));
		json_object_set_new(row, "result", json_string(record->kind));
		json_object_set_new(row, "document", json_string(record->document));
		json_object_set_new(row, "owner", json_string(record->owner));
		return row;
	}
	json_object_set_new(row, log == LOG_MAINTENANCES ? "part" : "kind",
			    json_string(record->kind));
	if (log == LOG_EVENTS)
		json_object_set_new(row, "code", json_string(record->code));
	return row;
}

static void add_logs(const struct device *device, json_t *object)
{
	static const char *const names[LOGS] = { "log", "cleaningLog", "maintenanceLog", "jobLog" };
	for (int log = 0; log < LOGS; log++) {
		json_t *rows = json_array();
		const struct history *history = &device->logs[log];
		for (size_t i = 0; i < history->count; i++)
			json_array_append_new(rows, log_row((enum log)log, &history->rows[i]));
		json_object_set_new(object, names[log], rows);
	}
}

json_t *panel_device(const struct device *device)
{
	const struct profile *profile = device->profile;
	json_t *object = json_pack(
		"{s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:b,s:o,s:o,s:o,s:o}", "maker", profile->maker,
		"model", profile->model, "serial", device->serial, "region", profile->region,
		"country", profile->country, "clock", device_time(device_clock(device)), "firmware",
		profile->firmware.package, "selfDiagnosis", profile->self_diagnosis, "state",
		state(device), "settings", settings(device), "supplies", supplies(device),
		"counters", counters(device));
	add_logs(device, object);
	return object;
}

/* ---- requests ---- */

static json_t *refusal(const char *word)
{
	return json_pack("{s:s}", "refused", word);
}

static json_t *get_device(struct device *device)
{
	return json_pack("{s:o}", "device", panel_device(device));
}

static json_t *do_clean(struct device *device)
{
	static const char *const words[] = { "started", "busy", "error" };
	enum refusal refused = behaviour_clean(device, "remote", CLEANING_MS);
	behaviour_operated(device, "clean", "panel", words[refused]);
	return refused == REFUSED_NOT ? json_pack("{s:b}", "ok", 1) : refusal(words[refused]);
}

static json_t *do_diagnose(struct device *device)
{
	bool able = device->profile->self_diagnosis;
	behaviour_operated(device, "diagnose", "panel", able ? device->diagnosis : "unsupported");
	return able ? json_pack("{s:s}", "diagnosis", device->diagnosis) : refusal("unsupported");
}

static const struct {
	const char *verb, *object;
	json_t *(*run)(struct device *device);
} requests[] = {
	{ "get", "device", get_device },
	{ "do", "clean", do_clean },
	{ "do", "diagnose", do_diagnose },
};

static json_t *dispatch(struct device *device, const json_t *request, bool *watch)
{
	if (json_object_size(request) != 2) /* the id and one thing to do */
		return refusal("malformed");
	if (json_is_true(json_object_get(request, "watch"))) {
		*watch = true;
		return json_pack("{s:b}", "ok", 1);
	}
	for (size_t i = 0; i < COUNT_OF(requests); i++) {
		const char *object = json_text_of(request, requests[i].verb, "");
		if (!strcmp(object, requests[i].object))
			return requests[i].run(device);
	}
	return refusal("malformed");
}

/* What is asked, for the journal: the request's members but its id. */
static void see(struct device *device, const char *kind, const json_t *request)
{
	json_t *fields = json_object();
	static const char *const verbs[] = { "get", "do", "watch" };
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (json_object_get(request, verbs[i]))
			json_object_set(fields, verbs[i], json_object_get(request, verbs[i]));
	device_seen(device, kind, fields);
}

json_t *panel_answer(struct device *device, const char *line, size_t size, bool *watch)
{
	json_t *request = json_read_text(line, size, "panel", NULL);
	json_t *id = json_object_get(request, "id");

	see(device, "panel.request", request);
	json_t *answer =
		json_is_integer(id) ? dispatch(device, request, watch) : refusal("malformed");
	json_object_set(answer, "id", json_is_integer(id) ? id : json_null());
	see(device, "panel.answer", request);
	json_decref(request);
	return answer;
}
