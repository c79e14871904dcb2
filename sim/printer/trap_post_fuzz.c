#include "sim/printer/device.h"
#include "sim/printer/fuzzbed.h"
#include "sim/printer/trap.h"

/* Any datagram as the answer to informs that wait, one of v2c and one of v3. */

static const struct usm_user_options user = { "aes",       USM_AUTH_SHA256, USM_PRIV_AES128,
					      "authentic", "concealed",     USM_AUTH_PRIV };
static const struct trap_plan plan = {
	{ { .address = 0x0a000005, .version = TRAP_V2C, .inform = true, .wait_ms = 1000 },
	  { .address = 0x0a000005,
	    .version = TRAP_V3,
	    .inform = true,
	    .user = "aes",
	    .wait_ms = 1000 } },
	2,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t sum;
	struct device *device;
	struct fleet *fleet = fuzz_fleet(&device);

	if (!device->traps) {
		device->users = usm_users_new(&user, 1, NULL);
		device->traps = &plan;
		fleet_speak(fleet, fuzz_sink, &sum);
	}
	trap_cold_start(device);
	fuzz_send(161, data, size);
	/* Requests are numbered alike in every run, so that a seed can hold a number that waits. */
	trap_state_free(device->trap);
	device->trap = NULL;
	return 0;
}
