#include "sim/printer/day.h"

#include <string.h>

#include "sim/printer/office.h"
#include "sim/printer/truth.h"

START_TEST(a_day_of_work_uses_ink_paper_and_time)
{
	struct office *office = office_new(MONDAY, 1);
	struct device *device = office_employ(office, "lobby");
	struct counters_model before = device->counters;
	int64_t used = device->inks[0].used;
	office_pass(office, 7 * HOUR_MS);
	ck_assert_str_eq(status_word(device->last->code), "off");
	office_pass(office, 6 * HOUR_MS);
	ck_assert(device->on);
	office_pass(office, 10 * HOUR_MS);
	ck_assert_str_eq(status_word(device->last->code), "off");
	int jobs = office_count_told(office, "lobby", "D23", "result", "ok");
	ck_assert_int_ge(jobs, 10);
	ck_assert_int_le(jobs, 80);
	ck_assert_int_gt(device->counters.square_cm, before.square_cm);
	ck_assert_int_gt(device->counters.printing_seconds, before.printing_seconds);
	ck_assert_int_gt(device->inks[0].used, used);
	ck_assert_int_gt(office_count_told(office, "lobby", "D11", "code", "sleeping"), 0);
	office_free(office);
}
END_TEST

static char *history_of(uint64_t seed, const char *const *names, const char *name)
{
	struct office *office = office_new(MONDAY, seed);
	for (size_t i = 0; names[i]; i++)
		office_employ(office, names[i]);
	office_pass(office, DAY_MS);
	json_t *lines = json_object_get(office->lines, name);
	ck_assert_uint_gt(json_array_size(lines), 20);
	/* Where it stands is no matter of its days. */
	json_t *first = json_array_get(lines, 0);
	json_object_del(first, "address");
	json_object_del(json_object_get(first, "items"), "D16");
	char *text = json_text(lines);
	office_free(office);
	return text;
}

START_TEST(one_seed_brings_the_same_days_and_another_brings_others)
{
	static const char *const names[] = { "lobby", NULL };
	AUTO_FREE char *one = history_of(1, names, "lobby");
	AUTO_FREE char *again = history_of(1, names, "lobby");
	AUTO_FREE char *other = history_of(2, names, "lobby");
	ck_assert_str_eq(one, again);
	ck_assert_str_ne(one, other);
}
END_TEST

START_TEST(a_printer_lives_the_same_in_any_company)
{
	static const char *const alone[] = { "lobby", NULL };
	static const char *const others[] = { "attic", "cellar", "lobby", "yard", NULL };
	AUTO_FREE char *one = history_of(1, alone, "lobby");
	AUTO_FREE char *many = history_of(1, others, "lobby");
	AUTO_FREE char *neighbour = history_of(1, others, "yard");
	ck_assert_str_eq(one, many);
	ck_assert_str_ne(one, neighbour);
}
END_TEST

START_TEST(nobody_works_at_weekends_unless_the_plan_says_so)
{
	struct office *office = office_new("2026-01-10T00:00:00Z", 1);
	struct office *busy = office_new("2026-01-10T00:00:00Z", 1);
	office_employ(office, "lobby");
	busy->plan.weekends = true;
	office_employ(busy, "lobby");
	office_pass(office, 2 * DAY_MS);
	office_pass(busy, 2 * DAY_MS);
	ck_assert_int_eq(office_count_told(office, "lobby", "D11", "code", "printing"), 0);
	ck_assert_int_gt(office_count_told(busy, "lobby", "D11", "code", "printing"), 20);
	office_free(office);
	office_free(busy);
}
END_TEST

START_TEST(what_jams_is_put_right_and_printed_again)
{
	struct office *office = office_new(MONDAY, 1);
	office->plan.jams = 1000;
	office_employ(office, "lobby");
	office_pass(office, DAY_MS);
	int jams = office_count_told(office, "lobby", "D11", "code", "E04");
	int failed = office_count_told(office, "lobby", "D23", "result", "error");
	int good = office_count_told(office, "lobby", "D23", "result", "ok");
	ck_assert_int_gt(jams, 5);
	ck_assert_int_eq(jams, failed);
	ck_assert_int_ge(good, jams - 1);
	ck_assert_int_ge(office_count_told(office, "lobby", "D11", "code", "E02"), jams - 1);
	office_free(office);
}
END_TEST

START_TEST(what_runs_out_is_replaced)
{
	struct office *office = office_new(MONDAY, 1);
	struct device *device = office_employ(office, "lobby");
	for (size_t i = 0; i < 4; i++)
		device->inks[i].left = 6000;
	device->boxes[0].left = 300;
	device->roll_mm = 2000;
	office_pass(office, 3 * DAY_MS);
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_gt(device->inks[i].replaced,
				 profile_ink(device->profile, i)->replaced);
	ck_assert_int_gt(device->boxes[0].left, 200000);
	ck_assert_int_gt(office_count_told(office, "lobby", "D19", "part", "Maintenance Box"), 0);
	ck_assert_int_gt(office_count_told(office, "lobby", "D19", "part", "Cyan Ink Cartridge"),
			 0);
	ck_assert_int_gt(office_count_told(office, "lobby", "D11", "code", "E06"), 0);
	office_free(office);
}
END_TEST

/* How many different values an item's member was told to have. */
static size_t count_values(const struct office *office, const char *item, const char *member)
{
	AUTO_JSON json_t *values = json_object();
	size_t i;
	json_t *line;

	json_array_foreach (json_object_get(office->lines, "lobby"), i, line) {
		const json_t *settings = json_object_get(json_object_get(line, "items"), item);
		if (settings)
			json_object_set_new(values, json_text_of(settings, member, "?"),
					    json_true());
	}
	return json_object_size(values);
}

START_TEST(nobody_comes_at_night)
{
	struct error err;

	for (uint64_t seed = 1; seed <= 12; seed++) {
		struct office *office = office_new("2026-01-05T12:00:00Z", seed);
		office->plan.jobs = 0;
		office->plan.nights = NIGHTS_SLEEP;
		struct device *device = office_employ(office, "lobby");
		office_pass(office, 6 * HOUR_MS - MINUTE_MS);
		ck_assert_int_eq(device_do(device, "paper-out", NULL, &err), 0);
		office_pass(office, MINUTE_MS);
		bool loaded = !device->paper_out;
		office_pass(office, 14 * HOUR_MS - 1000);
		ck_assert(loaded == !device->paper_out);
		office_pass(office, 4 * HOUR_MS);
		ck_assert(!device->paper_out);
		office_free(office);
	}
}
END_TEST

START_TEST(people_put_in_other_media)
{
	struct office *office = office_new(MONDAY, 1);
	office->plan.jobs = 150;
	office_employ(office, "lobby");
	office_pass(office, 4 * DAY_MS);
	ck_assert_uint_ge(count_values(office, "D15", "type"), 3);
	office_free(office);
}
END_TEST

START_TEST(a_broken_printer_is_repaired_by_the_service)
{
	struct office *office = office_new(MONDAY, 1);
	office->plan.breakdowns = 1000;
	struct device *device = office_employ(office, "lobby");
	office_pass(office, 3 * DAY_MS + 7 * HOUR_MS);
	ck_assert_int_ge(office_count_told(office, "lobby", "D11", "code", "E00"), 2);
	ck_assert_uint_gt(device->logs[LOG_MAINTENANCES].count, 1);
	office_free(office);
}
END_TEST

/* Puts a line on what was known: values are replaced, rows are added, the newest 16 stay. */
static void fold(json_t *known, const json_t *items)
{
	static const char *const histories[] = { "D11", "D18", "D19", "D23" };
	const char *id;
	json_t *value;

	json_object_foreach ((json_t *)items, id, value) {
		json_t *before = json_object_get(known, id);
		bool rows = false;
		for (size_t i = 0; i < COUNT_OF(histories); i++)
			rows = rows || !strcmp(histories[i], id);
		if (!rows || !before) {
			json_object_set_new(known, id, json_deep_copy(value));
			continue;
		}
		json_array_extend(before, value);
		while (json_array_size(before) > HISTORY_MAX)
			json_array_remove(before, 0);
	}
}

START_TEST(what_was_told_bit_by_bit_adds_up_to_the_truth)
{
	struct office *office = office_new(MONDAY, 3);
	struct device *device = office_employ(office, "lobby");
	AUTO_JSON json_t *known = json_object();
	size_t i;
	json_t *line;

	office->plan.breakdowns = 500;
	office_pass(office, 3 * DAY_MS + 13 * HOUR_MS);
	json_array_foreach (json_object_get(office->lines, "lobby"), i, line)
		fold(known, json_object_get(line, "items"));
	AUTO_JSON json_t *truth = truth_items(device);
	AUTO_FREE char *found = json_text(known), *expected = json_text(truth);
	ck_assert_msg(json_equal(known, truth), "%s\nis not\n%s", found, expected);
	office_free(office);
}
END_TEST

START_TEST(an_idle_printer_that_nobody_works_with_tells_nothing_new)
{
	struct office *office = office_new(MONDAY, 1);
	struct device *device = office_add(office, "lobby");
	device_changed(device);
	device_changed(device);
	ck_assert_uint_eq(json_array_size(json_object_get(office->lines, "lobby")), 1);
	office_free(office);
}
END_TEST

/* What the file says, or the sentence that is told instead. */
static char *check_plan(const char *text)
{
	struct error err = { 0 };
	struct day_plan plan = { 0 };
	struct yaml *root = yaml_parse(text, strlen(text), "fleet.yaml", &err);
	ck_assert_msg(root != NULL, "%s", error_text(&err));
	int status = form_load(&day_form, root, &plan, &err);
	if (status == 0)
		status = day_plan_finish(&plan, root, &err);
	char *found = status < 0 ? alloc_text(err.text)
				 : alloc_printf("%lld-%lld jams %lld breakdowns %lld",
						(long long)plan.open, (long long)plan.close,
						(long long)plan.jams, (long long)plan.breakdowns);
	form_done(&day_form, &plan);
	yaml_free(root);
	return found;
}

START_TEST(a_plan_says_what_it_says_and_no_more)
{
	static const char *const rows[][2] = {
		{ "jobsPerDay: 5", "480-1080 jams 8 breakdowns 4" },
		{ "{jobsPerDay: 5, hours: '00:00-24:00', jamsPerThousand: 0}",
		  "0-1440 jams 0 breakdowns 4" },
		{ "{jobsPerDay: 5, hours: 06:30-14:15, breakdownsPerThousand: 0}",
		  "390-855 jams 8 breakdowns 0" },
	};
	static const char *const wrong[] = { "18:00-08:00", "08:00-08:00", "8-18",
					     "08:00-24:01", "08:60-18:00", "08:00_18:00",
					     "0x:00-18:00" };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		AUTO_FREE char *found = check_plan(rows[i][0]);
		ck_assert_str_eq(found, rows[i][1]);
	}
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		AUTO_FREE char *text = alloc_printf("jobsPerDay: 1\nhours: '%s'\n", wrong[i]);
		AUTO_FREE char *found = check_plan(text);
		ck_assert_msg(strstr(found, "found hours '") != NULL, "%s: %s", wrong[i], found);
	}
}
END_TEST

TEST_MAIN("sim.printer.day", a_day_of_work_uses_ink_paper_and_time,
	  one_seed_brings_the_same_days_and_another_brings_others,
	  a_printer_lives_the_same_in_any_company, nobody_works_at_weekends_unless_the_plan_says_so,
	  what_jams_is_put_right_and_printed_again, what_runs_out_is_replaced,
	  nobody_comes_at_night, people_put_in_other_media,
	  a_broken_printer_is_repaired_by_the_service,
	  what_was_told_bit_by_bit_adds_up_to_the_truth,
	  an_idle_printer_that_nobody_works_with_tells_nothing_new,
	  a_plan_says_what_it_says_and_no_more)
