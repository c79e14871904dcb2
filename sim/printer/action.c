#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/form.h"
#include "base/json.h"
#include "sim/printer/behaviour.h"
#include "sim/printer/device.h"

/* device_do: what a scenario can do to a printer, as a table of names, parameters and functions. */

enum value_kind {
	VALUE_INTEGER,
	VALUE_NUMBER, /* with decimals */
	VALUE_TEXT,
	VALUE_ANY,  /* text or integer */
	VALUE_INKS, /* microlitres in all, or an object colour: microlitres */
};

struct parameter {
	const char *name;
	enum value_kind kind;
	bool required;
	int64_t min, max;
};

enum { PARAMETERS_MAX = 8 };

struct action {
	const char *name;
	int (*run)(struct device *device, const json_t *with, struct error *err);
	struct parameter parameters[PARAMETERS_MAX]; /* ends with name NULL */
};

enum { A_DAY_S = 86400, HUGE_COUNT = 1000000000 };

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
	if (number > (int64_t)device->profile->boxes.count)
		return error_set(err, EINVAL, "found box %lld, expected at most %zu",
				 (long long)number, device->profile->boxes.count);
	*box = (size_t)number - 1;
	return 0;
}

static int find_cover(const struct device *device, const json_t *with, size_t *cover,
		      struct error *err)
{
	int64_t number = json_int_of(with, "cover", 1);
	if (number > (int64_t)device->profile->covers.count)
		return error_set(err, EINVAL, "found cover %lld, expected at most %zu",
				 (long long)number, device->profile->covers.count);
	*cover = (size_t)number - 1;
	return 0;
}

static void log_maintenance(struct device *device, const char *part)
{
	history_add(&device->logs[LOG_MAINTENANCES],
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
		    json_integer_value(value) > HUGE_COUNT)
			return error_set(err, EINVAL, "expected microlitres of %s from 0 to %d",
					 color, HUGE_COUNT);
		cost[ink] = json_integer_value(value);
	}
	return 0;
}

static int run_job(struct device *device, const json_t *with, struct error *err)
{
	int64_t cost[INKS_MAX];
	int status = read_costs(device, json_object_get(with, "microlitres"), cost, err);
	if (status < 0)
		return status;
	double seconds = json_number_value(json_object_get(with, "seconds"));
	const struct job job = { .ms = llround(seconds * 1000),
				 .document = json_text_of(with, "document", "document"),
				 .owner = json_text_of(with, "owner", "owner"),
				 .length_mm = json_int_of(with, "lengthMm", 0),
				 .square_cm = json_int_of(with, "squareCm", 0),
				 .cost = cost };
	return refused(behaviour_print(device, &job), "job", err);
}

static int run_cancel(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	if (device->activity != ACTIVITY_PRINTING)
		return error_set(err, EINVAL, "found no job, expected one to cancel");
	behaviour_stop(device, "cancelled");
	device_changed(device);
	return 0;
}

static int run_clean(struct device *device, const json_t *with, struct error *err)
{
	static const char *const kinds[] = { "auto", "manual", "remote", NULL };
	const char *kind = json_text_of(with, "kind", "manual");
	for (size_t i = 0; kinds[i]; i++)
		if (!strcmp(kinds[i], kind))
			return refused(behaviour_clean(device, kinds[i],
						       json_int_of(with, "ms", CLEANING_MS)),
				       "cleaning", err);
	return error_set(err, EINVAL, "found kind '%s', expected auto, manual or remote", kind);
}

/* ---- the machine ---- */

static int set_flag(struct device *device, bool *flag, bool value)
{
	*flag = value;
	behaviour_settle(device);
	return 0;
}

static int run_jam(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	return set_flag(device, &device->jam, true);
}

static int run_clear_jam(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	return set_flag(device, &device->jam, false);
}

static int run_fail(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	return set_flag(device, &device->fatal, true);
}

static int run_repair(struct device *device, const json_t *with, struct error *err)
{
	device->fatal = false;
	log_maintenance(device, json_text_of(with, "part", "service"));
	(void)err;
	behaviour_settle(device);
	return 0;
}

static int run_open_cover(struct device *device, const json_t *with, struct error *err)
{
	size_t cover;
	int status = find_cover(device, with, &cover, err);
	if (status < 0)
		return status;
	device->covers_open |= 1u << cover;
	behaviour_settle(device);
	return 0;
}

static int run_close_cover(struct device *device, const json_t *with, struct error *err)
{
	size_t cover;
	int status = find_cover(device, with, &cover, err);
	if (status < 0)
		return status;
	device->covers_open &= ~(1u << cover);
	behaviour_settle(device);
	return 0;
}

static int run_paper_out(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	device->roll_mm = 0;
	return set_flag(device, &device->paper_out, true);
}

static int run_load_paper(struct device *device, const json_t *with, struct error *err)
{
	(void)err;
	device->roll_mm = json_int_of(with, "lengthMm", device->profile->roll.length_mm);
	return set_flag(device, &device->paper_out, false);
}

static int run_pause(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	if (device->activity != ACTIVITY_NONE)
		return error_set(err, EBUSY, "found the printer busy, expected it idle to pause");
	return set_flag(device, &device->paused, true);
}

static int run_resume(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	return set_flag(device, &device->paused, false);
}

static int run_sleep(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	if (device->last.code != STATUS_IDLE)
		return error_set(err, EBUSY, "found the printer %s, expected it idle to sleep",
				 status_word(device->last.code));
	return set_flag(device, &device->asleep, true);
}

static int run_wake(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	return set_flag(device, &device->asleep, false);
}

static int run_power_off(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	behaviour_stop(device, "cancelled");
	device->asleep = false;
	device->on = false;
	device_changed(device);
	return 0;
}

static int run_power_on(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	if (device->on)
		return error_set(err, EINVAL, "found the printer on, expected it off");
	device->on = true;
	device->on_since = loop_now(device->host->loop);
	device->counters.power_ons++;
	device_changed(device);
	return 0;
}

/* ---- supplies ---- */

static int run_ink(struct device *device, const json_t *with, struct error *err)
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

static int run_replace(struct device *device, const json_t *with, struct error *err)
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

static int run_box(struct device *device, const json_t *with, struct error *err)
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

static int run_remove_box(struct device *device, const json_t *with, struct error *err)
{
	size_t box;
	int status = find_box(device, with, &box, err);
	if (status < 0)
		return status;
	device->boxes[box].removed = true;
	behaviour_settle(device);
	return 0;
}

static int run_replace_box(struct device *device, const json_t *with, struct error *err)
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

static int run_setting(struct device *device, const json_t *with, struct error *err)
{
	const char *group = json_text_of(with, "group", "");
	for (size_t i = 0; i < GROUP_NETWORK; i++) {
		if (strcmp(group_names[i], group))
			continue;
		json_object_set(device->settings[i], json_text_of(with, "name", ""),
				json_object_get(with, "value"));
		device_changed(device);
		return 0;
	}
	return error_set(err, EINVAL,
			 "found group '%s', expected panel, printer, maintenance or media", group);
}

static int run_clock(struct device *device, const json_t *with, struct error *err)
{
	(void)err;
	device->clock_offset_ms = json_int_of(with, "offsetMs", 0);
	device_changed(device);
	return 0;
}

static int run_diagnosis(struct device *device, const json_t *with, struct error *err)
{
	static const char *const results[] = { "ok", "nozzles", "error", NULL };
	const char *result = json_text_of(with, "result", "");
	for (size_t i = 0; results[i]; i++) {
		if (!strcmp(results[i], result)) {
			device->diagnosis = results[i];
			return 0;
		}
	}
	return error_set(err, EINVAL, "found result '%s', expected ok, nozzles or error", result);
}

/* ---- the table ---- */

#define COLOR                                                                                      \
	{                                                                                          \
		"color", VALUE_TEXT, true, 0, 0                                                    \
	}
#define LEVEL                                                                                      \
	{                                                                                          \
		"level", VALUE_INTEGER, true, 0, 100                                               \
	}
#define BOX                                                                                        \
	{                                                                                          \
		"box", VALUE_INTEGER, false, 1, BOXES_MAX                                          \
	}
#define WHICH_COVER                                                                                \
	{                                                                                          \
		"cover", VALUE_INTEGER, false, 1, COVERS_MAX                                       \
	}

static const struct action actions[] = {
	{ "job",
	  run_job,
	  { { "seconds", VALUE_NUMBER, true, 0, A_DAY_S },
	    { "lengthMm", VALUE_INTEGER, false, 0, 1000000 },
	    { "squareCm", VALUE_INTEGER, false, 0, 10000000 },
	    { "microlitres", VALUE_INKS, false, 0, HUGE_COUNT },
	    { "document", VALUE_TEXT, false, 0, 0 },
	    { "owner", VALUE_TEXT, false, 0, 0 } } },
	{ "cancel", run_cancel, { { NULL } } },
	{ "clean",
	  run_clean,
	  { { "ms", VALUE_INTEGER, false, 0, A_DAY_S * 1000 },
	    { "kind", VALUE_TEXT, false, 0, 0 } } },
	{ "jam", run_jam, { { NULL } } },
	{ "clear-jam", run_clear_jam, { { NULL } } },
	{ "open-cover", run_open_cover, { WHICH_COVER } },
	{ "close-cover", run_close_cover, { WHICH_COVER } },
	{ "ink", run_ink, { COLOR, LEVEL } },
	{ "replace", run_replace, { COLOR } },
	{ "box", run_box, { BOX, LEVEL } },
	{ "remove-box", run_remove_box, { BOX } },
	{ "replace-box", run_replace_box, { BOX } },
	{ "paper-out", run_paper_out, { { NULL } } },
	{ "load-paper", run_load_paper, { { "lengthMm", VALUE_INTEGER, false, 1, 655350 } } },
	{ "pause", run_pause, { { NULL } } },
	{ "resume", run_resume, { { NULL } } },
	{ "sleep", run_sleep, { { NULL } } },
	{ "wake", run_wake, { { NULL } } },
	{ "power-off", run_power_off, { { NULL } } },
	{ "power-on", run_power_on, { { NULL } } },
	{ "fail", run_fail, { { NULL } } },
	{ "repair", run_repair, { { "part", VALUE_TEXT, false, 0, 0 } } },
	{ "setting",
	  run_setting,
	  { { "group", VALUE_TEXT, true, 0, 0 },
	    { "name", VALUE_TEXT, true, 0, 0 },
	    { "value", VALUE_ANY, true, INT32_MIN, INT32_MAX } } },
	{ "clock",
	  run_clock,
	  { { "offsetMs", VALUE_INTEGER, true, -365LL * A_DAY_S * 1000,
	      365LL * A_DAY_S * 1000 } } },
	{ "diagnosis", run_diagnosis, { { "result", VALUE_TEXT, true, 0, 0 } } },
};

const char *const device_actions[] = {
	"job",    "cancel",  "clean", "jam",        "clear-jam",   "open-cover", "close-cover",
	"ink",    "replace", "box",   "remove-box", "replace-box", "paper-out",  "load-paper",
	"pause",  "resume",  "sleep", "wake",       "power-off",   "power-on",   "fail",
	"repair", "setting", "clock", "diagnosis",  NULL
};

static const struct action *find_action(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(actions); i++)
		if (!strcmp(actions[i].name, name))
			return &actions[i];
	return NULL;
}

static bool in_range(const struct parameter *parameter, double value)
{
	return value >= (double)parameter->min && value <= (double)parameter->max;
}

static bool value_fits(const struct parameter *parameter, const json_t *value)
{
	switch (parameter->kind) {
	case VALUE_INTEGER:
		return json_is_integer(value) && in_range(parameter, json_number_value(value));
	case VALUE_NUMBER:
		return json_is_number(value) && in_range(parameter, json_number_value(value));
	case VALUE_TEXT:
		return json_is_string(value) && json_string_length(value) <= 255;
	case VALUE_ANY:
		return (json_is_string(value) && json_string_length(value) <= 255) ||
		       (json_is_integer(value) && in_range(parameter, json_number_value(value)));
	case VALUE_INKS:
		return json_is_object(value) ||
		       (json_is_integer(value) && in_range(parameter, json_number_value(value)));
	}
	return false;
}

static const char *expectation(const struct parameter *parameter)
{
	static const char *const words[] = {
		[VALUE_INTEGER] = "a whole number",
		[VALUE_NUMBER] = "a number",
		[VALUE_TEXT] = "a text",
		[VALUE_ANY] = "a text or a whole number",
		[VALUE_INKS] = "a whole number or an object color: microlitres",
	};
	return words[parameter->kind];
}

static int wrong_value(const struct action *action, const struct parameter *parameter,
		       const json_t *value, struct error *err)
{
	char *text = value ? json_text(value) : NULL;
	bool ranged = parameter->min || parameter->max;
	int status;

	if (ranged)
		status = error_set(err, EINVAL, "%s: found %s %s, expected %s from %lld to %lld",
				   action->name, parameter->name, text ? text : "missing",
				   expectation(parameter), (long long)parameter->min,
				   (long long)parameter->max);
	else
		status =
			error_set(err, EINVAL, "%s: found %s %s, expected %s", action->name,
				  parameter->name, text ? text : "missing", expectation(parameter));
	free(text);
	return status;
}

static int check_names(const struct action *action, const json_t *with, struct error *err)
{
	const char *names[PARAMETERS_MAX + 1] = { NULL };
	const char *key;
	json_t *value;

	for (size_t i = 0; i < PARAMETERS_MAX && action->parameters[i].name; i++)
		names[i] = action->parameters[i].name;
	json_object_foreach ((json_t *)with, key, value) {
		bool known = false;
		for (size_t i = 0; names[i]; i++)
			known = known || !strcmp(names[i], key);
		if (known)
			continue;
		const char *nearest = form_nearest(key, names);
		return error_set(err, EINVAL, "%s: found parameter '%s', expected %s", action->name,
				 key,
				 nearest    ? nearest
				 : names[0] ? "a known one"
					    : "none");
	}
	return 0;
}

static int check_parameters(const struct action *action, const json_t *with, struct error *err)
{
	int status = check_names(action, with, err);

	for (size_t i = 0; status >= 0 && i < PARAMETERS_MAX && action->parameters[i].name; i++) {
		const struct parameter *parameter = &action->parameters[i];
		const json_t *value = json_object_get(with, parameter->name);
		if (value ? !value_fits(parameter, value) : parameter->required)
			status = wrong_value(action, parameter, value, err);
	}
	return status;
}

static void see_action(struct device *device, const char *action, const json_t *with)
{
	json_t *fields = with ? json_deep_copy(with) : json_object();
	json_object_set_new(fields, "action", json_string(action));
	device_seen(device, "printer.action", fields);
}

int device_do(struct device *device, const char *name, const json_t *with, struct error *err)
{
	const struct action *action = find_action(name);

	if (!action) {
		const char *nearest = form_nearest(name, device_actions);
		return error_set(err, EINVAL, "found action '%s', expected %s%s", name,
				 nearest ? "" : "one of a printer's actions",
				 nearest ? nearest : "");
	}
	if (with && !json_is_object(with))
		return error_set(err, EINVAL, "%s: expected parameters as name: value", name);
	int status = check_parameters(action, with, err);
	if (status < 0)
		return status;
	if (!device->on && action->run != run_power_on)
		return error_set(err, EIO, "%s: found the printer off, expected it on", name);
	see_action(device, name, with);
	return action->run(device, with, err);
}
