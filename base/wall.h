/* wall.h: the calendar. Intervals belong to loop.h; this is for stamps that people and protocols
 * read. All times are UTC nanoseconds since 1970. */
#ifndef BASE_WALL_H
#define BASE_WALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WALL_TEXT_MAX = 32 };

int64_t wall_now(void);

/* RFC 3339 with milliseconds, "2026-11-22T10:15:30.123Z". Returns text. */
const char *wall_format(int64_t ns, char text[WALL_TEXT_MAX]);

/* Reads RFC 3339 with any offset and any number of second decimals; false if it is not that. */
bool wall_parse(const char *text, int64_t *ns);

/* Civil fields of a moment, for DateAndTime (RFC 2579) and the like. */
struct wall_fields {
	int year, month, day, hour, minute, second, decisecond;
};
struct wall_fields wall_fields(int64_t ns);
int64_t wall_from_fields(const struct wall_fields *fields);

#endif
