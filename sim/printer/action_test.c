#include <errno.h>

#include "sim/printer/testbed.h"

/* What changes who and where a printer is, and what it keeps when it starts again. */

#define UPTIME  "1.3.6.1.2.1.1.3.0"
#define SHEETS  "1.3.6.1.2.1.43.10.2.1.4.1.1"
#define SINCE   "1.3.6.1.2.1.43.10.2.1.5.1.1"
#define SERIAL  "1.3.6.1.2.1.43.5.1.1.17.1"
#define NAME    "1.3.6.1.2.1.1.5.0"
#define LENGTH  "1.3.6.1.4.1.1248.1.2.2.27.5.1.4.1.1"
#define SECONDS "1.3.6.1.4.1.32473.1.1.3.0"

static const int64_t MONDAY = 1767571200000000000; /* 2026-01-05T00:00:00Z */

static struct bed *timeless(void)
{
	return bed_new_on(loop_new_virtual(MONDAY), "sc-t-24");
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static void pass(struct bed *bed, uint64_t seconds)
{
	loop_run_until(bed->loop, never, NULL, seconds * 1000);
}

static void refuse(struct bed *bed, const char *action, json_t *with, const char *said)
{
	struct error err = { 0 };
	ck_assert_int_lt(device_do(bed->device, action, with, &err), 0);
	ck_assert_msg(strstr(err.text, said) != NULL, "%s", err.text);
	json_decref(with);
}

START_TEST(a_reboot_ends_what_is_not_kept)
{
	struct bed *bed = timeless();
	pass(bed, 100);
	bed_do(bed, "job", json_pack("{s:i}", "seconds", 1));
	pass(bed, 10);
	int64_t sheets = bed_get_number(bed, SHEETS);
	ck_assert_int_eq(bed_get_number(bed, SINCE), 3); /* two before, says the profile */
	bed_do(bed, "jam", NULL);
	bed_do(bed, "reboot", json_pack("{s:i}", "seconds", 20));
	ck_assert_str_eq(bed_text(bed, "/D09"), "off");
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "45 50 53 4F 4E 51 02 00 0000 0000 0000"),
			 0);
	pass(bed, 19);
	ck_assert_str_eq(bed_text(bed, "/D09"), "off");
	pass(bed, 6);
	ck_assert_str_eq(bed_text(bed, "/D09"), "error");
	ck_assert_int_eq(bed_get_number(bed, UPTIME), 500);
	ck_assert_int_eq(bed_get_number(bed, SINCE), 0);
	ck_assert_int_eq(bed_get_number(bed, SHEETS), sheets);
	bed_free(bed);
}
END_TEST

START_TEST(a_printer_that_is_switched_on_by_hand_does_not_boot_again)
{
	struct bed *bed = timeless();
	bed_do(bed, "reboot", NULL);
	bed_do(bed, "power-on", NULL);
	pass(bed, 60);
	ck_assert_int_eq(bed_get_number(bed, UPTIME), 6000);
	bed_free(bed);
}
END_TEST

START_TEST(the_uptime_wraps_after_497_days)
{
	struct bed *bed = timeless();
	pass(bed, 42949672);
	ck_assert_int_eq(bed_get_number(bed, UPTIME), 4294967200);
	pass(bed, 1);
	ck_assert_int_eq(bed_get_number(bed, UPTIME), 4);
	bed_free(bed);
}
END_TEST

START_TEST(another_address_is_where_it_answers_from_then_on)
{
	static const char query[] = "45 50 53 4F 4E 51 00 00 0010 0000 0000";
	struct bed *bed = bed_new("sc-t-24");
	AUTO_FREE char *before = bed_get_text(bed, SERIAL);
	bed_do(bed, "address", json_pack("{s:s}", "address", "10.16.7.9"));
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, query), 0);
	ck_assert_int_eq(bed_hex(bed, 0x0a100709, 3289, query), 1);
	ck_assert_uint_eq(get_be32(bed->answer.data + 14 + 9), 0x0a100709);
	ck_assert_uint_eq(bed->from.from, 0x0a100709);
	ck_assert_str_eq(bed_text(bed, "/D16/address"), "10.16.7.9");
	ck_assert_str_eq(bed_text(bed, "/D03"), before);
	ck_assert_ptr_eq(fleet_device(bed->fleet, "lobby"), bed->device);
	bed_free(bed);
}
END_TEST

START_TEST(an_address_that_cannot_be_is_refused)
{
	static const char *const wrong[] = { "10.16.0",         "lobby",     "0.0.0.1",
					     "255.255.255.255", "224.0.0.1", "10.255.255.255" };
	struct bed *bed = bed_new("sc-t-24");
	struct error err;
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		refuse(bed, "address", json_pack("{s:s}", "address", wrong[i]), "found address");
	ck_assert_ptr_nonnull(fleet_add(bed->fleet,
					&(struct device_options){ .name = "attic",
								  .profile = bed->profile,
								  .address = BED_ADDRESS + 1 },
					&err));
	refuse(bed, "address", json_pack("{s:s}", "address", "10.16.0.11"), "found 'attic' at");
	bed_do(bed, "address", json_pack("{s:s}", "address", "10.16.0.10")); /* the same lease */
	bed_free(bed);
}
END_TEST

START_TEST(a_new_board_has_another_serial_number_and_card)
{
	struct bed *bed = timeless();
	AUTO_FREE char *serial = bed_get_text(bed, SERIAL), *name = bed_get_text(bed, NAME);
	int64_t sheets = bed_get_number(bed, SHEETS);
	bed_do(bed, "board", json_pack("{s:s,s:s}", "serial", "XT24NEW001", "mac", "02aabbccddee"));
	pass(bed, 60);
	AUTO_FREE char *now = bed_get_text(bed, SERIAL), *host = bed_get_text(bed, NAME);
	ck_assert_str_eq(now, "XT24NEW001");
	ck_assert_str_eq(host, "EPSONCCDDEE");
	ck_assert_str_eq(bed_text(bed, "/D16/mac"), "02aabbccddee");
	ck_assert_int_eq(bed_get_number(bed, SHEETS), sheets);
	bed_do(bed, "board", json_pack("{s:b}", "counters", 1));
	pass(bed, 60);
	AUTO_FREE char *third = bed_get_text(bed, SERIAL);
	ck_assert_str_eq(third, "XT24NEW00B");
	ck_assert_str_eq(bed_text(bed, "/D16/mac"), "02abbbccddee");
	ck_assert_int_eq(bed_get_number(bed, SHEETS), 0);
	ck_assert_int_eq(bed_number(bed, "/D22"), 0);
	ck_assert_str_ne(now, serial);
	ck_assert_str_ne(host, name);
	bed_free(bed);
}
END_TEST

START_TEST(a_board_that_cannot_be_is_refused_and_nothing_changes)
{
	static const char *const macs[] = { "02aabbccdd",   "02aabbccddeeff", "02:aa:bb:cc:dd",
					    "01aabbccddee", "zzaabbccddee",   "" };
	struct bed *bed = bed_new("sc-t-24");
	AUTO_FREE char *serial = bed_get_text(bed, SERIAL);
	for (size_t i = 0; i < COUNT_OF(macs); i++)
		refuse(bed, "board", json_pack("{s:s,s:s}", "serial", "NEW", "mac", macs[i]),
		       "found mac");
	refuse(bed, "board", json_pack("{s:s}", "serial", ""), "found serial");
	AUTO_FREE char *now = bed_get_text(bed, SERIAL);
	ck_assert_str_eq(now, serial);
	bed_free(bed);
}
END_TEST

START_TEST(a_clock_that_gains_does_so_by_seconds_and_the_ledger_says_so)
{
	struct bed *bed = timeless();
	int64_t before = bed->device->clock_offset_ms;
	bed_do(bed, "drift", json_pack("{s:i}", "secondsPerDay", 24));
	pass(bed, 3 * 3600 + 1);
	ck_assert_int_eq(bed->device->clock_offset_ms, before + 3000);
	const json_t *last = json_array_get(bed->truths, json_array_size(bed->truths) - 1);
	ck_assert_int_eq(json_int_of(last, "clockOffsetMs", 0), before + 3000);
	bed_do(bed, "drift", json_pack("{s:i}", "secondsPerDay", -3600));
	pass(bed, 49);
	ck_assert_int_eq(bed->device->clock_offset_ms, before + 1000);
	bed_do(bed, "drift", json_pack("{s:i}", "secondsPerDay", 0));
	pass(bed, 3600);
	ck_assert_int_eq(bed->device->clock_offset_ms, before + 1000);
	bed_free(bed);
}
END_TEST

START_TEST(a_counter_of_32_bits_wraps_around)
{
	struct bed *bed = bed_new("sc-t-24");
	bed_do(bed, "counter", json_pack("{s:s,s:I}", "name", "sheets", "value", 4294967295));
	ck_assert_int_eq(bed_get_number(bed, SHEETS), 4294967295);
	bed_do(bed, "job", json_pack("{s:i}", "seconds", 0));
	bed_wait_idle(bed);
	ck_assert_int_eq(bed_get_number(bed, SHEETS), 0);
	bed_do(bed, "counter",
	       json_pack("{s:s,s:I}", "name", "printingSeconds", "value", 4294967300));
	ck_assert_int_eq(bed_get_number(bed, SECONDS), 4);
	ck_assert_int_eq(bed_number(bed, "/D21"), 4294967300);
	bed_do(bed, "counter", json_pack("{s:s,s:I}", "name", "lengthMm", "value", 2147483653));
	ck_assert_int_eq(bed_get_number(bed, LENGTH), INT32_MAX); /* an INTEGER does not wrap */
	bed_free(bed);
}
END_TEST

START_TEST(another_roll_is_other_media)
{
	struct bed *bed = bed_new("sc-t-24");
	bed_do(bed, "load-paper",
	       json_pack("{s:s,s:i,s:i,s:i}", "type", "film", "typeId", 5, "widthTenthMm", 4200,
			 "lengthMm", 20000));
	ck_assert_str_eq(bed_text(bed, "/D15/type"), "film");
	ck_assert_int_eq(bed_number(bed, "/D15/widthTenthMm"), 4200);
	ck_assert_int_eq(bed_number(bed, "/D15/remainingCm"), 2000);
	bed_do(bed, "load-paper", NULL);
	ck_assert_str_eq(bed_text(bed, "/D15/type"), "film");
	ck_assert_int_eq(bed_number(bed, "/D15/remainingCm"), 5000);
	refuse(bed, "load-paper",
	       json_pack("{s:s}", "type", "a name that no roll of media could ever have"),
	       "found type");
	refuse(bed, "load-paper", json_pack("{s:s}", "type", ""), "found type");
	bed_free(bed);
}
END_TEST

START_TEST(a_printer_that_is_off_can_be_served_but_does_nothing_itself)
{
	struct bed *bed = timeless();
	bed_do(bed, "power-off", NULL);
	bed_do(bed, "replace", json_pack("{s:s}", "color", "K"));
	bed_do(bed, "board", json_pack("{s:s}", "serial", "XT24NEW001"));
	bed_do(bed, "address", json_pack("{s:s}", "address", "10.16.7.9"));
	refuse(bed, "jam", NULL, "found the printer off");
	refuse(bed, "reboot", NULL, "found the printer off");
	pass(bed, 600);
	ck_assert_str_eq(bed_text(bed, "/D09"), "off");
	ck_assert_str_eq(bed_text(bed, "/D03"), "XT24NEW001");
	ck_assert_int_eq(ink_level(bed->device, 3), 100);
	bed_free(bed);
}
END_TEST

TEST_MAIN("sim.printer.action", a_reboot_ends_what_is_not_kept,
	  a_printer_that_is_switched_on_by_hand_does_not_boot_again,
	  the_uptime_wraps_after_497_days, another_address_is_where_it_answers_from_then_on,
	  an_address_that_cannot_be_is_refused, a_new_board_has_another_serial_number_and_card,
	  a_board_that_cannot_be_is_refused_and_nothing_changes,
	  a_clock_that_gains_does_so_by_seconds_and_the_ledger_says_so,
	  a_counter_of_32_bits_wraps_around, another_roll_is_other_media,
	  a_printer_that_is_off_can_be_served_but_does_nothing_itself)
