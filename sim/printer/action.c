#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/form.h"
#include "base/json.h"
#include "sim/printer/action.h"
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
	action_run *run;
	struct parameter parameters[PARAMETERS_MAX]; /* ends with name NULL */
};

/* ---- the table ---- */

enum { A_DAY_S = 86400 };

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
	  action_job,
	  { { "seconds", VALUE_NUMBER, true, 0, A_DAY_S },
	    { "lengthMm", VALUE_INTEGER, false, 0, 1000000 },
	    { "squareCm", VALUE_INTEGER, false, 0, 10000000 },
	    { "microlitres", VALUE_INKS, false, 0, ACTION_COUNT_MAX },
	    { "document", VALUE_TEXT, false, 0, 0 },
	    { "owner", VALUE_TEXT, false, 0, 0 } } },
	{ "cancel", action_cancel, { { NULL } } },
	{ "clean",
	  action_clean,
	  { { "ms", VALUE_INTEGER, false, 0, A_DAY_S * 1000 },
	    { "kind", VALUE_TEXT, false, 0, 0 } } },
	{ "jam", action_jam, { { NULL } } },
	{ "clear-jam", action_clear_jam, { { NULL } } },
	{ "open-cover", action_open_cover, { WHICH_COVER } },
	{ "close-cover", action_close_cover, { WHICH_COVER } },
	{ "ink", action_ink, { COLOR, LEVEL } },
	{ "replace", action_replace, { COLOR } },
	{ "box", action_box, { BOX, LEVEL } },
	{ "remove-box", action_remove_box, { BOX } },
	{ "replace-box", action_replace_box, { BOX } },
	{ "paper-out", action_paper_out, { { NULL } } },
	{ "load-paper", action_load_paper, { { "lengthMm", VALUE_INTEGER, false, 1, 655350 } } },
	{ "pause", action_pause, { { NULL } } },
	{ "resume", action_resume, { { NULL } } },
	{ "sleep", action_sleep, { { NULL } } },
	{ "wake", action_wake, { { NULL } } },
	{ "power-off", action_power_off, { { NULL } } },
	{ "power-on", action_power_on, { { NULL } } },
	{ "fail", action_fail, { { NULL } } },
	{ "repair", action_repair, { { "part", VALUE_TEXT, false, 0, 0 } } },
	{ "setting",
	  action_setting,
	  { { "group", VALUE_TEXT, true, 0, 0 },
	    { "name", VALUE_TEXT, true, 0, 0 },
	    { "value", VALUE_ANY, true, INT32_MIN, INT32_MAX } } },
	{ "clock",
	  action_clock,
	  { { "offsetMs", VALUE_INTEGER, true, -365LL * A_DAY_S * 1000,
	      365LL * A_DAY_S * 1000 } } },
	{ "diagnosis", action_diagnosis, { { "result", VALUE_TEXT, true, 0, 0 } } },
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
	if (!device->on && action->run != action_power_on)
		return error_set(err, EIO, "%s: found the printer off, expected it on", name);
	see_action(device, name, with);
	return action->run(device, with, err);
}
