#include "sim/printer/action.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "sim/printer/behaviour.h"
#include "sim/printer/device.h"
#include "sim/printer/drift.h"

const char *const action_cleanings[] = { "auto", "manual", "remote", NULL };
const char *const action_results[] = { "ok", "nozzles", "error", NULL };
const char *const action_counters[] = { "printingSeconds", "lengthMm", "squareCm", "cuts",
					"sheets",          NULL };
const char *const action_groups[] = { "panel", "printer", "maintenance", "media", NULL };

/* The word's place in the list that it was checked against. */
static size_t place_of(const char *word, const char *const *names)
{
	size_t i = 0;
	while (names[i + 1] && strcmp(names[i], word))
		i++;
	return i;
}

/* ---- parts, by colour, number or name ---- */

static int find_ink(const struct device *device, const char *color, size_t *ink, struct error *err)
{
	struct buf known;
	size_t count = device->profile->inks.count;

	for (size_t i = 0; i < count; i++) {
		*ink = i;
		if (!strcmp(profile_ink(device->profile, i)->color, color))
			return 0;
	}
	buf_init(&known, 1024);
	for (size_t i = 0; i < count; i++)
		buf_printf(&known, "%s%s", i ? ", " : "", profile_ink(device->profile, i)->color);
	int status = error_set(err, EINVAL, "found color '%s', expected one of %s", color,
			       buf_text(&known));
	buf_done(&known);
	return status;
}

static int find_box(const struct device *device, const json_t *with, size_t *box, struct error *err)
{
	int64_t number = json_int_of(with, "box", 1);
	*box = (size_t)number - 1;
	if (number > (int64_t)device->profile->boxes.count)
		return error_set(err, EINVAL, "found box %lld, expected at most %zu",
				 (long long)number, device->profile->boxes.count);
	return 0;
}

static int find_cover(const struct device *device, const json_t *with, size_t *cover,
		      struct error *err)
{
	int64_t number = json_int_of(with, "cover", 1);
	*cover = (size_t)number - 1;
	if (number > (int64_t)device->profile->covers.count)
		return error_set(err, EINVAL, "found cover %lld, expected at most %zu",
				 (long long)number, device->profile->covers.count);
	return 0;
}

static void log_maintenance(struct device *device, const char *part)
{
	history_add(device_log(device, LOG_MAINTENANCES),
		    &(struct record){ .time = device_clock(device), .kind = (char *)part });
}

/* ---- tasks ---- */

static int refused(enum refusal refusal, const char *what, struct error *err)
{
	switch (refusal) {
	case REFUSED_NOT:
		return 0;
	case REFUSED_BUSY:
		return error_set(err, EBUSY, "found the printer busy, expected it idle for a %s",
				 what);
	case REFUSED_ERROR:
		break;
	}
	return error_set(err, EIO, "found the printer in an error, expected it idle for a %s",
			 what);
}

/* Microlitres of each ink: shared out evenly, or as the object says. */
static int read_costs(const struct device *device, const json_t *microlitres,
		      int64_t cost[INKS_MAX], struct error *err)
{
	size_t count = device->profile->inks.count, ink;
	const char *color;
	json_t *value;

	memset(cost, 0, INKS_MAX * sizeof(*cost));
	if (json_is_integer(microlitres)) {
		int64_t all = json_integer_value(microlitres);
		for (size_t i = 0; i < count; i++)
			cost[i] = all / (int64_t)count + ((int64_t)i < all % (int64_t)count);
		return 0;
	}
	json_object_foreach ((json_t *)microlitres, color, value) {
		int status = find_ink(device, color, &ink, err);
		if (status < 0)
			return status;
		if (!json_is_integer(value) || json_integer_value(value) < 0 ||
		    json_integer_value(value) > ACTION_COUNT_MAX)
			return error_set(err, EINVAL, "expected microlitres of %s from 0 to %d",
					 color, ACTION_COUNT_MAX);
		cost[ink] = json_integer_value(value);
	}
	return 0;
}

int action_job(struct device *device, const json_t *with, struct error *err)
{
	int64_t cost[INKS_MAX];
	int status = read_costs(device, json_object_get(with, "microlitres"), cost, err);
	if (status < 0)
		return status;
	double seconds = json_number_value(json_object_get(with, "seconds"));
	const struct job job = { .ms = (int64_t)(seconds * 1000 + 0.5),
				 .document = json_text_of(with, "document", "document"),
				 .owner = json_text_of(with, "owner", "owner"),
				 .length_mm = json_int_of(with, "lengthMm", 0),
				 .square_cm = json_int_of(with, "squareCm", 0),
				 .cost = cost };
	return refused(behaviour_print(device, &job), "job", err);
}

int action_cancel(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	if (device->activity != ACTIVITY_PRINTING)
		return error_set(err, EINVAL, "found no job, expected one to cancel");
	behaviour_stop(device, "cancelled");
	device_changed(device);
	return 0;
}

int action_clean(struct device *device, const json_t *with, struct error *err)
{
	const char *kind = json_text_of(with, "kind", "manual");
	return refused(behaviour_clean(device, action_cleanings[place_of(kind, action_cleanings)],
				       json_int_of(with, "ms", CLEANING_MS)),
		       "cleaning", err);
}

/* ---- the machine ---- */

static int set_flag(struct device *device, bool *flag, bool value)
{
	*flag = value;
	behaviour_settle(device);
	return 0;
}

int action_jam(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	return set_flag(device, &device->jam, true);
}

int action_clear_jam(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	return set_flag(device, &device->jam, false);
}

int action_fail(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	return set_flag(device, &device->fatal, true);
}

int action_repair(struct device *device, const json_t *with, struct error *err)
{
	device->fatal = false;
	log_maintenance(device, json_text_of(with, "part", "service"));
	(void)err;
	behaviour_settle(device);
	return 0;
}

int action_open_cover(struct device *device, const json_t *with, struct error *err)
{
	size_t cover;
	int status = find_cover(device, with, &cover, err);
	if (status < 0)
		return status;
	device->covers_open |= 1u << cover;
	behaviour_settle(device);
	return 0;
}

int action_close_cover(struct device *device, const json_t *with, struct error *err)
{
	size_t cover;
	int status = find_cover(device, with, &cover, err);
	if (status < 0)
		return status;
	device->covers_open &= ~(1u << cover);
	behaviour_settle(device);
	return 0;
}

int action_paper_out(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	device->roll_mm = 0;
	return set_flag(device, &device->paper_out, true);
}

int action_load_paper(struct device *device, const json_t *with, struct error *err)
{
	struct roll *roll = &device->roll;
	const char *type = json_text_of(with, "type", roll->type);

	if (!*type || strlen(type) > ROLL_TYPE_MAX)
		return error_set(err, EINVAL, "found type '%s', expected 1 to %d characters", type,
				 ROLL_TYPE_MAX);
	if (type != roll->type)
		snprintf(roll->type, sizeof(roll->type), "%s", type);
	roll->type_id = (uint8_t)json_int_of(with, "typeId", roll->type_id);
	roll->width_tenth_mm = (int32_t)json_int_of(with, "widthTenthMm", roll->width_tenth_mm);
	device->roll_mm = json_int_of(with, "lengthMm", device->profile->roll.length_mm);
	return set_flag(device, &device->paper_out, false);
}

int action_pause(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	if (device->activity != ACTIVITY_NONE)
		return error_set(err, EBUSY, "found the printer busy, expected it idle to pause");
	return set_flag(device, &device->paused, true);
}

int action_resume(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	return set_flag(device, &device->paused, false);
}

int action_sleep(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	if (device->last->code != STATUS_IDLE)
		return error_set(err, EBUSY, "found the printer %s, expected it idle to sleep",
				 status_word(device->last->code));
	return set_flag(device, &device->asleep, true);
}

int action_wake(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	return set_flag(device, &device->asleep, false);
}

/* ---- supplies ---- */

int action_ink(struct device *device, const json_t *with, struct error *err)
{
	size_t ink;
	int status = find_ink(device, json_text_of(with, "color", ""), &ink, err);
	if (status < 0)
		return status;
	device->inks[ink].left =
		profile_ink(device->profile, ink)->capacity * json_int_of(with, "level", 0) / 100;
	behaviour_settle(device);
	return 0;
}

int action_replace(struct device *device, const json_t *with, struct error *err)
{
	size_t ink;
	int status = find_ink(device, json_text_of(with, "color", ""), &ink, err);
	if (status < 0)
		return status;
	device->inks[ink].left = profile_ink(device->profile, ink)->capacity;
	device->inks[ink].replaced++;
	log_maintenance(device, profile_ink(device->profile, ink)->name);
	behaviour_settle(device);
	return 0;
}

int action_box(struct device *device, const json_t *with, struct error *err)
{
	size_t box;
	int status = find_box(device, with, &box, err);
	if (status < 0)
		return status;
	device->boxes[box].left =
		profile_box(device->profile, box)->capacity * json_int_of(with, "level", 0) / 100;
	behaviour_settle(device);
	return 0;
}

int action_remove_box(struct device *device, const json_t *with, struct error *err)
{
	size_t box;
	int status = find_box(device, with, &box, err);
	if (status < 0)
		return status;
	device->boxes[box].removed = true;
	behaviour_settle(device);
	return 0;
}

int action_replace_box(struct device *device, const json_t *with, struct error *err)
{
	size_t box;
	int status = find_box(device, with, &box, err);
	if (status < 0)
		return status;
	device->boxes[box] = (struct box){ .left = profile_box(device->profile, box)->capacity,
					   .replaced = device->boxes[box].replaced + 1 };
	log_maintenance(device, profile_box(device->profile, box)->name);
	behaviour_settle(device);
	return 0;
}

/* ---- settings ---- */

int action_setting(struct device *device, const json_t *with, struct error *err)
{
	size_t group = place_of(json_text_of(with, "group", ""), action_groups);
	(void)err;
	json_object_set(device_setting(device, (enum group)group), json_text_of(with, "name", ""),
			json_object_get(with, "value"));
	device_changed(device);
	return 0;
}

int action_clock(struct device *device, const json_t *with, struct error *err)
{
	(void)err;
	device->clock_offset_ms = json_int_of(with, "offsetMs", 0);
	device_changed(device);
	return 0;
}

int action_counter(struct device *device, const json_t *with, struct error *err)
{
	const char *name = json_text_of(with, "name", "");
	int64_t *const counters[] = {
		&device->counters.printing_seconds, &device->counters.length_mm,
		&device->counters.square_cm,        &device->counters.cuts,
		&device->counters.sheets,
	};

	(void)err;
	for (size_t i = 0; action_counters[i]; i++)
		if (!strcmp(action_counters[i], name))
			*counters[i] = json_int_of(with, "value", 0);
	device_changed(device);
	return 0;
}

int action_drift(struct device *device, const json_t *with, struct error *err)
{
	(void)err;
	drift_set(device, json_int_of(with, "secondsPerDay", 0));
	return 0;
}

int action_diagnosis(struct device *device, const json_t *with, struct error *err)
{
	const char *result = json_text_of(with, "result", "");
	(void)err;
	device->diagnosis = action_results[place_of(result, action_results)];
	return 0;
}
