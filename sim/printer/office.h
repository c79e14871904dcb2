/* office.h: printers in virtual time, for tests: every change is kept, every observation too. */
#ifndef SIM_PRINTER_OFFICE_H
#define SIM_PRINTER_OFFICE_H

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"
#include "base/wall.h"
#include "sim/printer/device.h"
#include "sim/printer/life.h"

enum { FIRST = 0x0a100001, HOUR_MS = 3600000, MINUTE_MS = 60000, DAY_MS = 24 * HOUR_MS };

/* An office in virtual time; every change of its printers is a line of text. */
struct office {
	struct tap truth, tap; /* both first, so a tap is the office */
	struct loop *loop;
	struct profile *profile;
	struct fleet *fleet;
	struct day_plan plan;
	json_t *lines; /* name: list of truths */
	json_t *seen;  /* observations, each with "kind" */
	uint32_t next;
};

static inline void office_keep(struct tap *tap, const char *kind, json_t *fields)
{
	struct office *office = (struct office *)tap;
	char now[WALL_TEXT_MAX];
	const char *name = json_text_of(fields, "device", "");

	ck_assert_str_eq(kind, "truth");
	json_object_set_new(fields, "time", json_string(wall_format(loop_wall(office->loop), now)));
	if (!json_object_get(office->lines, name))
		json_object_set_new(office->lines, name, json_array());
	json_array_append_new(json_object_get(office->lines, name), fields);
}

static inline void office_seen(struct tap *tap, const char *kind, json_t *fields)
{
	struct office *office =
		(struct office *)(void *)((char *)tap - offsetof(struct office, tap));

	json_object_set_new(fields, "kind", json_string(kind));
	json_array_append_new(office->seen, fields);
}

static inline struct office *office_new(const char *start, uint64_t seed)
{
	struct office *office = alloc_zero(1, sizeof(*office));
	struct error err;
	int64_t wall;

	ck_assert(wall_parse(start, &wall));
	office->truth.seen = office_keep;
	office->tap.seen = office_seen;
	office->seen = json_array();
	office->lines = json_object();
	office->loop = loop_new_virtual(wall);
	office->profile = profile_load("sim/printer/profiles/sc-t-24.yaml", &err);
	ck_assert_msg(office->profile != NULL, "%s", error_text(&err));
	office->fleet = fleet_new(&(struct fleet_options){ .loop = office->loop,
							   .tap = &office->tap,
							   .truth = &office->truth,
							   .truth_changes = true,
							   .seed = seed });
	office->plan = (struct day_plan){
		.given = true, .jobs = 40, .open = 480, .close = 1080, .nights = NIGHTS_OFF
	};
	return office;
}

static inline void office_free(struct office *office)
{
	fleet_free(office->fleet);
	profile_free(office->profile);
	loop_free(office->loop);
	json_decref(office->lines);
	json_decref(office->seen);
	free(office);
}

static inline struct device *office_add(struct office *office, const char *name)
{
	struct error err;
	struct device *device = fleet_add(office->fleet,
					  &(struct device_options){ .name = name,
								    .profile = office->profile,
								    .address = FIRST + office->next,
								    .serial = name },
					  &err);
	ck_assert_msg(device != NULL, "%s", error_text(&err));
	office->next++;
	return device;
}

static inline struct device *office_employ(struct office *office, const char *name)
{
	struct error err;
	struct device *device = office_add(office, name);
	ck_assert_int_eq(device_live(device, &(struct life_plan){ .day = &office->plan }, &err), 0);
	return device;
}

static inline bool office_never(void *arg)
{
	(void)arg;
	return false;
}

static inline void office_pass(struct office *office, uint64_t ms)
{
	ck_assert(!loop_run_until(office->loop, office_never, NULL, ms));
}

/* How many observations of a kind have a member that is this text. */
static inline int office_count_seen(const struct office *office, const char *kind,
				    const char *member, const char *value)
{
	int count = 0;
	size_t i;
	json_t *fields;

	json_array_foreach (office->seen, i, fields)
		count += !strcmp(json_text_of(fields, "kind", ""), kind) &&
			 !strcmp(json_text_of(fields, member, ""), value);
	return count;
}

/* How often the rows of an item that were told had this value. */
static inline int office_count_told(const struct office *office, const char *name, const char *item,
				    const char *member, const char *value)
{
	int count = 0;
	size_t i, k;
	json_t *line, *row;

	json_array_foreach (json_object_get(office->lines, name), i, line)
		json_array_foreach (json_object_get(json_object_get(line, "items"), item), k, row)
			count += !strcmp(json_text_of(row, member, ""), value);
	return count;
}

#define MONDAY "2026-01-05T00:00:00Z"

#endif
