#include "sim/printer/life.h"

#include <stdlib.h>

#include "base/buf.h"
#include "sim/printer/device.h"

struct life {
	struct day *day;
};

void device_live(struct device *device, const struct life_plan *plan)
{
	struct life *life = alloc_zero(1, sizeof(*life));

	life_free(device->life);
	device->life = life;
	if (plan->day)
		life->day = day_new(device, plan->day, device->host->seed);
}

void life_free(struct life *life)
{
	if (!life)
		return;
	day_free(life->day);
	free(life);
}

void life_changed(struct life *life)
{
	if (life && life->day)
		day_changed(life->day);
}
