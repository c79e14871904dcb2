/* event.h: for faulty agents that hear something else from the broker than what it said. Stands
 * before mqtt_worker_new; the file that includes it says in mishear what becomes of an event. */
#ifndef AGENTS_FAULTY_EVENT_H
#define AGENTS_FAULTY_EVENT_H

#include "agents/common/mqtt_worker.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct mqtt_worker *__real_mqtt_worker_new(const struct mqtt_worker_options *options,
					   struct error *err);
struct mqtt_worker *__wrap_mqtt_worker_new(const struct mqtt_worker_options *options,
					   struct error *err);

/* False: it is not heard at all. */
static bool mishear(struct mqtt_event *event);

static struct mqtt_worker_options heard;

static void hear(void *arg, const struct mqtt_event *event)
{
	struct mqtt_event changed = *event;

	if (mishear(&changed))
		heard.event(arg, &changed);
}

struct mqtt_worker *__wrap_mqtt_worker_new(const struct mqtt_worker_options *options,
					   struct error *err)
{
	struct mqtt_worker_options changed = *options;

	heard = *options;
	changed.event = hear;
	return __real_mqtt_worker_new(&changed, err);
}

#endif
