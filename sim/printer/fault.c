#include "sim/printer/fault.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/form.h"
#include "sim/printer/device.h"

/* What a fault is armed with: at most one number. */
struct fault_kind {
	const char *name;
	const char *parameter; /* NULL: none */
	int64_t min, max;
	void (*arm)(struct fault *fault, int64_t value);
};

static void arm_silent(struct fault *fault, int64_t value)
{
	(void)value;
	fault->silent = true;
}

static void arm_malformed(struct fault *fault, int64_t value)
{
	(void)value;
	fault->malformed = true;
}

static void arm_delay(struct fault *fault, int64_t value)
{
	fault->delay_ms = value;
}

static void arm_wrong_request(struct fault *fault, int64_t value)
{
	(void)value;
	fault->wrong_request = true;
}

static void arm_error_status(struct fault *fault, int64_t value)
{
	fault->error_status = value;
}

static void arm_missing_varbind(struct fault *fault, int64_t value)
{
	(void)value;
	fault->missing_varbind = true;
}

static const struct fault_kind kinds[] = {
	{ "printer.silent", NULL, 0, 0, arm_silent },
	{ "printer.malformed-snmp", NULL, 0, 0, arm_malformed },
	{ "printer.delay", "ms", 1, 600000, arm_delay },
	{ "printer.wrong-request-id", NULL, 0, 0, arm_wrong_request },
	{ "printer.error-status", "status", 1, 18, arm_error_status }, /* RFC 3416: 1 to 18 */
	{ "printer.missing-varbind", NULL, 0, 0, arm_missing_varbind },
};

const char *const device_faults[] = { "printer.silent",
				      "printer.malformed-snmp",
				      "printer.delay",
				      "printer.wrong-request-id",
				      "printer.error-status",
				      "printer.missing-varbind",
				      NULL };

static int read_parameter(const struct fault_kind *kind, const json_t *parameters, int64_t *value,
			  struct error *err)
{
	const char *key;
	json_t *member;

	json_object_foreach ((json_t *)parameters, key, member)
		if (!kind->parameter || strcmp(key, kind->parameter))
			return error_set(err, EINVAL, "%s: found parameter '%s', expected %s",
					 kind->name, key,
					 kind->parameter ? kind->parameter : "none");
	if (!kind->parameter)
		return 0;
	member = json_object_get(parameters, kind->parameter);
	*value = json_integer_value(member);
	if (!json_is_integer(member) || *value < kind->min || *value > kind->max)
		return error_set(err, EINVAL, "%s: expected %s, a number from %lld to %lld",
				 kind->name, kind->parameter, (long long)kind->min,
				 (long long)kind->max);
	return 0;
}

int device_fault(struct device *device, const char *fault, const json_t *parameters,
		 struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i].name, fault))
			continue;
		int64_t value = 0;
		int status = read_parameter(&kinds[i], parameters, &value, err);
		if (status < 0)
			return status;
		device->fault = (struct fault){ .name = kinds[i].name };
		device->fault_count = 0;
		kinds[i].arm(&device->fault, value);
		return 0;
	}
	const char *nearest = form_nearest(fault, device_faults);
	return error_set(err, EINVAL, "found fault '%s', expected one of a printer's faults%s%s",
			 fault, nearest ? ": did you mean " : "", nearest ? nearest : "");
}

void device_fault_clear(struct device *device)
{
	device->fault = (struct fault){ 0 };
	device->fault_count = 0;
}

void fault_reached(struct device *device)
{
	device->fault_count++;
	device_seen(device, "fault.reached",
		    json_pack("{s:s,s:I}", "fault", device->fault.name, "count",
			      (json_int_t)device->fault_count));
}
