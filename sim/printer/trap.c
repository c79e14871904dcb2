#include "sim/printer/trap.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/printer/device.h"
#include "sim/printer/trap_post.h"

const char *const trap_version_names[] = { "v1", "v2c", "v3", NULL };
const char *const trap_alert_names[] = { "critical", "all", NULL };

/* ---- checking ---- */

int trap_destination_check(const struct trap_destination *to, struct error *err)
{
	const char *version = trap_version_names[to->version];
	bool v3 = to->version == TRAP_V3;

	if (v3 && to->community)
		return error_set(err, EINVAL, "found a community for %s, expected a user", version);
	if (v3 && !to->user)
		return error_set(err, EINVAL, "found no user for %s, expected one", version);
	if (!v3 && to->user)
		return error_set(err, EINVAL, "found a user for %s, expected a community", version);
	if (to->inform && to->version == TRAP_V1)
		return error_set(err, EINVAL, "found an inform of v1, expected v2c or v3");
	return 0;
}

/* ---- what there is to tell ---- */

static struct oid known_oid(const char *text)
{
	struct oid oid;
	bool good = oid_parse(text, &oid);
	assert(good);
	(void)good;
	return oid;
}

static struct trap_notice notice_of(struct device *device, const char *name, const char *trap)
{
	const struct oid sys_object_id = known_oid("1.3.6.1.2.1.1.2.0");
	const struct mib_entry *entry =
		mib_find(device_mib(device), sys_object_id.id, sys_object_id.count);
	const uint64_t up = loop_now(device->host->time) - device->on_since;

	return (struct trap_notice){ .name = name,
				     .trap = known_oid(trap),
				     .system_id = entry && entry->type == MIB_OID
							  ? mib_oid_value(entry)
							  : known_oid("1.3.6.1.4.1.1248"),
				     .address = device->address,
				     .uptime = (uint32_t)(up / 10000000) };
}

static void tell(struct device *device, const struct trap_notice *notice, bool critical)
{
	for (size_t i = 0; i < device->traps->count; i++)
		if (critical || device->traps->destinations[i].alerts == TRAP_ALL)
			trap_post(device, i, notice);
}

static bool has_ears(const struct device *device)
{
	return device->traps && device->traps->count && device->on && device->host->out;
}

void trap_cold_start(struct device *device)
{
	if (!has_ears(device))
		return;
	const struct trap_notice notice = notice_of(device, "coldStart", "1.3.6.1.6.3.1.1.5.1");
	tell(device, &notice, true);
}

/* A column of the alert's row in prtAlertTable. */
static void add_object(struct trap_notice *notice, uint32_t column, uint32_t row, int64_t value)
{
	struct trap_object *object = &notice->objects[notice->count++];

	object->name = known_oid("1.3.6.1.2.1.43.18.1.1");
	oid_add(&object->name, column);
	oid_add(&object->name, 1); /* hrDeviceIndex of the printer */
	oid_add(&object->name, row);
	object->value = value;
}

static void tell_alert(struct device *device, const struct alert *alert)
{
	enum { SEVERITY_CRITICAL = 3, LOCATION_UNKNOWN = -2 };
	struct trap_notice notice = notice_of(device, "printerV2Alert", "1.3.6.1.2.1.43.18.2.0.1");

	add_object(&notice, 1, alert->index, alert->index);
	add_object(&notice, 2, alert->index, alert->severity);
	add_object(&notice, 4, alert->index, alert->group);
	add_object(&notice, 5, alert->index, alert->group_index);
	add_object(&notice, 6, alert->index, LOCATION_UNKNOWN);
	add_object(&notice, 7, alert->index, alert->code);
	tell(device, &notice, alert->severity == SEVERITY_CRITICAL);
}

void trap_alerts(struct device *device, const struct status *now, const struct status *last)
{
	enum { SEVERITY_OTHER = 1 }; /* "Ready": nobody is alerted by that */

	if (!has_ears(device))
		return;
	for (size_t i = 0; i < now->alert_count; i++) {
		bool known = now->alerts[i].severity == SEVERITY_OTHER;
		for (size_t k = 0; last && k < last->alert_count; k++)
			known = known || last->alerts[k].key == now->alerts[i].key;
		if (!known)
			tell_alert(device, &now->alerts[i]);
	}
}
