#include "sim/printer/deed.h"

#include <string.h>

#include "sim/printer/device.h"

static int arm(struct device *device, const struct deed *deed, struct error *err)
{
	int status = 0;

	if (!strcmp(deed->fault, "none"))
		device_fault_clear(device, NULL);
	else
		status = device_fault(device, deed->fault, deed->with, err);
	if (status < 0)
		return status;
	json_t *fields = deed->with ? json_deep_copy(deed->with) : json_object();
	json_object_set_new(fields, "fault", json_string(deed->fault));
	device_seen(device, "fault.armed", fields);
	return 0;
}

void deed_do(struct device *device, const struct deed *deed)
{
	struct error err = { 0 };
	int status = deed->action ? device_do(device, deed->action, deed->with, &err)
				  : arm(device, deed, &err);

	if (status < 0)
		device_seen(device, "printer.refused",
			    json_pack("{s:s,s:s}", deed->action ? "action" : "fault",
				      deed->action ? deed->action : deed->fault, "why", err.text));
}
