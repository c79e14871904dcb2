#include "sim/printer/drift.h"

#include <stdlib.h>

#include "base/buf.h"
#include "sim/printer/device.h"

enum { STEP_MS = 1000, DAY_MS = 86400000 };

struct drift {
	struct device *device;
	struct timer *timer;
	int64_t step_ms;
	uint64_t every_ms;
};

static void step(void *arg)
{
	struct drift *drift = arg;

	timer_in(drift->timer, drift->every_ms);
	drift->device->clock_offset_ms += drift->step_ms;
	device_changed(drift->device);
}

void drift_set(struct device *device, int64_t seconds_per_day)
{
	drift_free(device->drift);
	device->drift = NULL;
	if (!seconds_per_day)
		return;
	struct drift *drift = device->drift = alloc_zero(1, sizeof(*drift));
	drift->device = device;
	drift->step_ms = seconds_per_day < 0 ? -STEP_MS : STEP_MS;
	drift->every_ms = (uint64_t)(DAY_MS / llabs(seconds_per_day));
	drift->timer = timer_new(device->host->time, step, drift);
	timer_in(drift->timer, drift->every_ms);
}

void drift_free(struct drift *drift)
{
	if (!drift)
		return;
	timer_free(drift->timer);
	free(drift);
}
