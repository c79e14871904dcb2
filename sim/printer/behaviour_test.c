#include "sim/printer/behaviour.h"

#include "sim/printer/testbed.h"

static void refuse(struct bed *bed, const char *action, json_t *with, const char *words)
{
	struct error err = { 0 };
	ck_assert_int_lt(device_do(bed->device, action, with, &err), 0);
	ck_assert_msg(strstr(err.text, words) != NULL, "'%s' has no '%s'", err.text, words);
	json_decref(with);
}

static json_t *job(double seconds, const char *color, int microlitres)
{
	return json_pack("{s:f,s:i,s:i,s:{s:i},s:s,s:s}", "seconds", seconds, "lengthMm", 1189,
			 "squareCm", 9988, "microlitres", color, microlitres, "document",
			 "plan.pdf", "owner", "keller");
}

START_TEST(a_job_takes_its_time_then_costs_ink_area_and_an_entry)
{
	struct bed *bed = bed_new("sc-t-24");
	int64_t used = bed_number(bed, "/D20/3/microlitres"), area = bed_number(bed, "/D22");

	bed_do(bed, "job", job(0.05, "K", 35000));
	ck_assert_str_eq(bed_text(bed, "/D09"), "printing");
	ck_assert_int_eq(bed_number(bed, "/D22"), area);
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.25.3.5.1.1.1"), 4);
	bed_wait_idle(bed);
	ck_assert_str_eq(bed_text(bed, "/D09"), "idle");
	ck_assert_int_eq(bed_number(bed, "/D22"), area + 9988);
	ck_assert_int_eq(bed_number(bed, "/D20/3/microlitres"), used + 35000);
	ck_assert_int_eq(bed_number(bed, "/D17/3/level"), 37);
	ck_assert_int_eq(bed_number(bed, "/D23/2/number"), 3);
	ck_assert_str_eq(bed_text(bed, "/D23/2/result"), "ok");
	ck_assert_int_eq(bed_number(bed, "/D15/remainingCm"), 2980 - 118 - 1);
	ck_assert_ptr_null(bed_item(bed, "/D23/2/document"));
	bed_expect_text(bed, "1.3.6.1.4.1.32473.1.3.4.1.8.3", "plan.pdf");
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.4.1.1248.1.2.2.27.5.1.4.1.2"), area + 9988);
	bed_free(bed);
}
END_TEST

START_TEST(a_cancelled_job_is_logged_as_such)
{
	struct bed *bed = bed_new("sc-t-24");
	bed_do(bed, "job", job(100, "K", 1000));
	refuse(bed, "job", job(1, "K", 1), "busy");
	bed_do(bed, "cancel", NULL);
	ck_assert_str_eq(bed_text(bed, "/D23/2/result"), "cancelled");
	ck_assert_str_eq(bed_text(bed, "/D09"), "idle");
	refuse(bed, "cancel", NULL, "no job");
	bed_free(bed);
}
END_TEST

START_TEST(an_error_ends_the_job_and_every_view_agrees)
{
	struct bed *bed = bed_new("sc-t-24");
	bed_do(bed, "job", job(100, "K", 1000));
	bed_do(bed, "jam", NULL);
	ck_assert_str_eq(bed_text(bed, "/D23/2/result"), "error");
	ck_assert_str_eq(bed_text(bed, "/D09"), "error");
	ck_assert_str_eq(bed_text(bed, "/D10/0"), "E04");
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.25.3.2.1.5.1"), 5);
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.25.3.5.1.1.1"), 1);
	bed_expect_text(bed, "1.3.6.1.2.1.25.3.5.1.2.1", "\x04");
	refuse(bed, "job", job(1, "K", 1), "in an error");
	bed_do(bed, "clear-jam", NULL);
	ck_assert_str_eq(bed_text(bed, "/D09"), "idle");
	ck_assert_uint_eq(json_array_size(bed_item(bed, "/D10")), 0);
	bed_free(bed);
}
END_TEST

START_TEST(ink_goes_low_and_then_out)
{
	struct bed *bed = bed_new("sc-t-24");
	bed_do(bed, "ink", json_pack("{s:s,s:i}", "color", "C", "level", 10));
	ck_assert_str_eq(bed_text(bed, "/D10/0"), "W12"); /* third record of the block */
	ck_assert_str_eq(bed_text(bed, "/D09"), "idle");
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.25.3.2.1.5.1"), 3);
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.4.1.1248.1.2.2.28.1.1.2.1.3"), 10);
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.43.11.1.1.9.1.3"), 10);
	bed_do(bed, "ink", json_pack("{s:s,s:i}", "color", "C", "level", 0));
	ck_assert_str_eq(bed_text(bed, "/D10/0"), "E05");
	ck_assert_str_eq(bed_text(bed, "/D11/6/code"), "E05");
	bed_do(bed, "replace", json_pack("{s:s}", "color", "C"));
	ck_assert_int_eq(bed_number(bed, "/D17/2/level"), 100);
	ck_assert_int_eq(bed_number(bed, "/D17/2/replaced"), 3);
	ck_assert_str_eq(bed_text(bed, "/D19/1/part"), "Cyan Ink Cartridge");
	bed_free(bed);
}
END_TEST

START_TEST(a_job_that_runs_out_of_ink_ends_in_error)
{
	struct bed *bed = bed_new("sc-t-24");
	bed_do(bed, "ink", json_pack("{s:s,s:i}", "color", "M", "level", 1));
	bed_do(bed, "job", job(0.01, "M", 1000000));
	bed_wait_idle(bed);
	ck_assert_str_eq(bed_text(bed, "/D23/2/result"), "error");
	ck_assert_int_eq(bed_number(bed, "/D23/2/microlitres"), 3500);
	ck_assert_str_eq(bed_text(bed, "/D09"), "error");
	bed_free(bed);
}
END_TEST

START_TEST(an_alert_keeps_its_index_while_it_lasts)
{
	struct bed *bed = bed_new("sc-t-24");
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.43.18.1.1.7.1.1"), 1); /* Ready */
	bed_do(bed, "ink", json_pack("{s:s,s:i}", "color", "K", "level", 3));
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.43.18.1.1.7.1.2"), 1105);
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.43.18.1.1.5.1.2"), 4);
	bed_do(bed, "open-cover", json_pack("{s:i}", "cover", 2));
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.43.18.1.1.7.1.2"), 1105);
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.43.18.1.1.7.1.3"), 3);
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.43.6.1.1.3.1.2"), 3);
	bed_free(bed);
}
END_TEST

START_TEST(each_state_has_the_values_of_its_row)
{
	static const struct {
		const char *action, *color;
		int level;
		int device, printer;
		const char *detected, *status, *code;
	} rows[] = {
		{ "sleep", NULL, 0, 2, 1, "", "sleeping", NULL },
		{ "pause", NULL, 0, 3, 1, "\x02", "paused", NULL },
		{ "paper-out", NULL, 0, 5, 1, "\x40", "error", "E06" },
		{ "open-cover", NULL, 0, 5, 1, "\x08", "error", "E02" },
		{ "fail", NULL, 0, 5, 1, "\x01", "error", "E00" },
		{ "ink", "Y", 0, 5, 1, "\x10", "error", "E05" },
		{ "ink", "Y", 9, 3, 3, "\x20", "idle", "W10" },
		{ "remove-box", NULL, 0, 5, 1, "", "error", "E22" },
		{ "box", NULL, 7, 3, 3, "", "idle", "W20" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bed *bed = bed_new("sc-t-24");
		json_t *with = json_object();
		if (rows[i].color)
			json_object_set_new(with, "color", json_string(rows[i].color));
		if (rows[i].color || !strcmp(rows[i].action, "box"))
			json_object_set_new(with, "level", json_integer(rows[i].level));
		bed_do(bed, rows[i].action, with);
		ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.25.3.2.1.5.1"), rows[i].device);
		ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.25.3.5.1.1.1"), rows[i].printer);
		bed_expect_text(bed, "1.3.6.1.2.1.25.3.5.1.2.1", rows[i].detected);
		ck_assert_str_eq(bed_text(bed, "/D09"), rows[i].status);
		ck_assert_str_eq(bed_text(bed, "/D10/0"), rows[i].code ? rows[i].code : "");
		bed_free(bed);
	}
}
END_TEST

START_TEST(a_printer_that_is_off_answers_nobody)
{
	struct bed *bed = bed_new("sc-t-24");
	bed_do(bed, "power-off", NULL);
	ck_assert_str_eq(bed_text(bed, "/D09"), "off");
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 161, "3000"), 0);
	ck_assert_str_eq(json_text_of(bed_find(bed, "snmp.ignored"), "why", ""), "off");
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e5000ff000000000000"), 0);
	refuse(bed, "clean", NULL, "off");
	bed_do(bed, "power-on", NULL);
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e5000ff000000000000"), 1);
	bed_free(bed);
}
END_TEST

START_TEST(a_history_keeps_the_newest_sixteen_with_running_numbers)
{
	struct bed *bed = bed_new("sc-t-24");
	for (int i = 0; i < 20; i++)
		bed_do(bed, "replace", json_pack("{s:s}", "color", "K"));
	ck_assert_uint_eq(json_array_size(bed_item(bed, "/D19")), HISTORY_MAX);
	ck_assert_int_eq(bed_number(bed, "/D19/0/number"), 6);
	ck_assert_int_eq(bed_number(bed, "/D19/15/number"), 21);
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.4.1.32473.1.3.3.1.1.16"), 21);
	bed_free(bed);
}
END_TEST

START_TEST(settings_and_clock_can_change)
{
	struct bed *bed = bed_new("sc-t-24");
	bed_do(bed, "setting",
	       json_pack("{s:s,s:s,s:i}", "group", "panel", "name", "brightness", "value", 9));
	ck_assert_int_eq(bed_number(bed, "/D12/brightness"), 9);
	bed_do(bed, "clock", json_pack("{s:i}", "offsetMs", -3600000));
	const json_t *last = json_array_get(bed->truths, json_array_size(bed->truths) - 1);
	ck_assert_int_eq(json_int_of(last, "clockOffsetMs", 0), -3600000);
	bed_free(bed);
}
END_TEST

START_TEST(a_mistake_is_named_with_what_was_expected)
{
	struct bed *bed = bed_new("sc-t-24");
	refuse(bed, "cleen", NULL, "clean");
	refuse(bed, "ink", json_pack("{s:s}", "color", "K"), "found level none");
	refuse(bed, "ink", json_pack("{s:s,s:i}", "color", "K", "level", 101), "0 to 100");
	refuse(bed, "ink", json_pack("{s:s,s:i}", "color", "Q", "level", 1), "Y, M, C, K");
	refuse(bed, "job", json_pack("{s:i,s:i}", "seconds", 1, "lengthmm", 1), "lengthMm");
	refuse(bed, "job", job(1, "X", 1), "found color 'X'");
	refuse(bed, "clean", json_pack("{s:s}", "kind", "wet"), "auto, manual or remote");
	refuse(bed, "open-cover", json_pack("{s:i}", "cover", 8), "at most 5");
	refuse(bed, "jam", json_array(), "name: value");
	ck_assert_ptr_null(bed_find(bed, "snmp.request"));
	bed_free(bed);
}
END_TEST

START_TEST(every_listed_action_exists)
{
	struct bed *bed = bed_new("sc-t-24");
	for (size_t i = 0; i < device_actions.count; i++) {
		struct error err = { 0 };
		json_t *with = json_pack("{s:i}", "no such parameter", 1);
		device_do(bed->device, verb_at(&device_actions, i)->name, with, &err);
		ck_assert_msg(strstr(err.text, "found parameter") != NULL, "%s: %s",
			      verb_at(&device_actions, i)->name, err.text);
		json_decref(with);
	}
	bed_free(bed);
}
END_TEST

START_TEST(twelve_inks_and_two_boxes_work_as_four_and_one)
{
	struct bed *bed = bed_new("sc-p-12");
	bed_do(bed, "ink", json_pack("{s:s,s:i}", "color", "MK", "level", 4));
	bed_do(bed, "box", json_pack("{s:i,s:i}", "box", 2, "level", 15));
	ck_assert_str_eq(bed_text(bed, "/D10/0"), "W19"); /* tenth record */
	ck_assert_str_eq(bed_text(bed, "/D10/1"), "W20");
	ck_assert_uint_eq(json_array_size(bed_item(bed, "/D17")), 14);
	ck_assert_int_eq(bed_get_number(bed, "1.3.6.1.2.1.43.11.1.1.9.1.14"), 15);
	bed_expect_text(bed, "1.3.6.1.4.1.32473.1.4.1.1.10", "MK");
	bed_free(bed);
}
END_TEST

TEST_MAIN("sim.printer.behaviour", a_job_takes_its_time_then_costs_ink_area_and_an_entry,
	  a_cancelled_job_is_logged_as_such, an_error_ends_the_job_and_every_view_agrees,
	  ink_goes_low_and_then_out, a_job_that_runs_out_of_ink_ends_in_error,
	  an_alert_keeps_its_index_while_it_lasts, each_state_has_the_values_of_its_row,
	  a_printer_that_is_off_answers_nobody,
	  a_history_keeps_the_newest_sixteen_with_running_numbers, settings_and_clock_can_change,
	  a_mistake_is_named_with_what_was_expected, every_listed_action_exists,
	  twelve_inks_and_two_boxes_work_as_four_and_one)
