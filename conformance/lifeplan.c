#include "conformance/lifeplan.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/faults.h"
#include "conformance/match.h"
#include "sim/printer/fleet.h"

enum { MS_PER_MINUTE = 60000, MINUTES_A_DAY = 1440 };

static const int64_t YEAR_MS = 366LL * 86400000;

/* ---- as the file has it ---- */

struct deed_row {
	char *action, *fault;
	const struct yaml *with;
	json_t *parameters; /* owned; made from with */
};

struct moment_row {
	char *at;
	int64_t every_ms;
	struct deed_row deed;
};

struct when_row {
	int64_t polls;
	char *item;
	int64_t below, above;
	int state; /* index of states */
};

struct trigger_row {
	struct when_row when;
	bool once;
	int64_t after_ms;
	struct deed_row deed;
};

/* The words of ecsp/README.md for D09 that a printer that is on can have. */
static const char *const states[] = { "error",    "printing", "idle", "paused",
				      "cleaning", "sleeping", NULL };

#define DEED_FIELDS(type)                                                                          \
	{ "do", FIELD_TEXT, offsetof(type, deed.action), .help = "an action of the printer" },     \
		{ "fault", FIELD_TEXT, offsetof(type, deed.fault),                                 \
		  .help = "a deliberate fault of the printer; none: it behaves again" },           \
	{                                                                                          \
		"with", FIELD_NODE, offsetof(type, deed.with), .help = "parameters"                \
	}

static const struct field moment_fields[] = {
	{ "at", FIELD_TEXT, offsetof(struct moment_row, at), .required = true,
	  .help = "10s: so long after the start; 08:30: every day at that time, UTC" },
	{ "every", FIELD_DURATION, offsetof(struct moment_row, every_ms),
	  .help = "again and again after that" },
	DEED_FIELDS(struct moment_row),
	{ .name = NULL },
};
const struct form lifeplan_timeline_form = { "a moment", sizeof(struct moment_row), moment_fields };

static const struct field when_fields[] = {
	{ "polls", FIELD_INT, offsetof(struct when_row, polls), .min = 1, .max = INT32_MAX,
	  .help = "so many requests have come" },
	{ "item", FIELD_TEXT, offsetof(struct when_row, item),
	  .help = "supply.black, box.1, roll.remainingMm, counter.squareCm" },
	{ "below", FIELD_INT, offsetof(struct when_row, below), .min = 0, .max = INT64_MAX,
	  .help = "the item is less than this" },
	{ "above", FIELD_INT, offsetof(struct when_row, above), .min = 0, .max = INT64_MAX,
	  .help = "the item is more than this" },
	{ "state", FIELD_ENUM, offsetof(struct when_row, state), .names = states,
	  .help = "the printer gets into this state" },
	{ .name = NULL },
};
static const struct form when_form = { "a condition", sizeof(struct when_row), when_fields };

static const struct field trigger_fields[] = {
	{ "when", FIELD_FORM, offsetof(struct trigger_row, when), .required = true,
	  .form = &when_form, .help = "polls, item or state" },
	{ "once", FIELD_BOOL, offsetof(struct trigger_row, once),
	  .help = "true: only the first time" },
	{ "after", FIELD_DURATION, offsetof(struct trigger_row, after_ms),
	  .help = "how long until it happens" },
	DEED_FIELDS(struct trigger_row),
	{ .name = NULL },
};
const struct form lifeplan_triggers_form = { "a trigger", sizeof(struct trigger_row),
					     trigger_fields };

/* ---- what the forms cannot say ---- */

static const struct verb *find_verb(const struct deed_row *deed)
{
	return deed->action ? verb_find(&device_actions, deed->action)
			    : verb_find(&device_faults, deed->fault);
}

static int unknown_verb(const struct deed_row *deed, const struct yaml *node, struct error *err)
{
	const char *name = deed->action ? deed->action : deed->fault;
	const char *near = verb_nearest(deed->action ? &device_actions : &device_faults, name);

	return yaml_error(yaml_get(node, deed->action ? "do" : "fault"), err,
			  "found %s '%s', expected %s", deed->action ? "action" : "fault", name,
			  near           ? near
			  : deed->action ? "one of a printer's actions"
					 : "one of a printer's faults, or none");
}

static int finish_deed(struct deed_row *deed, const struct yaml *node, struct error *err)
{
	if (!deed->action == !deed->fault)
		return yaml_error(node, err, "found %s, expected one of do and fault",
				  deed->action ? "both" : "neither");
	bool none = deed->fault && !strcmp(deed->fault, "none");
	const struct verb *verb = none ? NULL : find_verb(deed);
	if (none && deed->with)
		return yaml_error(deed->with, err, "found parameters, expected none");
	if (!none && !verb)
		return unknown_verb(deed, node, err);
	if (verb && verb_check_yaml(verb, deed->with, node, err) < 0)
		return -EINVAL;
	deed->parameters = deed->with ? match_json(deed->with) : NULL;
	return 0;
}

static struct deed deed_of(const struct deed_row *row)
{
	return (struct deed){ row->action, row->fault, row->parameters };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool read_clock(const char *text, int64_t *ms)
{
	if (strlen(text) != 5 || text[2] != ':')
		return false;
	for (size_t i = 0; i < 5; i++)
		if (i != 2 && !is_digit(text[i]))
			return false;
	int64_t hours = (text[0] - '0') * 10 + text[1] - '0';
	int64_t minutes = (text[3] - '0') * 10 + text[4] - '0';
	*ms = (hours * 60 + minutes) * MS_PER_MINUTE;
	return minutes < 60 && *ms < MINUTES_A_DAY * MS_PER_MINUTE;
}

static int finish_moment(struct moment_row *row, const struct yaml *node, struct moment *moment,
			 struct error *err)
{
	const struct yaml *at = yaml_get(node, "at");

	moment->daily = read_clock(row->at, &moment->at_ms);
	if (!moment->daily && (!form_duration(row->at, &moment->at_ms) || moment->at_ms > YEAR_MS))
		return yaml_error(at, err,
				  "found '%s', expected a time after the start as 10s, or a time "
				  "of day as 08:30",
				  row->at);
	if (moment->daily && row->every_ms)
		return yaml_error(yaml_get(node, "every"), err,
				  "found every beside a time of day, which comes every day");
	moment->every_ms = row->every_ms;
	int status = finish_deed(&row->deed, node, err);
	moment->deed = deed_of(&row->deed);
	return status;
}

static int finish_item(const struct when_row *when, const struct yaml *node,
		       struct trigger *trigger, struct error *err)
{
	bool below = yaml_get(node, "below"), above = yaml_get(node, "above");

	if (below == above)
		return yaml_error(node, err, "found %s, expected item with one of below and above",
				  below ? "both" : "neither");
	if (!when->item)
		return yaml_error(node, err, "found %s, expected it beside an item",
				  below ? "below" : "above");
	trigger->item = when->item;
	trigger->above = above;
	trigger->limit = above ? when->above : when->below;
	return 0;
}

static int finish_when(const struct when_row *when, const struct yaml *node,
		       struct trigger *trigger, struct error *err)
{
	bool item = when->item || yaml_get(node, "below") || yaml_get(node, "above");
	bool state = yaml_get(node, "state");

	if ((when->polls != 0) + item + state != 1)
		return yaml_error(node, err, "expected exactly one of polls, item and state");
	trigger->polls = when->polls;
	if (state)
		trigger->state = states[when->state];
	return item ? finish_item(when, node, trigger, err) : 0;
}

static int finish_trigger(struct trigger_row *row, const struct yaml *node, struct trigger *trigger,
			  struct error *err)
{
	int status = finish_when(&row->when, yaml_get(node, "when"), trigger, err);

	trigger->once = row->once;
	trigger->after_ms = row->after_ms;
	if (status == 0)
		status = finish_deed(&row->deed, node, err);
	trigger->deed = deed_of(&row->deed);
	return status;
}

/* ---- all of it ---- */

static struct moment_row *moment_row(const struct lifeplan *plan, size_t i)
{
	return (struct moment_row *)plan->timeline.items + i;
}

static struct trigger_row *trigger_row(const struct lifeplan *plan, size_t i)
{
	return (struct trigger_row *)plan->triggers.items + i;
}

int lifeplan_finish(struct lifeplan *plan, const struct yaml *node, struct error *err)
{
	const struct yaml *timeline = yaml_get(node, "timeline");
	const struct yaml *triggers = yaml_get(node, "triggers");
	int status = day_plan_finish(&plan->day, yaml_get(node, "day"), err);

	plan->moments = alloc_zero(plan->timeline.count + 1, sizeof(*plan->moments));
	plan->pulled = alloc_zero(plan->triggers.count + 1, sizeof(*plan->pulled));
	for (size_t i = 0; i < plan->timeline.count && status == 0; i++)
		status = finish_moment(moment_row(plan, i), timeline->items[i], &plan->moments[i],
				       err);
	for (size_t i = 0; i < plan->triggers.count && status == 0; i++)
		status = finish_trigger(trigger_row(plan, i), triggers->items[i], &plan->pulled[i],
					err);
	return status;
}

static int check_items(const struct lifeplan *plan, const struct yaml *triggers,
		       const struct profile *profile, struct error *err)
{
	struct reading reading;
	struct error wrong;

	for (size_t i = 0; i < plan->triggers.count; i++) {
		const char *item = plan->pulled[i].item;
		if (item && reading_find(profile, item, &reading, &wrong) < 0)
			return yaml_error(yaml_get(yaml_get(triggers->items[i], "when"), "item"),
					  err, "%s", wrong.text);
	}
	return 0;
}

int lifeplan_fits(const struct lifeplan *plan, const struct yaml *node, const char *path,
		  struct error *err)
{
	if (!plan->triggers.count)
		return 0;
	struct profile *profile = profile_load(path, err);
	int status =
		profile ? check_items(plan, yaml_get(node, "triggers"), profile, err) : -EINVAL;
	profile_free(profile);
	return status;
}

void lifeplan_done(struct lifeplan *plan)
{
	for (size_t i = 0; i < plan->timeline.count; i++)
		json_decref(moment_row(plan, i)->deed.parameters);
	for (size_t i = 0; i < plan->triggers.count; i++)
		json_decref(trigger_row(plan, i)->deed.parameters);
	free(plan->moments);
	free(plan->pulled);
}

bool lifeplan_is_empty(const struct lifeplan *plan)
{
	return !plan->day.given && !plan->timeline.count && !plan->triggers.count;
}

struct life_plan lifeplan_of(const struct lifeplan *plan)
{
	return (struct life_plan){
		.day = plan->day.given ? &plan->day : NULL,
		.moments = plan->moments,
		.moment_count = plan->timeline.count,
		.triggers = plan->pulled,
		.trigger_count = plan->triggers.count,
	};
}
