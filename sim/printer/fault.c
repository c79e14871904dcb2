#include "sim/printer/fault.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "base/verb.h"
#include "sim/printer/device.h"

struct fault_kind {
	struct verb verb;
	void (*arm)(struct fault *fault, int64_t value); /* value: of the only parameter */
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

static const struct parameter of_delay[] = {
	{ "ms", PARAMETER_INT, true, 1, 600000, NULL, "how much later" },
	{ .name = NULL },
};
static const struct parameter of_status[] = {
	{ "status", PARAMETER_INT, true, 1, 18, NULL, "error-status, RFC 3416: 1 to 18" },
	{ .name = NULL },
};

static const struct fault_kind kinds[] = {
	{ { "printer.silent", "swallows every request, SNMP and ENPC", NULL }, arm_silent },
	{ { "printer.malformed-snmp", "SNMP answers cannot be decoded", NULL }, arm_malformed },
	{ { "printer.delay", "answers come later", of_delay }, arm_delay },
	{ { "printer.wrong-request-id", "SNMP answers carry another request-id", NULL },
	  arm_wrong_request },
	{ { "printer.error-status", "SNMP answers carry an error-status", of_status },
	  arm_error_status },
	{ { "printer.missing-varbind", "SNMP answers lack their last varbind", NULL },
	  arm_missing_varbind },
};

const struct verb_list device_faults = VERB_LIST(kinds);

int device_fault(struct device *device, const char *fault, const json_t *parameters,
		 struct error *err)
{
	const struct fault_kind *kind = (const struct fault_kind *)verb_find(&device_faults, fault);

	if (!kind) {
		const char *nearest = verb_nearest(&device_faults, fault);
		return error_set(err, EINVAL,
				 "found fault '%s', expected one of a printer's faults%s%s", fault,
				 nearest ? ": did you mean " : "", nearest ? nearest : "");
	}
	int status = verb_check(&kind->verb, parameters, NULL, err);
	if (status < 0)
		return status;
	const struct parameter *parameter = kind->verb.parameters;
	device->fault = (struct fault){ .name = kind->verb.name };
	device->fault_count = 0;
	kind->arm(&device->fault, parameter ? json_int_of(parameters, parameter->name, 0) : 0);
	return 0;
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
