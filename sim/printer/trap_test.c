#include "sim/printer/trap.h"

#include "sim/printer/testbed.h"
#include "sim/printer/trap_message.h"

/* A printer with receivers, and what reaches them. */
struct hall {
	struct bed *bed;
	struct trap_plan plan;
	struct buf last; /* the newest datagram */
	uint32_t to;
	uint16_t to_port;
	int heard;
};

static void hear(void *arg, const struct datagram *datagram)
{
	struct hall *hall = arg;

	buf_clear(&hall->last);
	buf_add(&hall->last, datagram->data, datagram->size);
	hall->to = datagram->to;
	hall->to_port = datagram->to_port;
	hall->heard++;
	ck_assert_uint_eq(datagram->from, BED_ADDRESS);
	ck_assert_uint_eq(datagram->from_port, 161);
}

static struct hall *hall_new(const struct trap_destination *to)
{
	struct hall *hall = alloc_zero(1, sizeof(*hall));

	hall->bed = bed_new("sc-t-24");
	buf_init(&hall->last, 65536);
	hall->plan.destinations[hall->plan.count++] = *to;
	hall->bed->device->traps = &hall->plan;
	fleet_speak(hall->bed->fleet, hear, hall);
	return hall;
}

static void hall_free(struct hall *hall)
{
	bed_free(hall->bed);
	buf_done(&hall->last);
	free(hall);
}

static const struct trap_destination trap = { .address = BED_AGENT,
					      .port = 1162,
					      .version = TRAP_V2C };
static const struct trap_destination inform = { .address = BED_AGENT,
						.port = 162,
						.version = TRAP_V2C,
						.inform = true,
						.wait_ms = 5,
						.retries = 2 };

static void expect_oids(const struct hall *hall, uint8_t pdu, const char *const *oids, size_t count)
{
	struct snmp_message message;

	ck_assert(snmp_message_parse(hall->last.data, hall->last.size, &message));
	ck_assert_int_eq(message.pdu, pdu);
	json_t *found = snmp_message_oids(&message);
	ck_assert_uint_eq(json_array_size(found), count);
	for (size_t i = 0; i < count; i++)
		ck_assert_str_eq(json_string_value(json_array_get(found, i)), oids[i]);
	json_decref(found);
}

START_TEST(a_critical_alert_is_told_once_with_its_row)
{
	static const char *const oids[] = {
		"1.3.6.1.2.1.1.3.0",           "1.3.6.1.6.3.1.1.4.1.0",
		"1.3.6.1.2.1.43.18.1.1.1.1.2", "1.3.6.1.2.1.43.18.1.1.2.1.2",
		"1.3.6.1.2.1.43.18.1.1.4.1.2", "1.3.6.1.2.1.43.18.1.1.5.1.2",
		"1.3.6.1.2.1.43.18.1.1.6.1.2", "1.3.6.1.2.1.43.18.1.1.7.1.2",
	};
	struct hall *hall = hall_new(&trap);

	bed_do(hall->bed, "open-cover", NULL);
	ck_assert_int_eq(hall->heard, 1);
	ck_assert_uint_eq(hall->to, BED_AGENT);
	ck_assert_uint_eq(hall->to_port, 1162);
	expect_oids(hall, PDU_TRAP, oids, COUNT_OF(oids));
	bed_do(hall->bed, "ink", json_pack("{s:s,s:i}", "color", "K", "level", 55));
	bed_do(hall->bed, "close-cover", NULL);
	ck_assert_int_eq(hall->heard, 1);
	bed_do(hall->bed, "open-cover", NULL);
	ck_assert_int_eq(hall->heard, 2);
	ck_assert_str_eq(json_text_of(bed_find(hall->bed, "snmp.trap"), "trap", ""),
			 "printerV2Alert");
	hall_free(hall);
}
END_TEST

START_TEST(a_warning_is_told_to_those_who_want_all)
{
	struct trap_destination all = trap;

	all.alerts = TRAP_ALL;
	for (int wanted = 0; wanted < 2; wanted++) {
		struct hall *hall = hall_new(wanted ? &all : &trap);
		bed_do(hall->bed, "ink", json_pack("{s:s,s:i}", "color", "K", "level", 3));
		ck_assert_int_eq(hall->heard, wanted);
		hall_free(hall);
	}
}
END_TEST

START_TEST(being_switched_on_is_told)
{
	static const char *const oids[] = { "1.3.6.1.2.1.1.3.0", "1.3.6.1.6.3.1.1.4.1.0" };
	struct hall *hall = hall_new(&trap);

	bed_do(hall->bed, "power-off", NULL);
	ck_assert_int_eq(hall->heard, 0);
	bed_do(hall->bed, "power-on", NULL);
	ck_assert_int_eq(hall->heard, 1);
	expect_oids(hall, PDU_TRAP, oids, COUNT_OF(oids));
	ck_assert_ptr_nonnull(memmem(hall->last.data, hall->last.size,
				     "\x2b\x06\x01\x06\x03\x01\x01\x05\x01", 9));
	hall_free(hall);
}
END_TEST

START_TEST(nobody_is_told_who_was_not_named)
{
	struct hall *hall = hall_new(&trap);

	hall->bed->device->traps = NULL;
	bed_do(hall->bed, "open-cover", NULL);
	ck_assert_int_eq(hall->heard, 0);
	ck_assert_ptr_null(hall->bed->device->trap);
	hall_free(hall);
}
END_TEST

static bool is_settled(void *arg)
{
	struct hall *hall = arg;
	return bed_find(hall->bed, "snmp.inform-lost") ||
	       bed_find(hall->bed, "snmp.inform-acknowledged");
}

START_TEST(an_inform_that_nobody_acknowledges_is_given_up)
{
	struct hall *hall = hall_new(&inform);

	bed_do(hall->bed, "open-cover", NULL);
	ck_assert(loop_run_until(hall->bed->loop, is_settled, hall, 5000));
	ck_assert_int_eq(hall->heard, 3);
	ck_assert_int_eq(json_int_of(bed_find(hall->bed, "snmp.inform-lost"), "attempts", 0), 3);
	hall_free(hall);
}
END_TEST

/* What a receiver sends back: the same with another tag (RFC 3416, 4.2.7). */
static void acknowledge(struct hall *hall, uint32_t from)
{
	uint8_t *tag = memchr(hall->last.data, PDU_INFORM, hall->last.size);

	ck_assert_ptr_nonnull(tag);
	*tag = PDU_RESPONSE;
	fleet_datagram(hall->bed->fleet,
		       &(struct datagram){ .from = from,
					   .from_port = 162,
					   .to = BED_ADDRESS,
					   .to_port = 161,
					   .data = hall->last.data,
					   .size = hall->last.size },
		       bed_sink, hall->bed);
}

START_TEST(an_inform_is_told_again_until_its_receiver_acknowledges)
{
	struct hall *hall = hall_new(&inform);

	bed_do(hall->bed, "open-cover", NULL);
	acknowledge(hall, BED_AGENT + 1);
	ck_assert(!is_settled(hall));
	while (hall->heard < 2)
		loop_turn(hall->bed->loop, true);
	acknowledge(hall, BED_AGENT);
	ck_assert_ptr_nonnull(bed_find(hall->bed, "snmp.inform-acknowledged"));
	ck_assert_int_eq(hall->heard, 2);
	ck_assert_int_eq(hall->bed->answers, 0);
	hall_free(hall);
}
END_TEST

START_TEST(an_inform_ends_with_its_printer)
{
	struct hall *hall = hall_new(&inform);

	bed_do(hall->bed, "open-cover", NULL);
	hall_free(hall);
}
END_TEST

/* RFC 3584, 3.2: enterprise and number of a trap that is not standard. */
START_TEST(a_trap_of_version_1_is_made_of_the_same_notice)
{
	static const char want[] =
		"a4 2b 06 08 2b06010201 2b12 02 40 04 0a10000a 02 01 06 02 01 01 43 02 0100"
		" 30 0f 30 0d 06 08 2b06010201010700 02 01 fe";
	uint8_t bytes[64], room[256], *end = room + sizeof(room);
	struct trap_notice notice = { .address = BED_ADDRESS, .uptime = 256, .count = 1 };

	oid_parse("1.3.6.1.2.1.43.18.2.0.1", &notice.trap);
	oid_parse("1.3.6.1.2.1.1.7.0", &notice.objects[0].name);
	notice.objects[0].value = -2;
	uint8_t *start = trap_push_v1(&notice, end);
	size_t size = bed_bytes(want, bytes, sizeof(bytes));
	ck_assert_uint_eq((size_t)(end - start), size);
	ck_assert_mem_eq(start, bytes, size);
}
END_TEST

START_TEST(a_destination_that_makes_no_sense_is_refused)
{
	static const struct {
		struct trap_destination to;
		const char *said;
	} rows[] = {
		{ { .version = TRAP_V3 }, "found no user for v3" },
		{ { .version = TRAP_V3, .user = "x", .community = "y" }, "a community for v3" },
		{ { .version = TRAP_V2C, .user = "x" }, "found a user for v2c" },
		{ { .version = TRAP_V1, .inform = true }, "found an inform of v1" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };
		ck_assert_int_lt(trap_destination_check(&rows[i].to, &err), 0);
		ck_assert_msg(strstr(error_text(&err), rows[i].said) != NULL, "%s",
			      error_text(&err));
	}
}
END_TEST

TEST_MAIN("sim.printer.trap", a_critical_alert_is_told_once_with_its_row,
	  a_warning_is_told_to_those_who_want_all, being_switched_on_is_told,
	  nobody_is_told_who_was_not_named, an_inform_that_nobody_acknowledges_is_given_up,
	  an_inform_is_told_again_until_its_receiver_acknowledges, an_inform_ends_with_its_printer,
	  a_trap_of_version_1_is_made_of_the_same_notice,
	  a_destination_that_makes_no_sense_is_refused)
