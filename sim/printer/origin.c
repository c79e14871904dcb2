#include "sim/printer/origin.h"

#include <stdlib.h>

#include "sim/printer/live.h"

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

static void fill_logs(struct origin *origin)
{
	const struct profile *profile = origin->profile;
	int64_t now = origin->time;

	const struct event_model *event = profile->events.items;
	for (size_t i = 0; i < profile->events.count; i++)
		history_add(&origin->logs[LOG_EVENTS],
			    &(struct record){ .time = now - event[i].ago * NS_PER_MS,
					      .kind = (char *)event_kinds[event[i].kind],
					      .code = event[i].code });
	const struct care_model *care = profile->cleanings.items;
	for (size_t i = 0; i < profile->cleanings.count; i++)
		history_add(&origin->logs[LOG_CLEANINGS],
			    &(struct record){ .time = now - care[i].ago * NS_PER_MS,
					      .kind = care[i].what });
	care = profile->maintenances.items;
	for (size_t i = 0; i < profile->maintenances.count; i++)
		history_add(&origin->logs[LOG_MAINTENANCES],
			    &(struct record){ .time = now - care[i].ago * NS_PER_MS,
					      .kind = care[i].what });
	const struct job_model *job = profile->jobs.items;
	for (size_t i = 0; i < profile->jobs.count; i++) {
		int64_t time = now - job[i].ago * NS_PER_MS;
		history_add(&origin->logs[LOG_JOBS],
			    &(struct record){ .time = time,
					      .ended = time + job[i].seconds * NS_PER_S,
					      .kind = job[i].result,
					      .length_mm = job[i].length_mm,
					      .square_cm = job[i].square_cm,
					      .microlitres = job[i].microlitres,
					      .document = job[i].document,
					      .owner = job[i].owner });
	}
}

struct origin *origin_of(struct origin **list, const struct origin *like)
{
	for (struct origin *origin = *list; origin; origin = origin->next)
		if (origin->profile == like->profile && origin->frozen == like->frozen &&
		    origin->v3 == like->v3 && origin->time / NS_PER_S == like->time / NS_PER_S)
			return origin;
	struct origin *origin = alloc_zero(1, sizeof(*origin));
	*origin = (struct origin){ .next = *list,
				   .profile = like->profile,
				   .frozen = like->frozen,
				   .v3 = like->v3,
				   .time = like->time };
	fill_logs(origin);
	buf_init(&origin->scratch, LIVE_MAX);
	*list = origin;
	return origin;
}

void origin_free_all(struct origin *list)
{
	while (list) {
		struct origin *next = list->next;
		for (size_t i = 0; i < LOGS; i++)
			history_done(&list->logs[i]);
		mib_free(list->mib);
		buf_done(&list->scratch);
		free(list);
		list = next;
	}
}
