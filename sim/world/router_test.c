#include "sim/world/router.h"

#include <sys/socket.h>

#include "sim/world/world_fixture.h"

START_TEST(a_printer_answers)
{
	RUN_PROBE("udp", "10.16.0.9", "161");
	CHECK_OUTPUT("answer: ask");
	finish();
}
END_TEST

START_TEST(a_datagram_larger_than_the_wire_passes_in_pieces)
{
	RUN_PROBE("big", "10.16.0.9", "161");
	CHECK_OUTPUT("size: 4000");
	finish();
}
END_TEST

START_TEST(what_nobody_listens_to_is_refused)
{
	static const struct {
		const char *word, *address, *port, *error;
	} rows[] = {
		{ "udp", "10.16.0.9", "7", "refused" },
		{ "udp", "198.51.100.10", "443", "refused" },
		{ "udp", "10.0.0.53", "5353", "refused" },
		{ "tcp", "198.51.100.10", "80", "refused" },
		{ "tcp", "10.16.0.9", "443", "refused" },
		{ "tcp", "10.16.0.9", "9100", "refused" },
		{ "tcp", "10.0.0.53", "53", "refused" },
		{ "tcp", "10.31.0.9", "443", "No route to host" },
		{ "tcp", "8.8.8.8", "443", "unreachable" },
	};

	begin();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ck_assert_int_eq(ftruncate(stage.output, 0), 0);
		lseek(stage.output, 0, SEEK_SET);
		PROBE(rows[i].word, rows[i].address, rows[i].port);
		await_end();
		ck_assert_msg(strstr(output(), rows[i].error), "%s %s: %s", rows[i].address,
			      rows[i].port, output());
	}
	finish();
}
END_TEST

START_TEST(an_absent_host_is_answered_by_icmp)
{
	char text[PATH_MAX * 2 + 256];

	/* UDP programs do not hear of it unless they ask, so the kernel's own count is the proof.
	 */
	begin();
	snprintf(text, sizeof(text),
		 "%s flood 10.31.0.9 161 3; while ! grep -q 'InType3' /proc/net/snmp; do :; done; "
		 "grep IcmpMsg /proc/net/snmp",
		 stage.program);
	SHELL(text);
	await_end();
	CHECK_OUTPUT("InType3");
	CHECK_OUTPUT("IcmpMsg: 3");
	finish();
}
END_TEST

START_TEST(the_cloud_is_reached_and_printers_are_not_mistaken_for_it)
{
	struct error err;
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);

	begin();
	AUTO_CLOSE int cloud = world_cloud_socket(stage.world, &err);
	ck_assert_msg(cloud >= 0, "%s", error_text(&err));
	AUTO_CLOSE int raw = world_printer_socket(stage.world, 9100, &err);
	ck_assert_msg(raw >= 0, "%s", error_text(&err));
	PROBE("tcp", "198.51.100.77", "443");
	await_end();
	PROBE("tcp", "10.16.0.4", "9100");
	await_end();
	ck_assert_str_eq(output(), "connected\nconnected\n");
	AUTO_CLOSE int first = accept(cloud, (struct sockaddr *)&peer, &size);
	ck_assert_int_ge(first, 0);
	AUTO_CLOSE int second = accept(raw, NULL, NULL);
	ck_assert_int_ge(second, 0);
	PROBE("tcp", "198.51.100.77", "9100");
	await_end();
	PROBE("tcp", "10.16.0.4", "443");
	await_end();
	ck_assert_int_eq(accept(cloud, NULL, NULL), -1);
	ck_assert_int_eq(accept(raw, NULL, NULL), -1);
	finish();
}
END_TEST

START_TEST(names_resolve_and_queries_are_told)
{
	static const struct world_file files[] = {
		{ "/etc/resolv.conf", "nameserver 10.0.0.53\n", 21 },
		{ "/etc/nsswitch.conf", "hosts: dns\n", 11 },
	};

	stage.files = files;
	stage.file_count = COUNT_OF(files);
	RUN_PROBE("name", "mqtt.ecsp.example");
	PROBE("name", "www.example.com");
	await_end();
	CHECK_OUTPUT("mqtt.ecsp.example: 198.51.100.11\n");
	CHECK_OUTPUT("www.example.com: Name or service not known\n");
	ck_assert_str_eq(json_text_of(told("dns.query", 0), "name", ""), "mqtt.ecsp.example");
	ck_assert_str_eq(json_text_of(told("dns.query", 0), "answer", ""), "198.51.100.11");
	finish();
}
END_TEST

START_TEST(a_burst_is_recorded_to_the_last_frame)
{
	RUN_PROBE("flood", "10.16.0.9", "161", "20000");
	world_finish(stage.world);
	const json_t *counters = told("world.counters", 0);
	ck_assert_int_ge(json_int_of(counters, "recordedFrames", -1), 40000);
	ck_assert_int_eq(json_int_of(counters, "kernelFrames", -1),
			 json_int_of(counters, "recordedFrames", -2));
	world_free(stage.world);
}
END_TEST

START_TEST(a_black_hole_is_silent_and_told)
{
	struct error err;

	begin();
	AUTO_JSON json_t *none = json_object();
	AUTO_CLOSE int cloud = world_cloud_socket(stage.world, &err);
	ck_assert_int_ge(cloud, 0);
	ck_assert_int_eq(world_fault(stage.world, "wire.blackhole", none, &err), 0);
	start((const char *const[]){ "timeout", "0.3", stage.program, "tcp", "198.51.100.10", "443",
				     NULL });
	await_end();
	ck_assert_int_eq(json_int_of(told("agent.exit", 0), "code", -1), 124);
	world_fault_clear(stage.world, "wire.blackhole");
	PROBE("tcp", "198.51.100.10", "443");
	await_end();
	CHECK_OUTPUT("connected");
	ck_assert_str_eq(json_text_of(told("fault.reached", 0), "fault", ""), "wire.blackhole");
	finish();
}
END_TEST

START_TEST(a_wire_that_is_down_has_no_carrier)
{
	struct error err;

	begin();
	AUTO_JSON json_t *none = json_object();
	ck_assert_int_eq(world_fault(stage.world, "wire.down", none, &err), 0);
	SHELL("cat /sys/class/net/eth0/carrier");
	await_end();
	ck_assert_str_eq(json_text_of(told("fault.reached", 0), "fault", ""), "wire.down");
	PROBE("flood", "10.16.0.9", "161", "5");
	await_end();
	world_fault_clear(stage.world, NULL);
	SHELL("cat /sys/class/net/eth0/carrier");
	await_end();
	ck_assert_str_eq(output(), "0\n1\n");
	PROBE("udp", "10.16.0.9", "161");
	await_end();
	CHECK_OUTPUT("answer: ask");
	finish();
}
END_TEST

START_TEST(a_delay_delays)
{
	struct error err;

	begin();
	AUTO_JSON json_t *ms = json_pack("{s:i}", "ms", 40);
	ck_assert_int_eq(world_fault(stage.world, "wire.delay", ms, &err), 0);
	loop_update(stage.loop);
	uint64_t before = loop_now(stage.loop);
	PROBE("udp", "10.16.0.9", "161");
	await_end();
	CHECK_OUTPUT("answer: ask");
	ck_assert_uint_ge(loop_now(stage.loop) - before, 80000000);
	finish();
}
END_TEST

TEST_MAIN("sim.world.router", a_printer_answers, a_datagram_larger_than_the_wire_passes_in_pieces,
	  what_nobody_listens_to_is_refused, an_absent_host_is_answered_by_icmp,
	  the_cloud_is_reached_and_printers_are_not_mistaken_for_it,
	  names_resolve_and_queries_are_told, a_burst_is_recorded_to_the_last_frame,
	  a_black_hole_is_silent_and_told, a_wire_that_is_down_has_no_carrier, a_delay_delays)
