#include "base/wall.h"

#include <ctype.h>
#include <stdio.h>
#include <time.h>

static const int64_t SECOND = 1000000000;

int64_t wall_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static int64_t floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

struct wall_fields wall_fields(int64_t ns)
{
	time_t seconds = (time_t)floor_div(ns, SECOND);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	return (struct wall_fields){
		.year = tm.tm_year + 1900,
		.month = tm.tm_mon + 1,
		.day = tm.tm_mday,
		.hour = tm.tm_hour,
		.minute = tm.tm_min,
		.second = tm.tm_sec,
		.decisecond = (int)((ns - seconds * SECOND) / (SECOND / 10)),
	};
}

int64_t wall_from_fields(const struct wall_fields *fields)
{
	struct tm tm = {
		.tm_year = fields->year - 1900,
		.tm_mon = fields->month - 1,
		.tm_mday = fields->day,
		.tm_hour = fields->hour,
		.tm_min = fields->minute,
		.tm_sec = fields->second,
	};
	return timegm(&tm) * SECOND + fields->decisecond * (SECOND / 10);
}

const char *wall_format(int64_t ns, char text[WALL_TEXT_MAX])
{
	struct wall_fields f = wall_fields(ns);
	int64_t milliseconds = (ns - floor_div(ns, SECOND) * SECOND) / 1000000;
	snprintf(text, WALL_TEXT_MAX, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
		 (unsigned)f.year % 10000u, (unsigned)f.month % 100u, (unsigned)f.day % 100u,
		 (unsigned)f.hour % 100u, (unsigned)f.minute % 100u, (unsigned)f.second % 100u,
		 (unsigned)milliseconds % 1000u);
	return text;
}

/* Reads exactly `digits` digits in [low, high], then the separator (0: none). */
static bool number(const char **text, int digits, int low, int high, char separator, int *value)
{
	*value = 0;
	for (int i = 0; i < digits; i++, (*text)++) {
		if (!isdigit((unsigned char)**text))
			return false;
		*value = *value * 10 + (**text - '0');
	}
	if (separator && *(*text)++ != separator)
		return false;
	return *value >= low && *value <= high;
}

static int64_t fraction(const char **text)
{
	int64_t value = 0;
	int64_t scale = SECOND;

	if (**text != '.')
		return 0;
	for ((*text)++; isdigit((unsigned char)**text); (*text)++) {
		scale /= 10;
		value += (**text - '0') * scale;
	}
	return value;
}

bool wall_parse(const char *text, int64_t *ns)
{
	struct wall_fields f = { 0 };

	/* The years that 64 bits of nanoseconds hold whole. */
	if (!number(&text, 4, 1678, 2261, '-', &f.year) ||
	    !number(&text, 2, 1, 12, '-', &f.month) || !number(&text, 2, 1, 31, 0, &f.day) ||
	    (*text != 'T' && *text != 't'))
		return false;
	text++;
	if (!number(&text, 2, 0, 23, ':', &f.hour) || !number(&text, 2, 0, 59, ':', &f.minute) ||
	    !number(&text, 2, 0, 60, 0, &f.second))
		return false;
	int64_t parts = fraction(&text);
	int64_t offset = 0;
	if (*text == 'Z' || *text == 'z') {
		text++;
	} else if (*text == '+' || *text == '-') {
		int sign = *text++ == '-' ? -1 : 1;
		int hours, minutes;
		if (!number(&text, 2, 0, 23, ':', &hours) || !number(&text, 2, 0, 59, 0, &minutes))
			return false;
		offset = sign * (hours * 60 + minutes) * 60 * SECOND;
	} else {
		return false;
	}
	if (*text)
		return false;
	*ns = wall_from_fields(&f) + parts - offset;
	return true;
}
