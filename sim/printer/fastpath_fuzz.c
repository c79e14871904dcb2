#include "sim/printer/differential.h"
#include "sim/printer/fuzzbed.h"

/* Any datagram: what the fast path answers, net-snmp answers with the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ear ear;
	struct device *device;
	struct both both = { .by = NULL };

	fuzz_fleet(&device);
	if (!ear.heard)
		ear = (struct ear){ { ear_seen }, json_array() };
	struct fleet_options host = *device->host;
	host.tap = &ear.tap;
	const struct fleet_options *before = device->host;
	device->host = &host;
	buf_init(&both.slow, 65507);
	if (!both_answer(device, &ear,
			 &(struct datagram){ .from = 0x0a000005,
					     .from_port = 40000,
					     .to = FUZZ_ADDRESS,
					     .to_port = 161,
					     .data = data,
					     .size = size },
			 &both))
		abort();
	buf_done(&both.slow);
	device->host = before;
	return 0;
}
