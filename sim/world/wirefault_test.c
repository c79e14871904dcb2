#include "sim/world/wirefault.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/test.h"
#include "sim/world/world.h"

enum { PACKETS = 2000 };

struct counting {
	struct tap tap;
	int first, total;
	json_int_t counted;
};

static void seen(struct tap *tap, const char *kind, json_t *fields)
{
	struct counting *counting = (struct counting *)tap;

	ck_assert_str_eq(kind, "fault.reached");
	if (json_is_true(json_object_get(fields, "total"))) {
		counting->total++;
		counting->counted = json_int_of(fields, "count", -1);
	} else {
		counting->first++;
	}
	json_decref(fields);
}

static int set(struct wirefault *faults, const char *name, const char *parameters)
{
	AUTO_JSON json_t *json = json_loads(parameters, 0, NULL);
	return wirefault_set(faults, name, json, NULL);
}

static struct wirefault_verdict judge(struct wirefault *faults, uint16_t from_port, bool from_agent)
{
	uint8_t bytes[64];
	struct packet packet;
	struct packet_ends ends = { .from = WORLD_AGENT_IP,
				    .to = WORLD_PRINTERS + 3,
				    .from_port = from_port,
				    .to_port = 161 };

	if (!from_agent)
		ends = (struct packet_ends){
			.from = ends.to, .to = ends.from, .from_port = 161, .to_port = from_port
		};
	ck_assert(packet_parse(&packet, bytes, packet_udp(bytes, &ends, "x", 1)));
	return wirefault_judge(faults, &packet, from_agent);
}

/* Which of PACKETS are lost, one bit each; the port the agent's kernel chose differs each time. */
static int losses(uint64_t seed, uint16_t port, uint8_t lost[PACKETS])
{
	struct wirefault *faults = wirefault_new(seed, NULL);
	int count = 0;

	ck_assert_int_eq(set(faults, "wire.loss", "{\"percent\": 10, \"direction\": \"up\"}"), 0);
	for (int i = 0; i < PACKETS; i++) {
		ck_assert(!judge(faults, port, false).drop);
		lost[i] = judge(faults, port, true).drop;
		count += lost[i];
	}
	wirefault_free(faults);
	return count;
}

START_TEST(the_same_seed_loses_the_same_packets)
{
	uint8_t a[PACKETS], b[PACKETS], c[PACKETS];

	int count = losses(7, 50000, a);
	losses(7, 51234, b);
	losses(8, 50000, c);
	ck_assert_mem_eq(a, b, PACKETS);
	ck_assert_mem_ne(a, c, PACKETS);
	ck_assert_int_gt(count, PACKETS / 10 * 8 / 10);
	ck_assert_int_lt(count, PACKETS / 10 * 12 / 10);
}
END_TEST

static uint64_t judge_syn(struct wirefault *faults, uint16_t from_port, uint32_t sequence)
{
	uint8_t bytes[64];
	struct packet packet;
	struct packet_ends ends = {
		.from = WORLD_AGENT_IP, .to = WORLD_API_IP, .from_port = from_port, .to_port = 443
	};

	size_t size = packet_udp(bytes, &ends, "0123456789ab", 12);
	bytes[9] = PACKET_TCP;
	put_be32(bytes + 24, sequence);
	bytes[32] = 5 << 4;
	bytes[33] = TCP_IS_SYN;
	put_be16(bytes + 10, 0);
	put_be16(bytes + 10, packet_checksum(packet_sum(0, bytes, 20)));
	ck_assert(packet_parse(&packet, bytes, size));
	return wirefault_judge(faults, &packet, true).delay_ns;
}

START_TEST(connections_are_told_by_their_number_not_their_port)
{
	uint64_t delays[2][50];

	for (unsigned run = 0; run < 2; run++) {
		struct wirefault *faults = wirefault_new(3, NULL);
		set(faults, "wire.delay", "{\"ms\": 1, \"jitterMs\": 50}");
		for (unsigned i = 0; i < 50; i++)
			delays[run][i] = judge_syn(faults, (uint16_t)(50000 + run * 777 + i * 3),
						   run * 99 + i);
		wirefault_free(faults);
	}
	ck_assert_mem_eq(delays[0], delays[1], sizeof(delays[0]));
	ck_assert_uint_ne(delays[0][0], delays[0][1]);
}
END_TEST

START_TEST(a_delay_lies_between_its_limits)
{
	struct wirefault *faults = wirefault_new(1, NULL);

	ck_assert_int_eq(set(faults, "wire.delay", "{\"ms\": 20, \"jitterMs\": 10}"), 0);
	for (int i = 0; i < 100; i++) {
		uint64_t delay = judge(faults, 50000, i % 2).delay_ns;
		ck_assert_uint_ge(delay, 20000000);
		ck_assert_uint_lt(delay, 30000000);
	}
	wirefault_free(faults);
}
END_TEST

START_TEST(a_black_hole_takes_the_cloud_and_nothing_else)
{
	struct wirefault *faults = wirefault_new(1, NULL);
	uint8_t bytes[64];
	struct packet packet;
	struct packet_ends ends = { .from = WORLD_AGENT_IP, .to = WORLD_MQTT_IP, .to_port = 443 };

	set(faults, "wire.blackhole", "{}");
	packet_parse(&packet, bytes, packet_udp(bytes, &ends, "x", 1));
	ck_assert(wirefault_judge(faults, &packet, true).drop);
	ck_assert(!judge(faults, 50000, true).drop);
	wirefault_clear(faults, "wire.blackhole");
	ck_assert(!wirefault_judge(faults, &packet, true).drop);
	wirefault_free(faults);
}
END_TEST

START_TEST(an_effect_is_told_once_and_in_sum)
{
	struct counting counting = { .tap = { seen } };
	struct wirefault *faults = wirefault_new(1, &counting.tap);

	set(faults, "wire.down", "{}");
	ck_assert_int_eq(counting.first, 0);
	for (int i = 0; i < 3; i++)
		ck_assert(judge(faults, 50000, true).drop);
	ck_assert(wirefault_drops_frame(faults));
	ck_assert_int_eq(counting.first, 1);
	wirefault_clear(faults, NULL);
	ck_assert_int_eq(counting.total, 1);
	ck_assert_int_eq((int)counting.counted, 4);
	wirefault_clear(faults, NULL);
	ck_assert_int_eq(counting.total, 1);
	wirefault_free(faults);
}
END_TEST

START_TEST(wrong_parameters_are_refused)
{
	static const char *const rows[][2] = {
		{ "wire.loss", "{}" },
		{ "wire.loss", "{\"percent\": 101}" },
		{ "wire.loss", "{\"percent\": \"10\"}" },
		{ "wire.loss", "{\"percent\": 5, \"direction\": \"left\"}" },
		{ "wire.loss", "{\"percent\": 5, \"ms\": 5}" },
		{ "wire.delay", "{\"ms\": -1}" },
		{ "wire.down", "{\"percent\": 5}" },
		{ "wire.los", "{\"percent\": 5}" },
	};
	struct wirefault *faults = wirefault_new(1, NULL);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_int_lt(set(faults, rows[i][0], rows[i][1]), 0);
	ck_assert(!judge(faults, 50000, true).drop);
	wirefault_free(faults);
}
END_TEST

TEST_MAIN("world.wirefault", the_same_seed_loses_the_same_packets,
	  connections_are_told_by_their_number_not_their_port, a_delay_lies_between_its_limits,
	  a_black_hole_takes_the_cloud_and_nothing_else, an_effect_is_told_once_and_in_sum,
	  wrong_parameters_are_refused)
