#include "sim/printer/timeline.h"

#include <stdlib.h>

#include "base/buf.h"
#include "sim/printer/device.h"

static const int64_t NS_PER_MS = 1000000;
static const int64_t NS_PER_DAY = 86400000000000;

struct occurrence {
	struct device *device;
	const struct moment *moment;
	struct timer *timer;
	uint64_t due; /* loop time; so that every_ms adds up without drifting */
};

struct timeline {
	struct occurrence *occurrences;
	size_t count;
};

/* From the next moment of the calendar on at which it is that time of day. */
static uint64_t next_daily(struct loop *loop, int64_t at_ms)
{
	int64_t wall = loop_wall(loop);
	int64_t then = wall / NS_PER_DAY * NS_PER_DAY + at_ms * NS_PER_MS;

	if (then <= wall)
		then += NS_PER_DAY;
	return loop_now(loop) + (uint64_t)(then - wall);
}

static void happens(void *arg)
{
	struct occurrence *occurrence = arg;
	const struct moment *moment = occurrence->moment;
	struct loop *loop = occurrence->device->host->time;

	if (moment->daily)
		occurrence->due = next_daily(loop, moment->at_ms);
	else
		occurrence->due += (uint64_t)(moment->every_ms * NS_PER_MS);
	if (moment->daily || moment->every_ms)
		timer_set(occurrence->timer, occurrence->due);
	deed_do(occurrence->device, &moment->deed);
}

struct timeline *timeline_new(struct device *device, const struct moment *moments, size_t count)
{
	struct timeline *timeline = alloc_zero(1, sizeof(*timeline));
	struct loop *loop = device->host->time;

	timeline->occurrences = alloc_zero(count, sizeof(*timeline->occurrences));
	timeline->count = count;
	for (size_t i = 0; i < count; i++) {
		struct occurrence *occurrence = &timeline->occurrences[i];
		occurrence->device = device;
		occurrence->moment = &moments[i];
		occurrence->timer = timer_new(loop, happens, occurrence);
		occurrence->due =
			moments[i].daily
				? next_daily(loop, moments[i].at_ms)
				: loop_now(loop) + (uint64_t)(moments[i].at_ms * NS_PER_MS);
		timer_set(occurrence->timer, occurrence->due);
	}
	return timeline;
}

void timeline_free(struct timeline *timeline)
{
	if (!timeline)
		return;
	for (size_t i = 0; i < timeline->count; i++)
		timer_free(timeline->occurrences[i].timer);
	free(timeline->occurrences);
	free(timeline);
}
