#include "sim/printer/day.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "sim/printer/caretaker.h"
#include "sim/printer/device.h"
#include "sim/printer/dice.h"
#include "sim/printer/trade.h"

enum {
	MS_PER_MINUTE = 60000,
	SLEEP_MINUTES = 15,  /* where the settings do not say */
	CLOSING_MS = 600000, /* between two looks whether it can be switched off */
	CANCELLED = 20,      /* of 1,000 jobs */
	ATTEMPTS_MAX = 3,    /* at one job */
	WARM_CLEANING = 250, /* of 1,000 mornings */
};

static const int64_t NS_PER_MS = 1000000;
static const int64_t NS_PER_DAY = 86400000000000;

/* What chance is asked for. */
enum purpose {
	OF_THE_PRINTER,
	OF_THE_DAY,
	OF_ARRIVAL,
	OF_JOB,
	OF_SPOOLING,
	OF_MISHAP,
	OF_MORNING,
	OF_SETTING
};

struct appointment {
	int64_t ms;   /* after midnight */
	size_t order; /* of two at the same moment */
	void (*keep)(struct day *day);
};

struct day {
	struct device *device;
	const struct day_plan *plan;
	uint64_t key;
	bool sleeps; /* at night, instead of being switched off */
	struct caretaker *caretaker;
	struct timer *book, *start, *mishap, *doze, *closing;

	int64_t number; /* days since 1970 */
	struct appointment *appointments;
	size_t count, kept;

	uint64_t sent, printed; /* jobs: the difference waits */
	int attempt;            /* at the first that waits */
	bool printing;
	const char *mishap_action; /* that the timer brings */
};

static struct loop *loop_of(const struct day *day)
{
	return day->device->host->time;
}

/* What may be refused is: a printer that is off, or in an error, does not do what it is told. */
static void act(struct day *day, const char *action, json_t *with)
{
	struct error err;

	(void)device_do(day->device, action, with, &err);
	json_decref(with);
}

/* ---- jobs ---- */

static bool can_start(const struct day *day)
{
	const struct device *device = day->device;
	return day->printed < day->sent && device->on && !device->last->has_error &&
	       !device->paused && device->activity == ACTIVITY_NONE;
}

static void plan_mishap(struct day *day, int64_t job_ms)
{
	const struct day_plan *plan = day->plan;
	struct dice dice = dice_for(day->key, OF_MISHAP, day->printed);
	bool jams_now = dice_chance(&dice, plan->jams), cancelled = dice_chance(&dice, CANCELLED);

	if (day->attempt > 1 || (!jams_now && !cancelled))
		return;
	day->mishap_action = jams_now ? "jam" : "cancel";
	timer_in(day->mishap, (uint64_t)(job_ms * dice_between(&dice, 5, 95) / 100));
}

/* Half of the people look first whether the roll is long enough. */
static void check_roll(struct day *day, const json_t *job, struct dice *dice)
{
	bool looks = dice_chance(dice, 500);
	if (looks && json_int_of(job, "lengthMm", 0) > day->device->roll_mm)
		act(day, "load-paper", trade_roll(day->device, dice));
}

static void start_job(void *arg)
{
	struct day *day = arg;

	if (!can_start(day))
		return;
	struct dice dice = dice_for(day->key, OF_JOB, day->printed);
	AUTO_JSON json_t *job = trade_job(day->device, &dice);
	check_roll(day, job, &dice);
	timer_stop(day->start); /* new paper has set it */
	day->attempt++;
	day->printing = true;
	plan_mishap(day, (int64_t)(json_number_value(json_object_get(job, "seconds")) * 1000));
	act(day, "job", json_incref(job));
}

static bool has_failed(const struct device *device)
{
	const struct history *jobs = &device->logs[LOG_JOBS];
	return jobs->count && !strcmp(jobs->rows[jobs->count - 1].kind, "error");
}

/* What came out badly is printed again, but not for ever. */
static void after_job(struct day *day)
{
	day->printing = false;
	timer_stop(day->mishap);
	if (has_failed(day->device) && day->attempt < ATTEMPTS_MAX)
		return;
	day->printed++;
	day->attempt = 0;
}

static void mishap_comes(void *arg)
{
	struct day *day = arg;
	if (day->device->activity == ACTIVITY_PRINTING)
		act(day, day->mishap_action, NULL);
}

/* ---- what stands in the book ---- */

static void power_on(struct day *day)
{
	struct dice dice = dice_for(day->key, OF_MORNING, (uint64_t)day->number);

	if (day->device->on)
		return;
	act(day, "power-on", NULL);
	if (dice_chance(&dice, WARM_CLEANING))
		act(day, "clean",
		    json_pack("{s:s,s:I}", "kind", "auto", "ms",
			      (json_int_t)dice_between(&dice, 90, 240) * 1000));
}

static void send_job(struct day *day)
{
	day->sent++;
	day_changed(day);
}

static void open_cover(struct day *day)
{
	const struct device *device = day->device;

	if (device->on && device->activity == ACTIVITY_NONE && device->profile->covers.count)
		act(day, "open-cover", NULL);
}

static void clog_nozzles(struct day *day)
{
	act(day, "diagnosis", json_pack("{s:s}", "result", "nozzles"));
	day_changed(day);
}

static void break_down(struct day *day)
{
	act(day, "fail", NULL);
}

static void change_setting(struct day *day)
{
	struct dice dice = dice_for(day->key, OF_SETTING, (uint64_t)day->number);
	act(day, "setting",
	    json_pack("{s:s,s:s,s:I}", "group", "panel", "name", "brightness", "value",
		      (json_int_t)dice_between(&dice, 1, 9)));
}

static void pause_it(struct day *day)
{
	act(day, "pause", NULL);
}

static void close_up(void *arg)
{
	struct day *day = arg;

	if (day->sleeps || !day->device->on)
		return;
	if (day->device->activity == ACTIVITY_NONE && !can_start(day))
		act(day, "power-off", NULL);
	else
		timer_in(day->closing, CLOSING_MS);
}

static void leave(struct day *day)
{
	close_up(day);
}

/* What may happen once a day, and how likely it is on a day of work. */
static const struct {
	void (*keep)(struct day *day);
	int64_t per_thousand;
} incidents[] = {
	{ open_cover, 300 },
	{ clog_nozzles, 150 },
	{ change_setting, 40 },
	{ pause_it, 120 },
};

/* Work is heaviest before noon and in the middle of the afternoon; in millionths of the hours. */
static const curve arrivals = { 20000,  150000, 240000, 320000, 430000,
				590000, 680000, 790000, 985000 };
static const curve business = { 350, 600, 750, 880, 1000, 1110, 1240, 1420, 1900 };

static void note(struct day *day, int64_t ms, void (*keep)(struct day *day))
{
	day->appointments[day->count] = (struct appointment){ ms, day->count, keep };
	day->count++;
}

static void note_jobs(struct day *day, struct dice *dice, int64_t opens, int64_t length)
{
	int64_t jobs = day->plan->jobs * dice_curve(dice, business) / 1000;

	for (int64_t i = 0; i < jobs; i++) {
		struct dice own = dice_for(day->key, OF_ARRIVAL, (uint64_t)(day->number << 12 | i));
		note(day, opens + length * dice_curve(&own, arrivals) / 1000000, send_job);
	}
}

static void note_incidents(struct day *day, struct dice *dice, int64_t opens, int64_t length)
{
	const struct day_plan *plan = day->plan;

	for (size_t i = 0; i < COUNT_OF(incidents); i++) {
		int64_t ms = opens + dice_between(dice, 0, length);
		if (dice_chance(dice, incidents[i].per_thousand))
			note(day, ms, incidents[i].keep);
	}
	int64_t ms = opens + dice_between(dice, 0, length);
	if (dice_chance(dice, plan->breakdowns))
		note(day, ms, break_down);
}

static int compare_appointments(const void *a, const void *b)
{
	const struct appointment *x = a, *y = b;
	if (x->ms != y->ms)
		return x->ms < y->ms ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void plan_day(struct day *day)
{
	const struct day_plan *plan = day->plan;
	struct dice dice = dice_for(day->key, OF_THE_DAY, (uint64_t)day->number);
	int64_t opens = plan->open * MS_PER_MINUTE, closes = plan->close * MS_PER_MINUTE;
	int64_t noon = day->number * NS_PER_DAY + NS_PER_DAY / 2;

	free(day->appointments);
	day->appointments = alloc_zero((size_t)plan->jobs * 2 + COUNT_OF(incidents) + 3,
				       sizeof(*day->appointments));
	day->count = day->kept = 0;
	if (day_plan_attended(plan, noon) / NS_PER_DAY != day->number)
		return;
	opens += dice_between(&dice, 0, (closes - opens) / 40); /* nobody is quite on time */
	note(day, opens, power_on);
	note_jobs(day, &dice, opens, closes - opens);
	note_incidents(day, &dice, opens, closes - opens);
	note(day, closes - dice_between(&dice, 0, (closes - opens) / 40), leave);
	qsort(day->appointments, day->count, sizeof(*day->appointments), compare_appointments);
}

/* The next appointment of the day, else midnight. */
static void set_book(struct day *day)
{
	int64_t wall = loop_wall(loop_of(day)), midnight = day->number * NS_PER_DAY;
	int64_t then = day->kept < day->count
			       ? midnight + day->appointments[day->kept].ms * NS_PER_MS
			       : midnight + NS_PER_DAY;

	timer_set(day->book, loop_now(loop_of(day)) + (uint64_t)(then > wall ? then - wall : 0));
}

static void book_rings(void *arg)
{
	struct day *day = arg;

	if (day->kept < day->count) {
		day->appointments[day->kept++].keep(day);
	} else {
		day->number++;
		plan_day(day);
	}
	set_book(day);
}

/* ---- what follows a change ---- */

static uint64_t sleep_ms(const struct device *device)
{
	return (uint64_t)json_int_of(device->settings[GROUP_PRINTER], "sleepMinutes",
				     SLEEP_MINUTES) *
	       MS_PER_MINUTE;
}

static void fall_asleep(void *arg)
{
	act(arg, "sleep", NULL);
}

void day_changed(struct day *day)
{
	const struct device *device = day->device;

	if (day->printing && device->activity != ACTIVITY_PRINTING)
		after_job(day);
	if (can_start(day) && !timer_active(day->start)) {
		struct dice dice = dice_for(day->key, OF_SPOOLING,
					    day->printed * ATTEMPTS_MAX + (uint64_t)day->attempt);
		timer_in(day->start, (uint64_t)dice_between(&dice, 1500, 20000));
	}
	if (device->last->code != STATUS_IDLE)
		timer_stop(day->doze);
	else if (!timer_active(day->doze))
		timer_in(day->doze, sleep_ms(device));
	caretaker_look(day->caretaker);
}

/* ---- life time ---- */

/* What would have happened today before the printer was there has not. */
static void skip_past(struct day *day)
{
	int64_t ms = (loop_wall(loop_of(day)) - day->number * NS_PER_DAY) / NS_PER_MS;

	while (day->kept < day->count && day->appointments[day->kept].ms < ms)
		day->kept++;
}

static void find_as_left(struct day *day)
{
	int64_t wall = loop_wall(loop_of(day));

	if (day_plan_attended(day->plan, wall) != wall && !day->sleeps)
		act(day, "power-off", NULL);
	day_changed(day);
}

struct day *day_new(struct device *device, const struct day_plan *plan, uint64_t seed)
{
	struct day *day = alloc_zero(1, sizeof(*day));
	struct loop *loop = device->host->time;
	uint64_t key = dice_key(seed ^ (uint64_t)plan->seed << 1, device->name);
	struct dice dice = dice_for(key, OF_THE_PRINTER, 0);

	*day = (struct day){ .device = device, .plan = plan, .key = key };
	day->sleeps = plan->nights == NIGHTS_MIXED ? dice_chance(&dice, 500)
						   : plan->nights == NIGHTS_SLEEP;
	day->caretaker = caretaker_new(device, plan, key);
	day->book = timer_new(loop, book_rings, day);
	day->start = timer_new(loop, start_job, day);
	day->mishap = timer_new(loop, mishap_comes, day);
	day->doze = timer_new(loop, fall_asleep, day);
	day->closing = timer_new(loop, close_up, day);
	day->number = loop_wall(loop) / NS_PER_DAY;
	plan_day(day);
	skip_past(day);
	set_book(day);
	find_as_left(day);
	return day;
}

void day_free(struct day *day)
{
	if (!day)
		return;
	caretaker_free(day->caretaker);
	timer_free(day->book);
	timer_free(day->start);
	timer_free(day->mishap);
	timer_free(day->doze);
	timer_free(day->closing);
	free(day->appointments);
	free(day);
}
