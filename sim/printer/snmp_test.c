#include "sim/printer/snmp.h"

#include "sim/printer/testbed.h"

#define SYS_NAME "1.3.6.1.2.1.1.5.0"
#define NOWHERE  "1.3.6.1.2.1.99.1.0"

START_TEST(a_get_written_by_hand_is_answered_byte_for_byte)
{
	struct bed *bed = bed_new("sc-t-24");
	uint8_t answer[128];
	/* The serial number, 1248.1.2.2.1.1.1.5.1. */
	size_t size = bed_bytes("3038 020100 0406 7075626c6963 a22b 02021234 020100 020100"
				"301f 301d 060f 2b0601040189600102020101010501"
				"040a 58543234313030303041",
				answer, sizeof(answer));
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 161,
				 "302e 020100 0406 7075626c6963 a021 02021234 020100 020100"
				 "3015 3013 060f 2b0601040189600102020101010501 0500"),
			 1);
	ck_assert_uint_eq(bed->answer.size, size);
	ck_assert_mem_eq(bed->answer.data, answer, size);
	ck_assert_uint_eq(bed->from.from, BED_ADDRESS);
	ck_assert_uint_eq(bed->from.from_port, 161);
	ck_assert_uint_eq(bed->from.to, BED_AGENT);
	ck_assert_uint_eq(bed->from.to_port, BED_PORT);
	bed_free(bed);
}
END_TEST

START_TEST(v1_answers_a_missing_name_with_its_index_and_leaves_the_values)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	struct span value;

	ck_assert(
		bed_ask(bed, &(struct ask){ .pdu = 0xa0, .oids = { SYS_NAME, NOWHERE } }, &answer));
	ck_assert_int_eq(ber_integer(answer.error_status), 2); /* noSuchName */
	ck_assert_int_eq(ber_integer(answer.error_index), 2);
	ck_assert_int_eq(ber_integer(answer.request), 0x1234);
	ck_assert_int_eq(bed_value(&answer, 0, &value), 5);
	bed_free(bed);
}
END_TEST

START_TEST(v2c_tells_a_missing_object_from_a_missing_instance)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	struct span value;

	ck_assert(bed_ask(bed,
			  &(struct ask){ .version = 1,
					 .pdu = 0xa0,
					 .oids = { SYS_NAME, NOWHERE, "1.3.6.1.2.1.1.5.7",
						   "1.3.6.1.2.1.43.11.1.1.9.1.99" } },
			  &answer));
	ck_assert_int_eq(ber_integer(answer.error_status), 0);
	ck_assert_int_eq(bed_value(&answer, 0, &value), 0x04);
	ck_assert_int_eq(bed_value(&answer, 1, &value), 0x80); /* noSuchObject */
	ck_assert_int_eq(bed_value(&answer, 2, &value), 0x81); /* noSuchInstance */
	ck_assert_int_eq(bed_value(&answer, 3, &value), 0x81);
	bed_free(bed);
}
END_TEST

START_TEST(a_walk_by_getnext_visits_every_entry_in_order_and_ends)
{
	struct bed *bed = bed_new("sc-p-12");
	const struct mib *mib = device_mib(bed->device);
	char text[OID_TEXT_MAX] = "1.3";
	struct snmp_message answer;
	struct span value;
	size_t steps = 0;

	for (;; steps++) {
		ck_assert(bed_ask(bed, &(struct ask){ .version = 1, .pdu = 0xa1, .oids = { text } },
				  &answer));
		if (bed_value(&answer, 0, &value) == 0x82) /* endOfMibView */
			break;
		const struct mib_entry *entry = mib_entry(mib, steps);
		json_t *oids = snmp_message_oids(&answer);
		char expected[OID_TEXT_MAX];
		ck_assert_str_eq(json_string_value(json_array_get(oids, 0)),
				 oid_format(entry->oid, entry->oid_count, expected));
		snprintf(text, sizeof(text), "%s", expected);
		json_decref(oids);
	}
	ck_assert_uint_eq(steps, mib_count(mib));
	ck_assert_uint_gt(steps, 800);
	bed_free(bed);
}
END_TEST

START_TEST(getbulk_repeats_and_stays_within_a_frame)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	struct span value;

	ck_assert(bed_ask(bed,
			  &(struct ask){ .version = 1,
					 .pdu = 0xa5,
					 .second = 1,
					 .third = 3,
					 .oids = { "1.3.6.1.2.1.1.1", "1.3.6.1.2.1.1.4",
						   "1.3.6.1.4.1.32473.1.4.1.2.3" } },
			  &answer));
	ck_assert_uint_eq(answer.varbind_count, 1 + 2 * 3);
	ck_assert_int_eq(bed_value(&answer, 2, &value), 0x41);
	ck_assert_int_eq(bed_value(&answer, 4, &value), 0x82);
	ck_assert(bed_ask(
		bed,
		&(struct ask){
			.version = 1, .pdu = 0xa5, .third = 100, .oids = { "1.3.6.1.2.1.1" } },
		&answer));
	ck_assert_int_eq(ber_integer(answer.error_status), 0);
	ck_assert_uint_le(bed->answer.size, SNMP_ANSWER_MAX);
	ck_assert_uint_gt(answer.varbind_count, 20);
	bed_free(bed);
}
END_TEST

START_TEST(an_answer_over_a_frame_is_too_big)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	struct ask ask = { .version = 1, .pdu = 0xa0 };

	for (size_t i = 0; i < 30; i++)
		ask.oids[i] = "1.3.6.1.4.1.1248.1.2.2.1.1.1.1.1";
	ck_assert(bed_ask(bed, &ask, &answer));
	ck_assert_int_eq(ber_integer(answer.error_status), 1);
	ck_assert_uint_eq(answer.varbind_count, 0);
	ask.version = 0;
	ck_assert(bed_ask(bed, &ask, &answer));
	ck_assert_int_eq(ber_integer(answer.error_status), 1);
	ck_assert_int_eq(ber_integer(answer.error_index), 0);
	ck_assert_uint_eq(answer.varbind_count, 30);
	bed_free(bed);
}
END_TEST

START_TEST(nothing_can_be_set)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;

	ck_assert(bed_ask(bed, &(struct ask){ .version = 1, .pdu = 0xa3, .oids = { SYS_NAME } },
			  &answer));
	ck_assert_int_eq(ber_integer(answer.error_status), 17); /* notWritable */
	ck_assert_int_eq(ber_integer(answer.error_index), 1);
	/* RFC 3584, 4.3: to v1 that is noSuchName. */
	ck_assert(bed_ask(bed, &(struct ask){ .pdu = 0xa3, .oids = { SYS_NAME } }, &answer));
	ck_assert_int_eq(ber_integer(answer.error_status), 2);
	bed_expect_text(bed, SYS_NAME, "EPSON10000A");
	bed_free(bed);
}
END_TEST

START_TEST(a_wrong_community_gets_nothing_and_is_seen)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;

	ck_assert(!bed_ask(
		bed,
		&(struct ask){
			.version = 1, .community = "private", .pdu = 0xa0, .oids = { SYS_NAME } },
		&answer));
	ck_assert_str_eq(json_text_of(bed_find(bed, "snmp.request"), "community", ""), "private");
	ck_assert_str_eq(json_text_of(bed_find(bed, "snmp.ignored"), "why", ""), "community");
	ck_assert_ptr_null(bed_find(bed, "snmp.response"));
	bed_free(bed);
}
END_TEST

START_TEST(what_is_no_request_is_ignored)
{
	static const char *const hex[] = {
		"",
		"30",
		"3003020101",
		"ffffffffffffffffffffffff",
		"3084ffffffff020101",
		/* a response nobody asked for */
		"3027020101 0406 7075626c6963 a21a 02021234 020100 020100 300e 300c 0608"
		"2b06010201010500 0500",
		/* v3 */
		"300d 020103 3008 020101 0202 1000 0401 04",
	};
	struct bed *bed = bed_new("sc-t-24");
	for (size_t i = 0; i < COUNT_OF(hex); i++) {
		json_array_clear(bed->seen);
		ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 161, hex[i]), 0);
		ck_assert_str_eq(json_text_of(bed_find(bed, "snmp.ignored"), "why", ""),
				 "malformed");
	}
	bed_free(bed);
}
END_TEST

START_TEST(request_and_response_are_told_with_their_oids)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;

	ck_assert(bed_ask(bed, &(struct ask){ .version = 1, .pdu = 0xa1, .oids = { SYS_NAME } },
			  &answer));
	const json_t *request = bed_find(bed, "snmp.request");
	const json_t *response = bed_find(bed, "snmp.response");
	ck_assert_str_eq(json_text_of(request, "device", ""), "lobby");
	ck_assert_str_eq(json_text_of(request, "from", ""), "10.0.0.5");
	ck_assert_str_eq(json_text_of(request, "to", ""), "10.16.0.10");
	ck_assert_str_eq(json_text_of(request, "version", ""), "2c");
	ck_assert_str_eq(json_text_of(request, "pdu", ""), "getnext");
	ck_assert_int_eq(json_int_of(request, "request", 0), 0x1234);
	ck_assert_str_eq(json_string_value(json_at(request, "/oids/0")), SYS_NAME);
	ck_assert_str_eq(json_string_value(json_at(response, "/oids/0")), "1.3.6.1.2.1.1.6.0");
	ck_assert_int_eq(json_int_of(response, "errorStatus", -1), 0);
	bed_free(bed);
}
END_TEST

START_TEST(a_second_fleet_after_the_first_answers_as_well)
{
	for (int i = 0; i < 3; i++) {
		struct bed *bed = bed_new(i == 1 ? "decoy" : "sc-t-24");
		bed_expect_text(bed, "1.3.6.1.2.1.43.5.1.1.17.1",
				i == 1 ? "NV3610000A" : "XT2410000A");
		bed_free(bed);
	}
}
END_TEST

START_TEST(two_fleets_at_once_do_not_mix)
{
	struct bed *one = bed_new("sc-t-24"), *other = bed_new("sc-p-12");
	bed_do(one, "ink", json_pack("{s:s,s:i}", "color", "K", "level", 5));
	bed_expect_text(other, "1.3.6.1.4.1.1248.1.2.2.1.1.1.2.1", "SC-P12 Series");
	bed_expect_text(one, "1.3.6.1.4.1.1248.1.2.2.1.1.1.2.1", "SC-T24 Series");
	ck_assert_int_eq(bed_get_number(one, "1.3.6.1.2.1.25.3.2.1.5.1"), 3);
	ck_assert_int_eq(bed_get_number(other, "1.3.6.1.2.1.25.3.2.1.5.1"), 2);
	bed_free(one);
	bed_expect_text(other, "1.3.6.1.4.1.1248.1.2.2.1.1.1.2.1", "SC-P12 Series");
	bed_free(other);
}
END_TEST

TEST_MAIN("sim.printer.snmp", a_get_written_by_hand_is_answered_byte_for_byte,
	  v1_answers_a_missing_name_with_its_index_and_leaves_the_values,
	  v2c_tells_a_missing_object_from_a_missing_instance,
	  a_walk_by_getnext_visits_every_entry_in_order_and_ends,
	  getbulk_repeats_and_stays_within_a_frame, an_answer_over_a_frame_is_too_big,
	  nothing_can_be_set, a_wrong_community_gets_nothing_and_is_seen,
	  what_is_no_request_is_ignored, request_and_response_are_told_with_their_oids,
	  a_second_fleet_after_the_first_answers_as_well, two_fleets_at_once_do_not_mix)
