#include "sim/printer/enpc.h"

#include "sim/printer/testbed.h"

static void expect(struct bed *bed, const char *request, const char *reply)
{
	uint8_t bytes[1024];
	size_t size = bed_bytes(reply, bytes, sizeof(bytes));
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, request), size ? 1 : 0);
	ck_assert_uint_eq(bed->answer.size, size);
	if (size)
		ck_assert_mem_eq(bed->answer.data, bytes, size);
}

START_TEST(a_probe_of_14_or_15_bytes_gets_76)
{
	struct bed *bed = bed_new("sc-t-24");
	static const char reply[] =
		"4550534f4e 7000ff 0000 0000 003e 4550313030303041454e534e33"
		"00000000000000000000000000000000000000 0001ffff15000200 02000a10000a"
		"0000000100000001 0a10000a ff000000";
	expect(bed, "4550534f4e5000ff000000000000", reply);
	expect(bed, "4550534f4e5000ff00000000000000", reply);
	ck_assert_uint_eq(bed->answer.size, ENPC_PROBE_REPLY);
	ck_assert_str_eq(json_text_of(bed_find(bed, "enpc.request"), "function", ""), "00-0000");
	ck_assert_str_eq(json_text_of(bed_find(bed, "enpc.request"), "packet", ""), "P");
	ck_assert(json_is_false(json_object_get(bed_find(bed, "enpc.request"), "broadcast")));
	bed_free(bed);
}
END_TEST

START_TEST(a_broadcast_reaches_every_printer_that_speaks_it)
{
	static const uint32_t broadcasts[] = { 0xffffffff, 0x0affffff };
	struct bed *bed = bed_new("sc-t-24");
	struct error err = { 0 };
	struct profile *decoy = profile_load("sim/printer/profiles/decoy.yaml", &err);

	ck_assert(fleet_add(bed->fleet,
			    &(struct device_options){ .name = "hall",
						      .profile = bed->profile,
						      .address = BED_ADDRESS + 1 },
			    &err));
	ck_assert(fleet_add(bed->fleet,
			    &(struct device_options){
				    .name = "decoy", .profile = decoy, .address = BED_ADDRESS + 2 },
			    &err));
	for (size_t i = 0; i < COUNT_OF(broadcasts); i++) {
		ck_assert_int_eq(bed_hex(bed, broadcasts[i], 3289, "4550534f4e5000ff000000000000"),
				 2);
		ck_assert_uint_eq(bed->from.from, BED_ADDRESS + 1);
		ck_assert(json_is_true(json_object_get(bed_find(bed, "enpc.reply"), "broadcast")));
	}
	fleet_free(bed->fleet);
	bed->fleet = NULL;
	profile_free(decoy);
	bed_free(bed);
}
END_TEST

START_TEST(the_interface_and_its_addresses_are_told)
{
	struct bed *bed = bed_new("sc-t-24");
	expect(bed, "4550534f4e51000000000000 0000",
	       "4550534f4e 710000 0000 0000 0036 4550313030303041454e534e33"
	       "00000000000000000000000000000000000000 0001ffff15000200 02000a10000a"
	       "0000000100000001");
	expect(bed, "4550534f4e51000000100000 0000",
	       "4550534f4e 710000 0010 0000 0017 01 02000a10000a 0014 0a10000a ff000000 0a000001"
	       "801c");
	bed_free(bed);
}
END_TEST

START_TEST(the_printer_tells_its_device_id_and_model)
{
	struct bed *bed = bed_new("sc-t-24");
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e510200000000000000"), 1);
	const uint8_t *payload = bed->answer.data + ENPC_HEADER;
	size_t id = get_be16(payload + 3) - 2u;
	ck_assert_mem_eq(payload, "\x03\x00\x00", 3);
	ck_assert_mem_eq(payload + 5, "MFG:EPSON;", 10);
	ck_assert_mem_eq(payload + 5 + id, "SC-T24 Series", sizeof("SC-T24 Series"));
	ck_assert_uint_eq(bed->answer.size, ENPC_HEADER + 5 + id + sizeof("SC-T24 Series"));
	/* Serial XT2410000A: eight characters in hex, two as they are. */
	ck_assert_ptr_nonnull(memmem(payload, 5 + id, "SN:58543234313030300A;", 22));
	bed_free(bed);
}
END_TEST

START_TEST(the_extension_tells_the_status_block_of_snmp)
{
	struct bed *bed = bed_new("sc-p-12");
	struct snmp_message answer;
	struct span block;
	struct buf reply;

	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e510200001000000000"), 1);
	buf_init(&reply, 4096);
	buf_add(&reply, bed->answer.data, bed->answer.size);
	ck_assert(bed_ask(
		bed, &(struct ask){ .pdu = 0xa0, .oids = { "1.3.6.1.4.1.1248.1.2.2.1.1.1.4.1" } },
		&answer));
	ck_assert_int_eq(bed_value(&answer, 0, &block), 4);
	ck_assert_int_eq(reply.data[ENPC_HEADER], 0);
	ck_assert_uint_eq(reply.size, ENPC_HEADER + 1 + block.size);
	ck_assert_mem_eq(reply.data + ENPC_HEADER + 1, block.data, block.size);
	buf_done(&reply);
	bed_free(bed);
}
END_TEST

START_TEST(unknown_functions_devices_and_noise_are_told_apart)
{
	struct bed *bed = bed_new("sc-t-24");
	expect(bed, "4550534f4e510200013100000000", "4550534f4e7102000131ffff0000");
	expect(bed, "4550534f4e510300001000000000", "4550534f4e7103000010fffe0000");
	/* The result field of a request and bytes behind it are not looked at. */
	expect(bed, "4550534f4e51030000000010 00000000", "4550534f4e7103000000fffe0000");
	expect(bed, "4550534f4e5002", "");
	expect(bed, "4550534f4f510200013100000000", "");
	expect(bed, "4550534f4e710200013100000000", "");
	expect(bed, "", "");
	bed_free(bed);
}
END_TEST

START_TEST(a_cleaning_starts_once_and_is_refused_while_busy_or_in_error)
{
	struct bed *bed = bed_new("sc-t-24");
	expect(bed, "4550534f4e430200002000000000", "4550534f4e630200002000000001 00");
	ck_assert_str_eq(bed_text(bed, "/D09"), "cleaning");
	expect(bed, "4550534f4e430200002000000000", "4550534f4e6302000020f0000001 01");
	ck_assert_str_eq(json_text_of(bed_find(bed, "printer.operated"), "by", ""), "enpc");
	bed_wait_idle(bed);
	ck_assert_str_eq(bed_text(bed, "/D18/2/kind"), "remote");
	bed_do(bed, "jam", NULL);
	expect(bed, "4550534f4e430200002000000000", "4550534f4e6302000020f0000001 02");
	bed_free(bed);
}
END_TEST

START_TEST(a_diagnosis_needs_the_function)
{
	struct bed *with = bed_new("sc-t-24"), *without = bed_new("sc-p-12");
	bed_do(with, "diagnosis", json_pack("{s:s}", "result", "nozzles"));
	expect(with, "4550534f4e430200002100000000", "4550534f4e630200002100000007 6e6f7a7a6c6573");
	expect(without, "4550534f4e430200002100000000", "4550534f4e6302000021ffff0000");
	bed_free(with);
	bed_free(without);
}
END_TEST

TEST_MAIN("sim.printer.enpc", a_probe_of_14_or_15_bytes_gets_76,
	  a_broadcast_reaches_every_printer_that_speaks_it,
	  the_interface_and_its_addresses_are_told, the_printer_tells_its_device_id_and_model,
	  the_extension_tells_the_status_block_of_snmp,
	  unknown_functions_devices_and_noise_are_told_apart,
	  a_cleaning_starts_once_and_is_refused_while_busy_or_in_error,
	  a_diagnosis_needs_the_function)
