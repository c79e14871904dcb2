#include "sim/printer/fault.h"
#include "sim/printer/fuzzbed.h"

/* Two bytes choose two faults, one the port; the rest is a datagram. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { CHOICE = 3, STATUS = 5 };
	struct device *device;

	if (size < CHOICE)
		return 0;
	fuzz_fleet(&device);
	for (size_t i = 0; i < 2; i++) {
		const struct fault_kind *kind = &fault_kinds[data[i] % fault_kind_count];
		json_t *with = json_object();
		for (const struct parameter *p = kind->verb.parameters; p->name; p++)
			if (p->required)
				json_object_set_new(with, p->name, json_integer(STATUS));
		if (device_fault(device, kind->verb.name, with, NULL) < 0)
			abort();
		json_decref(with);
	}
	fuzz_send(data[2] & 1 ? 3289 : 161, data + CHOICE, size - CHOICE);
	device_fault_clear(device, NULL);
	return 0;
}
