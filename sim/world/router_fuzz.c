/* Frames as an agent could send them, and packets as the cloud's kernel could: each input is a row
 * of {direction, size (two bytes), bytes}. */
#include "sim/world/router.h"

#include <string.h>

#include "base/buf.h"

static struct router *router;
static uint64_t clock_ns;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t now(void *arg)
{
	(void)arg;
	return clock_ns += 1000000;
}

/* Whatever the router sends must be sound. */
static void to_agent(void *arg, const uint8_t *frame, size_t size)
{
	struct packet packet;

	(void)arg;
	if (size < ETHERNET_SIZE || size > ETHERNET_SIZE + PACKET_MTU)
		abort();
	if (get_be16(frame + 12) == ETHERTYPE_IS_IPV4 &&
	    !packet_parse(&packet, frame + ETHERNET_SIZE, size - ETHERNET_SIZE))
		abort();
}

static void to_cloud(void *arg, const uint8_t *bytes, size_t size)
{
	struct packet packet;

	(void)arg;
	if (!packet_parse(&packet, bytes, size) || packet.protocol != PACKET_TCP)
		abort();
}

static void later(void *arg, uint64_t at_ns, bool from_agent, const uint8_t *packet, size_t size)
{
	uint8_t *copy = (uint8_t *)alloc_bytes(packet, size);

	(void)arg;
	(void)at_ns;
	router_arrive(router, from_agent, copy, size);
	free(copy);
}

static void echo(void *arg, uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port,
		 const uint8_t *data, size_t size)
{
	struct packet_ends ends = {
		.from = to, .from_port = to_port, .to = from, .to_port = from_port
	};
	(void)arg;
	router_udp(router, &ends, data, size);
}

static bool is_printer(void *arg, uint32_t address)
{
	(void)arg;
	return !(address & 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wirefault *faults = wirefault_new(1, NULL);
	json_t *delay = json_pack("{s:i}", "ms", 1);
	struct router_options options = { .faults = faults,
					  .now = now,
					  .to_agent = to_agent,
					  .to_cloud = to_cloud,
					  .later = later,
					  .printers = echo,
					  .is_printer = is_printer };

	router = router_new(&options);
	if (size && data[0] & 2)
		wirefault_set(faults, "wire.delay", delay, NULL);
	while (size > 3) {
		size_t part = get_be16(data + 1);
		if (part > size - 3)
			part = size - 3;
		if (data[0] & 1)
			router_from_cloud(router, data + 3, part);
		else
			router_from_agent(router, data + 3, part);
		data += 3 + part;
		size -= 3 + part;
	}
	router_free(router);
	wirefault_free(faults);
	json_decref(delay);
	return 0;
}
