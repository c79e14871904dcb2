/* fuzzbed.h: one fleet for all runs of a fuzz target; started from the root of the tree. */
#ifndef SIM_PRINTER_FUZZBED_H
#define SIM_PRINTER_FUZZBED_H

#include <stdlib.h>

#include "base/loop.h"
#include "sim/printer/fleet.h"

enum { FUZZ_ADDRESS = 0x0a10000a };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_drop(struct tap *tap, const char *kind, json_t *fields)
{
	(void)tap;
	(void)kind;
	json_decref(fields);
}

static inline struct fleet *fuzz_fleet(struct device **device)
{
	static struct tap tap = { fuzz_drop };
	static struct fleet *fleet;
	static struct device *printer;

	if (!fleet) {
		struct profile *profile = profile_load("sim/printer/profiles/sc-t-24.yaml", NULL);
		fleet = fleet_new(&(struct fleet_options){ .loop = loop_new(), .tap = &tap });
		if (profile)
			printer = fleet_add(fleet,
					    &(struct device_options){ .name = "lobby",
								      .profile = profile,
								      .address = FUZZ_ADDRESS },
					    NULL);
		if (!printer)
			abort(); /* not started from the root of the tree */
	}
	*device = printer;
	return fleet;
}

/* Reads every byte of an answer, so that a sanitizer sees it. */
static inline void fuzz_sink(void *arg, const struct datagram *datagram)
{
	volatile uint8_t *sum = arg;
	for (size_t i = 0; i < datagram->size; i++)
		*sum ^= datagram->data[i];
}

static inline void fuzz_send(uint16_t port, const uint8_t *data, size_t size)
{
	struct device *device;
	struct fleet *fleet = fuzz_fleet(&device);
	uint8_t sum = 0;
	fleet_datagram(fleet,
		       &(struct datagram){ .from = 0x0a000005,
					   .from_port = 40000,
					   .to = FUZZ_ADDRESS,
					   .to_port = port,
					   .data = data,
					   .size = size },
		       fuzz_sink, &sum);
}

#endif
