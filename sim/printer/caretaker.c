#include "sim/printer/caretaker.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "sim/printer/day.h"
#include "sim/printer/device.h"
#include "sim/printer/dice.h"
#include "sim/printer/trade.h"

enum { PURPOSE_VISIT = 0x100, NS_PER_S = 1000000000 };

/* What is wrong and may be put right, the most urgent first: how long until somebody has done it,
 * in seconds, and what he does; part is the ink or box that it is about. */
struct remedy {
	bool (*needed)(const struct device *device, size_t *part);
	curve seconds;
	const char *action;
	json_t *(*with)(const struct device *device, size_t part, struct dice *dice); /* or NULL */
};

struct caretaker {
	struct device *device;
	const struct day_plan *plan;
	uint64_t key, visits;
	struct timer *timer;
	const struct remedy *coming; /* NULL: nobody is on his way */
};

/* ---- what is wrong ---- */

static bool is_broken(const struct device *device, size_t *part)
{
	(void)part;
	return device->fatal;
}

static bool is_jammed_shut(const struct device *device, size_t *part)
{
	(void)part;
	return device->jam && !device->covers_open;
}

static bool is_jammed_open(const struct device *device, size_t *part)
{
	(void)part;
	return device->jam;
}

static bool is_open(const struct device *device, size_t *part)
{
	for (*part = 0; *part < COVERS_MAX; (*part)++)
		if (device->covers_open >> *part & 1)
			return true;
	return false;
}

static bool find_box(const struct device *device, size_t *part,
		     bool (*holds)(const struct device *device, size_t box))
{
	for (*part = 0; *part < device->profile->boxes.count; (*part)++)
		if (holds(device, *part))
			return true;
	return false;
}

static bool is_out(const struct device *device, size_t box)
{
	return device->boxes[box].removed;
}

static bool is_full(const struct device *device, size_t box)
{
	return box_level(device, box) == 0;
}

static bool is_nearly_full(const struct device *device, size_t box)
{
	return box_level(device, box) <= profile_box(device->profile, box)->low;
}

static bool lacks_box(const struct device *device, size_t *part)
{
	return find_box(device, part, is_out);
}

static bool has_full_box(const struct device *device, size_t *part)
{
	return find_box(device, part, is_full);
}

static bool will_need_box(const struct device *device, size_t *part)
{
	return find_box(device, part, is_nearly_full);
}

static bool find_ink(const struct device *device, size_t *part, bool empty)
{
	for (*part = 0; *part < device->profile->inks.count; (*part)++)
		if (ink_level(device, *part) <=
		    (empty ? 0 : profile_ink(device->profile, *part)->low))
			return true;
	return false;
}

static bool lacks_ink(const struct device *device, size_t *part)
{
	return find_ink(device, part, true);
}

static bool will_need_ink(const struct device *device, size_t *part)
{
	return find_ink(device, part, false);
}

static bool lacks_paper(const struct device *device, size_t *part)
{
	(void)part;
	return device->paper_out;
}

static bool has_stripes(const struct device *device, size_t *part)
{
	(void)part;
	return !strcmp(device->diagnosis, "nozzles");
}

static bool is_paused(const struct device *device, size_t *part)
{
	(void)part;
	return device->paused;
}

/* ---- what is done about it ---- */

static json_t *with_part(const struct device *device, size_t part, struct dice *dice)
{
	static const char *const parts[] = { "Print Head", "Cutter", "Main Board", "Feed Roller",
					     "Capping Station" };
	(void)device;
	(void)part;
	return json_pack("{s:s}", "part",
			 parts[dice_between(dice, 0, (int64_t)COUNT_OF(parts) - 1)]);
}

static json_t *with_cover(const struct device *device, size_t part, struct dice *dice)
{
	(void)device;
	(void)dice;
	return json_pack("{s:I}", "cover", (json_int_t)part + 1);
}

static json_t *with_box(const struct device *device, size_t part, struct dice *dice)
{
	(void)device;
	(void)dice;
	return json_pack("{s:I}", "box", (json_int_t)part + 1);
}

static json_t *with_color(const struct device *device, size_t part, struct dice *dice)
{
	(void)dice;
	return json_pack("{s:s}", "color", profile_ink(device->profile, part)->color);
}

static json_t *with_cleaning(const struct device *device, size_t part, struct dice *dice)
{
	(void)device;
	(void)part;
	return json_pack("{s:s,s:I}", "kind", "manual", "ms",
			 (json_int_t)dice_between(dice, 150, 420) * 1000);
}

static json_t *with_roll(const struct device *device, size_t part, struct dice *dice)
{
	(void)part;
	return trade_roll(device, dice);
}

static const struct remedy remedies[] = {
	{ is_broken,
	  { 2700, 4000, 6000, 8500, 11000, 14000, 20000, 30000, 86400 },
	  "repair",
	  with_part },
	{ is_jammed_shut, { 20, 45, 70, 110, 170, 260, 420, 800, 3600 }, "open-cover", NULL },
	{ is_jammed_open, { 10, 18, 25, 35, 50, 70, 100, 160, 400 }, "clear-jam", NULL },
	{ lacks_box, { 15, 22, 30, 40, 55, 75, 110, 200, 900 }, "replace-box", with_box },
	{ is_open, { 4, 7, 10, 14, 20, 30, 50, 110, 600 }, "close-cover", with_cover },
	{ has_full_box,
	  { 60, 150, 300, 500, 800, 1300, 2200, 4500, 9000 },
	  "remove-box",
	  with_box },
	{ lacks_ink, { 60, 120, 200, 320, 500, 800, 1400, 3000, 9000 }, "replace", with_color },
	{ lacks_paper, { 30, 60, 90, 140, 220, 340, 600, 1200, 5400 }, "load-paper", with_roll },
	{ is_paused, { 30, 60, 90, 140, 220, 340, 600, 1200, 5400 }, "resume", NULL },
	{ has_stripes, { 60, 120, 240, 400, 600, 900, 1500, 2700, 7200 }, "clean", with_cleaning },
	/* Nothing stops yet: whoever has the time, some only when it is empty. */
	{ will_need_ink,
	  { 600, 2400, 6000, 12000, 22000, 36000, 60000, 100000, 200000 },
	  "replace",
	  with_color },
	{ will_need_box,
	  { 1800, 6000, 12000, 24000, 40000, 60000, 90000, 140000, 300000 },
	  "remove-box",
	  with_box },
};

static const struct remedy *needed(const struct device *device, size_t *part)
{
	for (size_t i = 0; i < COUNT_OF(remedies); i++)
		if (remedies[i].needed(device, part))
			return &remedies[i];
	return NULL;
}

/* Nobody changes a part in the middle of a job: he comes when it is done. */
static void do_it(void *arg)
{
	struct caretaker *caretaker = arg;
	struct device *device = caretaker->device;
	size_t part;
	const struct remedy *remedy = needed(device, &part);
	struct error err;

	caretaker->coming = NULL;
	if (!remedy || device->activity != ACTIVITY_NONE)
		return;
	struct dice dice = dice_for(caretaker->key, PURPOSE_VISIT + 1, caretaker->visits);
	AUTO_JSON json_t *with = remedy->with ? remedy->with(device, part, &dice) : NULL;
	if (remedy->needed == has_stripes)
		device->diagnosis = "ok"; /* seen to by the cleaning that begins now */
	/* A printer that has been switched off meanwhile refuses: its next change is looked at. */
	(void)device_do(device, remedy->action, with, &err);
}

void caretaker_look(struct caretaker *caretaker)
{
	struct device *device = caretaker->device;
	size_t part;
	const struct remedy *remedy = device->on ? needed(device, &part) : NULL;

	if (remedy == caretaker->coming && (!remedy || timer_active(caretaker->timer)))
		return;
	caretaker->coming = remedy;
	timer_stop(caretaker->timer);
	if (!remedy)
		return;
	struct dice dice = dice_for(caretaker->key, PURPOSE_VISIT, ++caretaker->visits);
	int64_t now = loop_wall(device->host->time);
	int64_t then = day_plan_attended(caretaker->plan, now) +
		       dice_curve(&dice, remedy->seconds) * NS_PER_S;
	then = day_plan_attended(caretaker->plan, then);
	timer_set(caretaker->timer, loop_now(device->host->time) + (uint64_t)(then - now));
}

struct caretaker *caretaker_new(struct device *device, const struct day_plan *plan, uint64_t key)
{
	struct caretaker *caretaker = alloc_zero(1, sizeof(*caretaker));

	*caretaker = (struct caretaker){ .device = device, .plan = plan, .key = key };
	caretaker->timer = timer_new(device->host->time, do_it, caretaker);
	return caretaker;
}

void caretaker_free(struct caretaker *caretaker)
{
	if (!caretaker)
		return;
	timer_free(caretaker->timer);
	free(caretaker);
}
