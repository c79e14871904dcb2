#include "sim/printer/life.h"

#include <errno.h>

#include "sim/printer/office.h"
#include "sim/printer/testbed.h"

static struct device *live(struct office *office, const struct life_plan *plan)
{
	struct error err;
	struct device *device = office_add(office, "lobby");
	ck_assert_msg(device_live(device, plan, &err) == 0, "%s", error_text(&err));
	return device;
}

static struct device *live_by(struct office *office, const struct trigger *triggers, size_t count)
{
	return live(office, &(struct life_plan){ .triggers = triggers, .trigger_count = count });
}

static void act(struct device *device, const char *action, json_t *with)
{
	struct error err;
	ck_assert_msg(device_do(device, action, with, &err) == 0, "%s", error_text(&err));
	json_decref(with);
}

START_TEST(what_the_timeline_says_happens_then)
{
	static const struct moment moments[] = {
		{ .at_ms = 10000, .deed = { .action = "jam" } },
		{ .at_ms = 20000, .deed = { .action = "clear-jam" } },
	};
	struct office *office = office_new(MONDAY, 1);
	struct device *device =
		live(office, &(struct life_plan){ .moments = moments, .moment_count = 2 });
	office_pass(office, 9999);
	ck_assert(!device->jam);
	office_pass(office, 1);
	ck_assert(device->jam);
	office_pass(office, 10000);
	ck_assert(!device->jam);
	office_free(office);
}
END_TEST

START_TEST(what_comes_every_hour_comes_every_hour)
{
	static const struct moment moment = { .at_ms = 5000,
					      .every_ms = HOUR_MS,
					      .deed = { .action = "pause" } };
	struct office *office = office_new(MONDAY, 1);
	live(office, &(struct life_plan){ .moments = &moment, .moment_count = 1 });
	office_pass(office, DAY_MS);
	ck_assert_int_eq(office_count_seen(office, "printer.action", "action", "pause"), 24);
	office_free(office);
}
END_TEST

START_TEST(a_time_of_day_comes_every_day_by_the_calendar)
{
	static const struct moment moment = { .at_ms = 510 * MINUTE_MS,
					      .daily = true,
					      .deed = { .action = "open-cover" } };
	struct office *office = office_new("2026-01-05T08:45:00Z", 1);
	struct device *device =
		live(office, &(struct life_plan){ .moments = &moment, .moment_count = 1 });
	office_pass(office, 23 * HOUR_MS);
	ck_assert_uint_eq(device->covers_open, 0);
	office_pass(office, HOUR_MS);
	ck_assert_uint_eq(device->covers_open, 1);
	office_pass(office, 2 * DAY_MS);
	ck_assert_int_eq(office_count_seen(office, "printer.action", "action", "open-cover"), 3);
	office_free(office);
}
END_TEST

START_TEST(a_fault_begins_and_ends_at_its_time)
{
	static const struct moment moments[] = {
		{ .at_ms = 1000, .deed = { .fault = "printer.silent" } },
		{ .at_ms = 2000, .deed = { .fault = "none" } },
	};
	struct office *office = office_new(MONDAY, 1);
	struct device *device =
		live(office, &(struct life_plan){ .moments = moments, .moment_count = 2 });
	office_pass(office, 1500);
	ck_assert_ptr_nonnull(device->faults);
	ck_assert_int_eq(office_count_seen(office, "fault.armed", "fault", "printer.silent"), 1);
	office_pass(office, 1000);
	ck_assert_ptr_null(device->faults);
	office_free(office);
}
END_TEST

START_TEST(what_a_printer_cannot_do_is_told)
{
	static const struct moment moments[] = {
		{ .at_ms = 1000, .deed = { .action = "power-off" } },
		{ .at_ms = 2000, .deed = { .action = "jam" } },
	};
	struct office *office = office_new(MONDAY, 1);
	live(office, &(struct life_plan){ .moments = moments, .moment_count = 2 });
	office_pass(office, 3000);
	ck_assert_int_eq(office_count_seen(office, "printer.refused", "action", "jam"), 1);
	office_free(office);
}
END_TEST

START_TEST(a_level_that_falls_below_the_limit_triggers_each_time)
{
	static const struct trigger trigger = { .item = "supply.black",
						.limit = 8,
						.deed = { .action = "pause" } };
	struct office *office = office_new(MONDAY, 1);
	struct device *device = live_by(office, &trigger, 1);
	static const int levels[] = { 8, 7, 6, 50, 5 }, expected[] = { 0, 1, 1, 1, 2 };
	for (size_t i = 0; i < COUNT_OF(levels); i++) {
		act(device, "ink", json_pack("{s:s,s:i}", "color", "K", "level", levels[i]));
		office_pass(office, 10);
		ck_assert_int_eq(office_count_seen(office, "printer.action", "action", "pause"),
				 expected[i]);
	}
	office_free(office);
}
END_TEST

START_TEST(a_trigger_may_be_pulled_only_once_and_take_its_time)
{
	static const struct trigger trigger = {
		.state = "error", .once = true, .after_ms = 5000, .deed = { .action = "clear-jam" }
	};
	struct office *office = office_new(MONDAY, 1);
	struct device *device = live_by(office, &trigger, 1);
	act(device, "jam", NULL);
	office_pass(office, 4000);
	ck_assert(device->jam);
	office_pass(office, 2000);
	ck_assert(!device->jam);
	act(device, "jam", NULL);
	office_pass(office, HOUR_MS);
	ck_assert(device->jam);
	office_free(office);
}
END_TEST

START_TEST(what_holds_from_the_beginning_triggers_too)
{
	static const struct trigger trigger = { .item = "roll.remainingMm",
						.above = true,
						.limit = 10,
						.deed = { .action = "paper-out" } };
	struct office *office = office_new(MONDAY, 1);
	struct device *device = live_by(office, &trigger, 1);
	office_pass(office, 10);
	ck_assert(device->paper_out);
	office_free(office);
}
END_TEST

START_TEST(triggers_that_undo_each_other_do_not_stop_the_time)
{
	static const struct trigger triggers[] = {
		{ .state = "idle", .deed = { .action = "pause" } },
		{ .state = "paused", .deed = { .action = "resume" } },
	};
	struct office *office = office_new(MONDAY, 1);
	live_by(office, triggers, 2);
	office_pass(office, 1000);
	int times = office_count_seen(office, "printer.action", "action", "pause");
	ck_assert_int_ge(times, 400);
	ck_assert_int_le(times, 501);
	office_free(office);
}
END_TEST

static void ignore(void *arg, const struct datagram *datagram)
{
	(void)datagram;
	(*(int *)arg)++;
}

static void poll_times(struct office *office, uint32_t address, int times)
{
	uint8_t request[128];
	int answers = 0;
	size_t size =
		bed_bytes("45 50 53 4F 4E 51 02 00 00 00 00 00 00 00", request, sizeof(request));

	for (int i = 0; i < times; i++)
		fleet_datagram(office->fleet,
			       &(struct datagram){ .from = BED_AGENT,
						   .from_port = BED_PORT,
						   .to = address,
						   .to_port = 3289,
						   .data = request,
						   .size = size },
			       ignore, &answers);
	ck_assert_int_eq(answers, times);
	office_pass(office, 10);
}

START_TEST(so_many_polls_trigger_again_and_again)
{
	static const struct trigger trigger = { .polls = 3, .deed = { .action = "pause" } };
	struct office *office = office_new(MONDAY, 1);
	struct device *device = live_by(office, &trigger, 1);
	static const int polls[] = { 2, 1, 2, 2 }, expected[] = { 0, 1, 1, 2 };
	for (size_t i = 0; i < COUNT_OF(polls); i++) {
		poll_times(office, device_address(device), polls[i]);
		ck_assert_int_eq(office_count_seen(office, "printer.action", "action", "pause"),
				 expected[i]);
	}
	office_free(office);
}
END_TEST

static int64_t read_by(const struct device *device, const char *name)
{
	struct error err;
	struct reading reading;
	ck_assert_msg(reading_find(device->profile, name, &reading, &err) == 0, "%s",
		      error_text(&err));
	return reading_value(device, &reading);
}

START_TEST(state_is_read_by_name)
{
	struct office *office = office_new(MONDAY, 1);
	const struct device *device = office_add(office, "lobby");
	const int64_t roll_mm = device->roll_mm, area = device->counters.square_cm;
	ck_assert_int_eq(read_by(device, "ink.K"), 47);
	ck_assert_int_eq(read_by(device, "supply.black"), 47);
	ck_assert_int_eq(read_by(device, "supply.cyan-ink"), 64);
	ck_assert_int_eq(read_by(device, "supply.maintenance-box"), 67);
	ck_assert_int_eq(read_by(device, "box.1"), 67);
	ck_assert_int_eq(read_by(device, "roll.remainingMm"), roll_mm);
	ck_assert_int_eq(read_by(device, "counter.squareCm"), area);
	office_free(office);
}
END_TEST

START_TEST(what_the_model_does_not_have_is_refused)
{
	static const char *const names[] = { "ink.W", "supply.pink",   "box.0",
					     "box.2", "box.-1",        "roll",
					     "roll.", "counter.pages", "lamp.1",
					     "" };
	struct office *office = office_new(MONDAY, 1);
	struct device *device = office_add(office, "lobby");
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct error err = { 0 };
		const struct trigger trigger = { .item = names[i], .deed = { .action = "pause" } };
		ck_assert_msg(
			device_live(device,
				    &(struct life_plan){ .triggers = &trigger, .trigger_count = 1 },
				    &err) == -EINVAL,
			"%s", names[i]);
		ck_assert_msg(strstr(err.text, "expected ink.COLOR") != NULL, "%s", err.text);
	}
	office_free(office);
}
END_TEST

TEST_MAIN("sim.printer.life", what_the_timeline_says_happens_then,
	  what_comes_every_hour_comes_every_hour, a_time_of_day_comes_every_day_by_the_calendar,
	  a_fault_begins_and_ends_at_its_time, what_a_printer_cannot_do_is_told,
	  a_level_that_falls_below_the_limit_triggers_each_time,
	  a_trigger_may_be_pulled_only_once_and_take_its_time,
	  what_holds_from_the_beginning_triggers_too,
	  triggers_that_undo_each_other_do_not_stop_the_time, so_many_polls_trigger_again_and_again,
	  state_is_read_by_name, what_the_model_does_not_have_is_refused)
