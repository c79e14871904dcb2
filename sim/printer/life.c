#include "sim/printer/life.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "sim/printer/device.h"

struct life {
	struct day *day;
	struct timeline *timeline;
	struct triggers *triggers;
};

int device_live(struct device *device, const struct life_plan *plan, struct error *err)
{
	struct life *life = alloc_zero(1, sizeof(*life));

	life_free(device->life);
	device->life = life;
	if (plan->day)
		life->day = day_new(device, plan->day, device->host->seed);
	if (plan->moment_count)
		life->timeline = timeline_new(device, plan->moments, plan->moment_count);
	if (plan->trigger_count)
		life->triggers = triggers_new(device, plan->triggers, plan->trigger_count, err);
	return plan->trigger_count && !life->triggers ? -EINVAL : 0;
}

void life_free(struct life *life)
{
	if (!life)
		return;
	triggers_free(life->triggers);
	timeline_free(life->timeline);
	day_free(life->day);
	free(life);
}

void life_changed(struct life *life)
{
	if (life && life->day)
		day_changed(life->day);
	if (life && life->triggers)
		triggers_look(life->triggers);
}

void life_polled(struct life *life)
{
	if (life && life->triggers)
		triggers_polled(life->triggers);
}
