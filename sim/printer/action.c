#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/verb.h"
#include "sim/printer/action.h"
#include "sim/printer/device.h"

/* device_do: what a scenario can do to a printer, as a table of verbs and functions. */

struct action {
	struct verb verb;
	action_run *run;
	bool while_off; /* people can do that to a printer that is switched off */
};

enum { DAY_S = 86400 };

#define P(name, type, required, min, max, help)                                                    \
	{                                                                                          \
		name, PARAMETER_##type, required, min, max, NULL, help                             \
	}
#define ENDS                                                                                       \
	{                                                                                          \
		.name = NULL                                                                       \
	}

static const struct parameter of_job[] = {
	P("seconds", NUMBER, true, 0, DAY_S, "how long it prints"),
	P("lengthMm", INT, false, 0, 1000000, "of media fed"),
	P("squareCm", INT, false, 0, 10000000, "area printed"),
	P("microlitres", AMOUNTS, false, 0, ACTION_COUNT_MAX,
	  "of ink: a sum, shared out, or colour: amount"),
	P("document", TEXT, false, 0, 0, "the document's name"),
	P("owner", TEXT, false, 0, 0, "who printed it"),
	ENDS,
};
static const struct parameter of_clean[] = {
	P("ms", INT, false, 0, DAY_S * 1000, "how long it takes"),
	{ "kind", PARAMETER_NAME, false, 0, 0, action_cleanings, "who began it" },
	ENDS,
};
static const struct parameter of_cover[] = {
	P("cover", INT, false, 1, COVERS_MAX, "which; default 1"),
	ENDS,
};
static const struct parameter of_ink[] = {
	P("color", TEXT, true, 0, 0, "as the profile names it"),
	P("level", INT, true, 0, 100, "percent"),
	ENDS,
};
static const struct parameter of_color[] = {
	P("color", TEXT, true, 0, 0, "as the profile names it"),
	ENDS,
};
static const struct parameter of_box_level[] = {
	P("box", INT, false, 1, BOXES_MAX, "which; default 1"),
	P("level", INT, true, 0, 100, "percent that still fits"),
	ENDS,
};
static const struct parameter of_box[] = {
	P("box", INT, false, 1, BOXES_MAX, "which; default 1"),
	ENDS,
};
static const struct parameter of_paper[] = {
	P("lengthMm", INT, false, 1, 655350, "on the roll; default: a new one's"),
	P("type", TEXT, false, 0, 0, "of media; default: as before, like the two that follow"),
	P("typeId", INT, false, 0, 255, "its number in the status block"),
	P("widthTenthMm", INT, false, 100, 30000, "its width"),
	ENDS,
};
static const struct parameter of_repair[] = {
	P("part", TEXT, false, 0, 0, "what was replaced; default: service"),
	ENDS,
};
static const struct parameter of_setting[] = {
	{ "group", PARAMETER_NAME, true, 0, 0, action_groups, "of settings" },
	P("name", TEXT, true, 0, 0, "of the setting"),
	P("value", SCALAR, true, INT32_MIN, INT32_MAX, "text or number"),
	ENDS,
};
static const struct parameter of_clock[] = {
	P("offsetMs", INT, true, -365LL * DAY_S * 1000, 365LL * DAY_S * 1000, "from the true time"),
	ENDS,
};
static const struct parameter of_drift[] = {
	P("secondsPerDay", INT, true, -3600, 3600, "how much it gains; 0: it runs true again"),
	ENDS,
};
static const struct parameter of_reboot[] = {
	P("seconds", NUMBER, false, 0, DAY_S, "until it answers again; default 30"),
	ENDS,
};
static const struct parameter of_address[] = {
	P("address", TEXT, true, 0, 0, "the new one, 10.16.0.99"),
	ENDS,
};
static const struct parameter of_board[] = {
	P("serial", TEXT, false, 0, 0, "the new number; default: another one"),
	P("mac", TEXT, false, 0, 0, "the new address of its card, 12 hex digits; default: another"),
	P("counters", BOOL, false, 0, 0, "true: they begin at 0 again"),
	ENDS,
};
static const struct parameter of_counter[] = {
	{ "name", PARAMETER_NAME, true, 0, 0, action_counters, "which" },
	P("value", INT, true, 0, 1LL << 48, "in its own unit"),
	ENDS,
};
static const struct parameter of_diagnosis[] = {
	{ "result", PARAMETER_NAME, true, 0, 0, action_results, "what the next diagnosis finds" },
	ENDS,
};

static const struct action actions[] = {
	{ { "job", "prints a job", of_job }, action_job },
	{ { "cancel", "the job in hand ends early", NULL }, action_cancel },
	{ { "clean", "cleans the head", of_clean }, action_clean },
	{ { "jam", "the paper jams", NULL }, action_jam },
	{ { "clear-jam", "the jam is cleared", NULL }, action_clear_jam },
	{ { "open-cover", "a cover opens", of_cover }, action_open_cover, true },
	{ { "close-cover", "a cover closes", of_cover }, action_close_cover, true },
	{ { "ink", "an ink has this level from now on", of_ink }, action_ink },
	{ { "replace", "a full cartridge goes in", of_color }, action_replace, true },
	{ { "box", "a maintenance box has this much room from now on", of_box_level }, action_box },
	{ { "remove-box", "a maintenance box is taken out", of_box }, action_remove_box, true },
	{ { "replace-box", "an empty maintenance box goes in", of_box }, action_replace_box, true },
	{ { "paper-out", "the roll ends", NULL }, action_paper_out },
	{ { "load-paper", "a new roll goes in", of_paper }, action_load_paper, true },
	{ { "pause", "printing is held", NULL }, action_pause },
	{ { "resume", "printing goes on", NULL }, action_resume },
	{ { "sleep", "goes to sleep", NULL }, action_sleep },
	{ { "wake", "wakes up", NULL }, action_wake },
	{ { "power-off", "is switched off", NULL }, action_power_off },
	{ { "power-on", "is switched on", NULL }, action_power_on, true },
	{ { "reboot", "starts again", of_reboot }, action_reboot },
	{ { "address", "gets another address, as after a new lease", of_address },
	  action_address,
	  true },
	{ { "board", "the main board is swapped: serial number and MAC change", of_board },
	  action_board,
	  true },
	{ { "fail", "breaks down: only service can help", NULL }, action_fail },
	{ { "repair", "is repaired by service", of_repair }, action_repair, true },
	{ { "setting", "a setting is changed", of_setting }, action_setting },
	{ { "clock", "its clock is set wrong", of_clock }, action_clock },
	{ { "drift", "its clock runs fast or slow", of_drift }, action_drift },
	{ { "counter", "a counter has this value from now on", of_counter }, action_counter },
	{ { "diagnosis", "the next diagnosis will find this", of_diagnosis }, action_diagnosis },
};

const struct verb_list device_actions = VERB_LIST(actions);

static void see_action(struct device *device, const char *action, const json_t *with)
{
	json_t *fields = with ? json_deep_copy(with) : json_object();
	json_object_set_new(fields, "action", json_string(action));
	device_seen(device, "printer.action", fields);
}

int device_do(struct device *device, const char *name, const json_t *with, struct error *err)
{
	const struct action *action = (const struct action *)verb_find(&device_actions, name);

	if (!action) {
		const char *nearest = verb_nearest(&device_actions, name);
		return error_set(err, EINVAL, "found action '%s', expected %s%s", name,
				 nearest ? "" : "one of a printer's actions",
				 nearest ? nearest : "");
	}
	int status = verb_check(&action->verb, with, NULL, err);
	if (status < 0)
		return status;
	if (!device->on && !action->while_off)
		return error_set(err, EIO, "%s: found the printer off, expected it on", name);
	see_action(device, name, with);
	return action->run(device, with, err);
}
