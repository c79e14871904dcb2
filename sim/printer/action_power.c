/* Switched off, on, and both: what a printer does not keep begins anew. */
#include <errno.h>
#include <stdlib.h>

#include "base/json.h"
#include "sim/printer/action.h"
#include "sim/printer/behaviour.h"
#include "sim/printer/device.h"
#include "sim/printer/trap.h"

enum { BOOTING_S = 30 };

static void switch_off(struct device *device)
{
	behaviour_stop(device, "cancelled");
	device->asleep = false;
	device->paused = false;
	device->on = false;
	device_changed(device);
}

/* RFC 3805: prtMarkerPowerOnCount counts since the power was switched on; prtAlertIndex may begin
 * anew then. RFC 1213: so does sysUpTime, and RFC 3414: snmpEngineTime. Faults of the machine and
 * levels stay. */
static void switch_on(struct device *device)
{
	device->on = true;
	device->on_since = loop_now(device->host->time);
	device->engine_since = loop_now(device->host->loop);
	device->boots++;
	device->counters.sheets_since_on = 0;
	device->last_alert_index = 0;
	trap_cold_start(device);
	device_changed(device);
}

static void booted(void *arg)
{
	switch_on(arg);
}

static void stop_booting(struct device *device)
{
	if (device->boot)
		timer_stop(device->boot);
}

int action_power_off(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	(void)err;
	switch_off(device);
	return 0;
}

int action_power_on(struct device *device, const json_t *with, struct error *err)
{
	(void)with;
	if (device->on)
		return error_set(err, EINVAL, "found the printer on, expected it off");
	stop_booting(device);
	switch_on(device);
	return 0;
}

int action_reboot(struct device *device, const json_t *with, struct error *err)
{
	const json_t *seconds = json_object_get(with, "seconds");
	double wait = seconds ? json_number_value(seconds) : BOOTING_S;

	(void)err;
	switch_off(device);
	if (!device->boot)
		device->boot = timer_new(device->host->time, booted, device);
	timer_in(device->boot, (uint64_t)(wait * 1000));
	return 0;
}
