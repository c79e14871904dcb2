#include "sim/printer/device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "base/wall.h"
#include "sim/printer/behaviour.h"
#include "sim/printer/drift.h"
#include "sim/printer/frozen.h"
#include "sim/printer/identity.h"
#include "sim/printer/life.h"
#include "sim/printer/origin.h"
#include "sim/printer/panel.h"
#include "sim/printer/trap.h"
#include "sim/printer/truth.h"
#include "sim/printer/usm.h"

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

const char *const group_names[] = { "panel", "printer", "maintenance", "media", "network", NULL };

/* ---- reading ---- */

const char *device_name(const struct device *device)
{
	return device->name;
}

uint32_t device_address(const struct device *device)
{
	return device->address;
}

const char *device_serial(const struct device *device)
{
	return device->serial;
}

int64_t device_clock(const struct device *device)
{
	return loop_wall(device->host->time) + device->clock_offset_ms * NS_PER_MS;
}

static int percent(int64_t part, int64_t whole)
{
	int64_t level = (part * 100 + whole / 2) / whole;
	return part > 0 && level == 0 ? 1 : (int)level;
}

int ink_level(const struct device *device, size_t i)
{
	return percent(device->inks[i].left, profile_ink(device->profile, i)->capacity);
}

int box_level(const struct device *device, size_t i)
{
	return percent(device->boxes[i].left, profile_box(device->profile, i)->capacity);
}

bool ink_replaced(const struct device *device, size_t i)
{
	return device->inks[i].replaced > 1; /* the first installation is the set-up */
}

void device_date(const struct device *device, uint8_t out[DATE_AND_TIME_SIZE])
{
	struct wall_fields now = wall_fields(device_clock(device));
	const uint8_t date[DATE_AND_TIME_SIZE] = {
		(uint8_t)(now.year >> 8),
		(uint8_t)now.year,
		(uint8_t)now.month,
		(uint8_t)now.day,
		(uint8_t)now.hour,
		(uint8_t)now.minute,
		(uint8_t)now.second,
		0,
		'+',
	};
	memcpy(out, date, sizeof(date));
}

json_t *device_time(int64_t ns)
{
	char text[WALL_TEXT_MAX];
	wall_format(ns - (ns % NS_PER_S + NS_PER_S) % NS_PER_S, text);
	text[19] = '\0'; /* cut ".000Z" */
	return json_sprintf("%sZ", text);
}

static void add_media(const struct device *device, json_t *settings)
{
	const struct roll *roll = &device->roll;
	json_object_set_new(settings, "path", json_string("roll"));
	json_object_set_new(settings, "type", json_string(roll->type));
	json_object_set_new(settings, "widthTenthMm", json_integer(roll->width_tenth_mm));
	json_object_set_new(settings, "remainingCm", json_integer(device->roll_mm / 10));
}

static void add_network(const struct device *device, json_t *settings)
{
	char text[IPV4_TEXT_MAX];
	json_object_set_new(settings, "address", json_string(ipv4_format(device->address, text)));
	json_object_set_new(settings, "netmask",
			    json_string(ipv4_format(device->profile->netmask, text)));
	json_object_set_new(settings, "gateway",
			    json_string(ipv4_format(device->profile->gateway, text)));
	json_object_set_new(settings, "mac", json_hex(device->mac, sizeof(device->mac)));
	json_object_set_new(settings, "hostname", json_string(device->hostname));
}

json_t *device_settings(const struct device *device, enum group group)
{
	json_t *settings =
		group < GROUP_NETWORK ? json_deep_copy(device->settings[group]) : json_object();
	if (group == GROUP_MEDIA)
		add_media(device, settings);
	if (group == GROUP_NETWORK)
		add_network(device, settings);
	return settings;
}

static void fill_mib(struct mib *mib, const struct device *device)
{
	mib_add_system(mib, device);
	mib_add_printer(mib, device);
	if (device->profile->epson) {
		mib_add_epson(mib, device);
		mib_add_second(mib, device);
	}
	if (device->profile->extension)
		mib_add_extension(mib, device);
	mib_add_engine(mib, device);
}

static struct mib *make_mib(const struct device *device)
{
	struct mib *mib = mib_new();

	if (!device->frozen)
		fill_mib(mib, device);
	if (device->profile->recorded && !device->frozen)
		frozen_overlay(mib, device);
	else
		mib_finish(mib, device->profile->common);
	return mib;
}

static bool is_unchanged(const struct device *device)
{
	return device->last == &device->origin->status;
}

const struct mib *device_mib(struct device *device)
{
	struct mib **shared = &device->origin->mib;

	if (device->mib)
		return device->mib;
	if (is_unchanged(device) && *shared && mib_is_shareable(*shared))
		return *shared;
	if (is_unchanged(device) && !*shared)
		return *shared = make_mib(device);
	device->mib = make_mib(device);
	if (*shared && mib_is_shareable(*shared))
		device->mib = mib_without(device->mib, *shared);
	return device->mib;
}

struct mib_view device_view(struct device *device)
{
	return mib_view(device_mib(device), device->address, device->profile->netmask);
}

/* ---- making ---- */

/* Serial as the SN field of a device id has it: eight characters in hex, the rest as it is. */
static void write_serial(const char *serial, struct buf *out)
{
	for (size_t i = 0; serial[i]; i++)
		buf_printf(out, i < 8 ? "%02X" : "%c", (unsigned char)serial[i]);
}

void device_id_write(const struct device *device, struct buf *out)
{
	const char *pattern = device->profile->device_id;

	while (*pattern) {
		if (!strncmp(pattern, "{model}", 7)) {
			buf_add_text(out, device->profile->model);
			pattern += 7;
		} else if (!strncmp(pattern, "{serial}", 8)) {
			write_serial(device->serial, out);
			pattern += 8;
		} else {
			buf_add_u8(out, (uint8_t)*pattern++);
		}
	}
}

static void fill_supplies(struct device *device)
{
	const struct profile *profile = device->profile;
	for (size_t i = 0; i < profile->inks.count; i++) {
		const struct ink_model *model = profile_ink(profile, i);
		device->inks[i] = (struct ink){ .left = model->capacity * model->level / 100,
						.used = model->used,
						.replaced = model->replaced };
	}
	for (size_t i = 0; i < profile->boxes.count; i++) {
		const struct box_model *model = profile_box(profile, i);
		device->boxes[i] = (struct box){ .left = model->capacity * model->level / 100,
						 .replaced = model->replaced };
	}
	snprintf(device->roll.type, sizeof(device->roll.type), "%s", profile->roll.type);
	device->roll.type_id = (uint8_t)profile->roll.type_id;
	device->roll.width_tenth_mm = (int32_t)profile->roll.width_tenth_mm;
	device->roll_mm = profile->roll.remaining_mm;
	device->counters = profile->counters;
	for (size_t i = 0; i < GROUP_NETWORK; i++)
		device->settings[i] = json_incref(profile->groups[i]);
}

static int check_options(const struct device_options *options, struct error *err)
{
	if (!options->profile)
		return error_set(err, EINVAL, "found a printer without profile");
	if (options->frozen && !options->profile->recorded)
		return error_set(err, EINVAL,
				 "found frozen with profile '%s', expected one that was recorded",
				 options->profile->name);
	if (!options->name || !*options->name)
		return error_set(err, EINVAL, "found a printer without name");
	if (options->serial && (!*options->serial || strlen(options->serial) > 32))
		return error_set(err, EINVAL, "found serial '%s', expected 1 to 32 characters",
				 options->serial);
	if (options->v3_only && !options->users)
		return error_set(err, EINVAL,
				 "found a printer of SNMPv3 alone without users, expected one");
	if (options->community && strlen(options->community) > 255)
		return error_set(err, EINVAL, "expected a community of at most 255 characters");
	return 0;
}

/* A condition keeps its prtAlertIndex as long as it lasts; a new one gets the next number
 * (RFC 3805, prtAlertIndex: ever increasing). */
static void number_alerts(struct device *device, struct status *now, const struct status *last)
{
	for (size_t i = 0; i < now->alert_count; i++) {
		struct alert *alert = &now->alerts[i];
		for (size_t j = 0; last && j < last->alert_count; j++)
			if (last->alerts[j].key == alert->key)
				alert->index = last->alerts[j].index;
		if (!alert->index)
			alert->index = ++device->last_alert_index;
	}
}

static void join_origin(struct device *device, struct origin **origins)
{
	struct origin *origin =
		origin_of(origins, &(struct origin){ .profile = device->profile,
						     .frozen = device->frozen,
						     .v3 = device->users != NULL,
						     .time = device_clock(device) });

	if (!origin->ready) {
		status_of(device, &origin->status);
		number_alerts(device, &origin->status, NULL);
		origin->ready = true;
	}
	device->origin = origin;
	device->last = &origin->status;
	device->last_alert_index = (uint32_t)origin->status.alert_count;
	device->logs = origin->logs;
}

struct device *device_new(const struct fleet_options *host, struct origin **origins,
			  const struct device_options *options, struct error *err)
{
	if (check_options(options, err) < 0)
		return NULL;
	struct device *device = alloc_zero(1, sizeof(*device));
	device->host = host;
	device->profile = options->profile;
	device->address = options->address;
	device->frozen = options->frozen;
	device->users = options->users;
	device->v3_only = options->v3_only;
	device->traps = options->traps;
	device->clock_offset_ms = options->profile->clock_offset_ms;
	identity_init(device, options);
	fill_supplies(device);
	device->on = true;
	device->on_since = loop_now(host->time);
	device->engine_since = loop_now(host->loop);
	device->boots = 1;
	device->diagnosis = "ok";
	join_origin(device, origins);
	truth_tell(device);
	return device;
}

static void logs_free(struct device *device)
{
	struct history *logs = (struct history *)device->logs;

	if (logs == device->origin->logs)
		return;
	for (size_t i = 0; i < LOGS; i++)
		history_done(&logs[i]);
	free(logs);
}

static void status_free(const struct device *device, const struct status *status)
{
	if (status != &device->origin->status)
		free((struct status *)status);
}

void device_free(struct device *device)
{
	if (!device)
		return;
	life_free(device->life);
	timer_free(device->boot);
	drift_free(device->drift);
	panel_free(device->panel);
	device_fault_clear(device, NULL);
	trap_state_free(device->trap);
	usm_free(device->usm);
	task_free(device->task);
	mib_free(device->mib);
	logs_free(device);
	status_free(device, device->last);
	for (size_t i = 0; i < GROUP_NETWORK; i++)
		json_decref(device->settings[i]);
	told_free(device->told);
	free(device->texts);
	free(device);
}

/* ---- changing ---- */

struct history *device_log(struct device *device, enum log log)
{
	if (device->logs == device->origin->logs) {
		struct history *own = alloc_zero(LOGS, sizeof(*own));
		for (size_t i = 0; i < LOGS; i++)
			history_copy(&own[i], &device->logs[i]);
		device->logs = own;
	}
	return (struct history *)&device->logs[log];
}

json_t *device_setting(struct device *device, enum group group)
{
	json_t **settings = &device->settings[group];

	if (*settings == device->profile->groups[group]) {
		json_t *own = json_deep_copy(*settings);
		json_decref(*settings);
		*settings = own;
	}
	return *settings;
}

static void log_event(struct device *device, const char *kind, const char *code)
{
	history_add(device_log(device, LOG_EVENTS), &(struct record){ .time = device_clock(device),
								      .kind = (char *)kind,
								      .code = (char *)code });
}

static bool had_warning(const struct status *status, uint8_t code)
{
	return status->warning_count && memchr(status->warnings, code, status->warning_count);
}

/* What is new against the last look goes into the event log. */
static void log_changes(struct device *device, const struct status *now)
{
	const struct status *last = device->last;
	char code[4];

	if (now->code != last->code)
		log_event(device, "status", status_word(now->code));
	if (now->has_error && (!last->has_error || now->error != last->error)) {
		snprintf(code, sizeof(code), "E%02X", now->error);
		log_event(device, "error", code);
	}
	for (size_t i = 0; i < now->warning_count; i++) {
		if (had_warning(last, now->warnings[i]))
			continue;
		snprintf(code, sizeof(code), "W%02X", now->warnings[i]);
		log_event(device, "warning", code);
	}
}

static bool looks_different(const struct status *a, const struct status *b)
{
	return a->code != b->code || a->has_error != b->has_error || a->error != b->error ||
	       a->warning_count != b->warning_count ||
	       memcmp(a->warnings, b->warnings, a->warning_count);
}

void device_changed(struct device *device)
{
	struct status *now = alloc_zero(1, sizeof(*now));
	const struct status *last = device->last;

	status_of(device, now);
	bool different = looks_different(now, last);
	log_changes(device, now);
	number_alerts(device, now, last);
	device->last = now;
	mib_free(device->mib);
	device->mib = NULL;
	truth_tell(device);
	trap_alerts(device, now, last);
	status_free(device, last);
	if (different)
		panel_notify(device->panel);
	life_changed(device->life);
}

void device_seen(struct device *device, const char *kind, json_t *fields)
{
	if (!device->host->tap) {
		json_decref(fields);
		return;
	}
	json_object_set_new(fields, "device", json_string(device->name));
	tap_seen(device->host->tap, kind, fields);
}
