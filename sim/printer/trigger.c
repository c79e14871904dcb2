#include "sim/printer/trigger.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim/printer/device.h"

struct watched {
	const struct trigger *trigger;
	struct device *device;
	struct reading reading; /* of an item */
	struct timer *timer;    /* does the deed */
	bool held;              /* the condition, at the last look */
	bool spent;
	int64_t polls; /* since the last time */
};

struct triggers {
	struct watched *watched;
	size_t count;
};

static bool holds(const struct watched *watched)
{
	const struct trigger *trigger = watched->trigger;

	if (trigger->state)
		return !strcmp(status_word(watched->device->last->code), trigger->state);
	int64_t value = reading_value(watched->device, &watched->reading);
	return trigger->above ? value > trigger->limit : value < trigger->limit;
}

static void pull(struct watched *watched)
{
	if (watched->spent)
		return;
	watched->spent = watched->trigger->once;
	/* Two triggers that undo each other must not stop the time. */
	int64_t after = watched->trigger->after_ms;
	timer_in(watched->timer, after > 0 ? (uint64_t)after : 1);
}

static void comes_true(void *arg)
{
	const struct watched *watched = arg;
	deed_do(watched->device, &watched->trigger->deed);
}

void triggers_look(struct triggers *triggers)
{
	for (size_t i = 0; i < triggers->count; i++) {
		struct watched *watched = &triggers->watched[i];
		if (watched->trigger->polls)
			continue;
		bool now = holds(watched);
		if (now && !watched->held)
			pull(watched);
		watched->held = now;
	}
}

void triggers_polled(struct triggers *triggers)
{
	for (size_t i = 0; i < triggers->count; i++) {
		struct watched *watched = &triggers->watched[i];
		if (!watched->trigger->polls || ++watched->polls < watched->trigger->polls)
			continue;
		watched->polls = 0;
		pull(watched);
	}
}

static int watch(struct watched *watched, struct device *device, const struct trigger *trigger,
		 struct error *err)
{
	*watched = (struct watched){ .trigger = trigger, .device = device };
	watched->timer = timer_new(device->host->time, comes_true, watched);
	return trigger->item ? reading_find(device->profile, trigger->item, &watched->reading, err)
			     : 0;
}

struct triggers *triggers_new(struct device *device, const struct trigger *list, size_t count,
			      struct error *err)
{
	struct triggers *triggers = alloc_zero(1, sizeof(*triggers));
	int status = 0;

	triggers->watched = alloc_zero(count, sizeof(*triggers->watched));
	for (size_t i = 0; i < count && status == 0; i++)
		status = watch(&triggers->watched[triggers->count++], device, &list[i], err);
	if (status < 0) {
		triggers_free(triggers);
		return NULL;
	}
	triggers_look(triggers);
	return triggers;
}

void triggers_free(struct triggers *triggers)
{
	if (!triggers)
		return;
	for (size_t i = 0; i < triggers->count; i++)
		timer_free(triggers->watched[i].timer);
	free(triggers->watched);
	free(triggers);
}
