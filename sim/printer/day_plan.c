#include <string.h>

#include "sim/printer/day.h"

enum {
	MINUTES_A_DAY = 1440,
	JOBS_MAX = 2000,
	PER_THOUSAND = 1000,
	USUAL_JAMS = 8,
	USUAL_BREAKDOWNS = 4
};

static const int64_t MINUTE = 60000000000;

static const char *const nights_names[] = { "mixed", "off", "sleep", NULL };

static const struct field day_fields[] = {
	{ "seed", FIELD_INT, offsetof(struct day_plan, seed), .min = 0, .max = INT64_MAX,
	  .help = "what happens by chance; 0 if absent; the fleet's seed counts as well" },
	{ "jobsPerDay", FIELD_INT, offsetof(struct day_plan, jobs), .required = true, .min = 0,
	  .max = JOBS_MAX, .help = "jobs on an average day of work" },
	{ "hours", FIELD_TEXT, offsetof(struct day_plan, hours),
	  .help = "when people are there, UTC: 08:00-18:00 if absent" },
	{ "weekends", FIELD_BOOL, offsetof(struct day_plan, weekends),
	  .help = "true: Saturdays and Sundays are days of work" },
	{ "nights", FIELD_ENUM, offsetof(struct day_plan, nights), .names = nights_names,
	  .help = "what the printer does at night: off, sleep, or mixed if absent" },
	{ "jamsPerThousand", FIELD_INT, offsetof(struct day_plan, jams), .min = 0,
	  .max = PER_THOUSAND, .help = "jobs that jam; 8 if absent" },
	{ "breakdownsPerThousand", FIELD_INT, offsetof(struct day_plan, breakdowns), .min = 0,
	  .max = PER_THOUSAND, .help = "days on which the service must come; 4 if absent" },
	{ .name = NULL },
};
const struct form day_form = { "days of work", sizeof(struct day_plan), day_fields };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "08:30" as minutes of the day, 24:00 included; -1 if it is not that. */
static int64_t read_time(const char *text)
{
	for (size_t i = 0; i < 5; i++)
		if (i == 2 ? text[i] != ':' : !is_digit(text[i]))
			return -1;
	int64_t hours = (text[0] - '0') * 10 + text[1] - '0';
	int64_t minutes = (text[3] - '0') * 10 + text[4] - '0';
	return minutes < 60 && hours * 60 + minutes <= MINUTES_A_DAY ? hours * 60 + minutes : -1;
}

int day_plan_finish(struct day_plan *plan, const struct yaml *node, struct error *err)
{
	const char *hours = plan->hours ? plan->hours : "08:00-18:00";

	plan->given = node != NULL;
	if (!node)
		return 0;
	if (!yaml_get(node, "jamsPerThousand"))
		plan->jams = USUAL_JAMS;
	if (!yaml_get(node, "breakdownsPerThousand"))
		plan->breakdowns = USUAL_BREAKDOWNS;
	if (strlen(hours) == 11 && hours[5] == '-') {
		plan->open = read_time(hours);
		plan->close = read_time(hours + 6);
	}
	if (plan->open >= 0 && plan->close > plan->open)
		return 0;
	return yaml_error(yaml_get(node, "hours"), err,
			  "found hours '%s', expected a beginning and a later end as 08:00-18:00",
			  hours);
}

/* 1970 began on a Thursday. */
static bool is_weekend(int64_t day)
{
	int64_t weekday = ((day + 3) % 7 + 7) % 7; /* 0: Monday */
	return weekday >= 5;
}

int64_t day_plan_attended(const struct day_plan *plan, int64_t wall)
{
	const int64_t whole_day = MINUTES_A_DAY * MINUTE;
	int64_t day = wall / whole_day;

	if (wall >= day * whole_day + plan->close * MINUTE)
		day++;
	while (!plan->weekends && is_weekend(day))
		day++;
	int64_t opens = day * whole_day + plan->open * MINUTE;
	return wall > opens ? wall : opens;
}
