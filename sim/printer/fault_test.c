#include "sim/printer/fault.h"

#include "sim/printer/testbed.h"

static const struct ask two = { .version = 1,
				.pdu = 0xa0,
				.oids = { "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.7.0" } };

static void arm(struct bed *bed, const char *fault, json_t *with)
{
	struct error err = { 0 };
	ck_assert_msg(device_fault(bed->device, fault, with, &err) >= 0, "%s", error_text(&err));
	json_decref(with);
}

static void expect_reached(const struct bed *bed, const char *fault)
{
	const json_t *reached = bed_find(bed, "fault.reached");
	ck_assert_str_eq(json_text_of(reached, "fault", ""), fault);
	ck_assert_str_eq(json_text_of(reached, "device", ""), "lobby");
	ck_assert_int_eq(json_int_of(reached, "count", 0), 1);
}

START_TEST(a_silent_printer_swallows_every_request)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.silent", NULL);
	ck_assert_ptr_null(bed_find(bed, "fault.reached"));
	ck_assert(!bed_ask(bed, &two, &answer));
	expect_reached(bed, "printer.silent");
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e5000ff000000000000"), 0);
	device_fault_clear(bed->device);
	ck_assert(bed_ask(bed, &two, &answer));
	bed_free(bed);
}
END_TEST

START_TEST(a_malformed_answer_cannot_be_decoded)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.malformed-snmp", NULL);
	ck_assert(!bed_ask(bed, &two, &answer));
	ck_assert_int_eq(bed->answers, 1);
	ck_assert_uint_gt(bed->answer.size, 10);
	expect_reached(bed, "printer.malformed-snmp");
	bed_free(bed);
}
END_TEST

START_TEST(a_wrong_request_id_is_the_only_thing_wrong)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.wrong-request-id", NULL);
	ck_assert(bed_ask(bed, &two, &answer));
	ck_assert_int_ne(ber_integer(answer.request), 0x1234);
	ck_assert_uint_eq(answer.varbind_count, 2);
	expect_reached(bed, "printer.wrong-request-id");
	bed_free(bed);
}
END_TEST

START_TEST(an_error_status_is_put_into_the_answer)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.error-status", json_pack("{s:i}", "status", 5));
	ck_assert(bed_ask(bed, &two, &answer));
	ck_assert_int_eq(ber_integer(answer.error_status), 5);
	ck_assert_int_eq(ber_integer(answer.error_index), 1);
	expect_reached(bed, "printer.error-status");
	bed_free(bed);
}
END_TEST

START_TEST(a_varbind_is_missing)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.missing-varbind", NULL);
	ck_assert(bed_ask(bed, &two, &answer));
	ck_assert_uint_eq(answer.varbind_count, 1);
	ck_assert_int_eq(ber_integer(answer.request), 0x1234);
	expect_reached(bed, "printer.missing-varbind");
	bed_free(bed);
}
END_TEST

static bool has_answer(void *arg)
{
	return ((struct bed *)arg)->answers > 0;
}

START_TEST(a_delayed_answer_comes_later_and_unharmed)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.delay", json_pack("{s:i}", "ms", 30));
	ck_assert(!bed_ask(bed, &two, &answer));
	ck_assert_int_eq(bed->answers, 0);
	expect_reached(bed, "printer.delay");
	ck_assert(loop_run_until(bed->loop, has_answer, bed, 5000));
	ck_assert(snmp_message_parse(bed->answer.data, bed->answer.size, &answer));
	ck_assert_int_eq(ber_integer(answer.request), 0x1234);
	ck_assert(!bed_ask(bed, &two, &answer)); /* one more waits while the fleet ends */
	bed_free(bed);
}
END_TEST

START_TEST(a_mistake_in_a_fault_is_named)
{
	static const struct {
		const char *fault, *parameters, *words;
	} rows[] = {
		{ "printer.silnt", "{}", "printer.silent" },
		{ "printer.silent", "{\"ms\":1}", "expected none" },
		{ "printer.delay", "{}", "found ms none" },
		{ "printer.delay", "{\"ms\":0}", "from 1 to" },
		{ "printer.error-status", "{\"status\":19}", "1 to 18" },
		{ "printer.error-status", "{\"ms\":1}", "expected status" },
	};
	struct bed *bed = bed_new("sc-t-24");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };
		json_t *with =
			json_read_text(rows[i].parameters, strlen(rows[i].parameters), "row", &err);
		ck_assert_int_lt(device_fault(bed->device, rows[i].fault, with, &err), 0);
		ck_assert_msg(strstr(err.text, rows[i].words) != NULL, "%s", err.text);
		json_decref(with);
	}
	ck_assert_ptr_null(bed->device->fault.name);
	bed_free(bed);
}
END_TEST

START_TEST(every_listed_fault_exists)
{
	struct bed *bed = bed_new("sc-t-24");
	for (size_t i = 0; i < device_faults.count; i++) {
		struct error err = { 0 };
		json_t *with = json_pack("{s:i}", "no such parameter", 1);
		device_fault(bed->device, verb_at(&device_faults, i)->name, with, &err);
		ck_assert_msg(strstr(err.text, "found parameter") != NULL, "%s", err.text);
		json_decref(with);
	}
	bed_free(bed);
}
END_TEST

TEST_MAIN("sim.printer.fault", a_silent_printer_swallows_every_request,
	  a_malformed_answer_cannot_be_decoded, a_wrong_request_id_is_the_only_thing_wrong,
	  an_error_status_is_put_into_the_answer, a_varbind_is_missing,
	  a_delayed_answer_comes_later_and_unharmed, a_mistake_in_a_fault_is_named,
	  every_listed_fault_exists)
