#include "conformance/record.h"

#include "base/test.h"
#include "conformance/judge_fixture.h"

#define SEEN SCENE_ONE("- seen: {for: upload.stored}\n    requirement: SND-1\n")

static struct judge judge_of(struct scene *scene)
{
	scene->evidence.start = json_array_get(scene->evidence.journal, 0);
	return (struct judge){ .catalogue = scene->catalogue,
			       .binding = scene->binding,
			       .evidence = &scene->evidence };
}

static void begin(struct scene *scene)
{
	scene_init(scene, SEEN);
	scene_works(scene, 2000);
	scene_truth(scene, 0, "{'D09':'idle','D05':null}");
	scene_truth(scene, 10000, "{'D09':'printing'}");
}

static bool is_true(struct scene *scene, const char *item, const char *value)
{
	struct judge judge = judge_of(scene);
	struct records records;
	records_collect(&judge, &records);
	ck_assert_uint_eq(records.count, 1);
	AUTO_JSON json_t *json = value ? json_string(value) : NULL;
	bool result = record_item_true(&judge, &records.items[0], item, json);
	records_done(&records);
	return result;
}

START_TEST(a_record_is_read_with_its_times_and_its_printer)
{
	struct scene s;
	struct records records;
	begin(&s);
	scene_upload(&s, &(struct scene_record){ 2000, 2500, "r1", NULL, "event", NULL });
	scene_upload(&s, &(struct scene_record){ 3000, 3500, "r2", "NOBODY", NULL, NULL });
	struct judge judge = judge_of(&s);
	records_collect(&judge, &records);
	ck_assert_uint_eq(records.count, 2);
	ck_assert_str_eq(records.items[0].device, "lobby");
	ck_assert_str_eq(records.items[0].id, "r1");
	ck_assert_str_eq(records.items[0].collection, "event");
	ck_assert_int_eq(records.items[0].acquired_ns, 2000 * SCENE_MS);
	ck_assert_int_eq(records.items[0].stored_ns, 2500 * SCENE_MS);
	ck_assert_uint_eq(records.items[0].line, 4);
	ck_assert_ptr_null(records.items[1].device);
	ck_assert_str_eq(records.items[1].serial, "NOBODY");
	records_done(&records);
	scene_done(&s);
}
END_TEST

START_TEST(an_upload_of_another_shape_has_no_records)
{
	static const char *const bodies[] = { "{}", "{'body':7}", "{'body':{'records':{}}}",
					      "{'body':{'records':[]}}" };
	struct scene s;
	struct records records;
	begin(&s);
	for (size_t i = 0; i < COUNT_OF(bodies); i++)
		scene_line(&s, 2500, "upload.stored", bodies[i]);
	struct judge judge = judge_of(&s);
	records_collect(&judge, &records);
	ck_assert_uint_eq(records.count, 0);
	records_done(&records);
	scene_done(&s);
}
END_TEST

START_TEST(a_record_without_stamp_or_serial_is_true_of_nothing)
{
	static const char *const bodies[] = {
		"{'body':{'records':[{}]}}",
		"{'body':{'records':[7]}}",
		"{'body':{'records':[{'serial':'X1'}]}}",
		"{'body':{'records':[{'serial':'X1','acquired':'yesterday'}]}}",
		"{'body':{'records':[{'serial':'X1','acquired':'9999-12-31T23:59:59Z'}]}}",
	};
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		struct scene s;
		begin(&s);
		scene_line(&s, 2500, "upload.stored", bodies[i]);
		ck_assert_msg(!is_true(&s, "D07", "x"), "%s", bodies[i]);
		ck_assert_msg(!is_true(&s, "D06", "2027-01-15T07:59:57Z"), "%s", bodies[i]);
		scene_done(&s);
	}
}
END_TEST

static const struct {
	int64_t acquired;
	bool idle, printing;
} slack[] = {
	{ 2000, true, false }, { 8900, true, false },  { 9100, true, true },
	{ 10900, true, true }, { 11100, false, true }, { 20000, false, true },
};

START_TEST(what_the_printer_was_within_the_slack_is_true)
{
	for (size_t i = 0; i < COUNT_OF(slack); i++) {
		struct scene s;
		begin(&s);
		scene_upload(&s, &(struct scene_record){ slack[i].acquired, 21000, "r" });
		ck_assert_msg(is_true(&s, "D09", "idle") == slack[i].idle, "%zu", i);
		ck_assert_msg(is_true(&s, "D09", "printing") == slack[i].printing, "%zu", i);
		ck_assert(!is_true(&s, "D09", "error"));
		ck_assert(!is_true(&s, "D09", NULL));
		scene_done(&s);
	}
}
END_TEST

START_TEST(what_the_printer_does_not_have_must_not_be_made_up)
{
	struct scene s;
	begin(&s);
	scene_upload(&s, &(struct scene_record){ 2000, 2500, "r" });
	ck_assert(is_true(&s, "D05", NULL));
	ck_assert(!is_true(&s, "D05", "DE"));
	ck_assert(is_true(&s, "D08", NULL));
	ck_assert(!is_true(&s, "D08", "1.0"));
	scene_done(&s);
}
END_TEST

START_TEST(what_the_agent_says_of_itself_is_compared_with_where_it_ran)
{
	static const struct {
		const char *item, *good, *bad;
	} rows[] = {
		{ "A01", "dc-1", "dc-2" },        { "A02", "dc", "es" },
		{ "A03", "1.2", "1.3" },          { "A04", "command", "daily" },
		{ "A06", "agent-host", "other" }, { "A07", "Linux", "Windows" },
		{ "A08", "6.1", "6.2" },          { "A09", "workstation", "toaster" },
	};
	struct scene s;
	begin(&s);
	scene_upload(&s, &(struct scene_record){ 2000, 2500, "r" });
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ck_assert_msg(is_true(&s, rows[i].item, rows[i].good), "%s", rows[i].item);
		ck_assert_msg(!is_true(&s, rows[i].item, rows[i].bad), "%s", rows[i].item);
		ck_assert_msg(!is_true(&s, rows[i].item, NULL), "%s", rows[i].item);
	}
	scene_done(&s);
}
END_TEST

START_TEST(it_is_sent_after_it_was_read_and_before_it_was_stored)
{
	struct scene s;
	begin(&s);
	scene_upload(&s, &(struct scene_record){ 2000, 4000, "r" });
	ck_assert(is_true(&s, "A05", "2027-01-15T08:00:03.000Z"));
	ck_assert(is_true(&s, "A05", "2027-01-15T08:00:02.000Z"));
	ck_assert(is_true(&s, "A05", "2027-01-15T08:00:04.000Z"));
	ck_assert(!is_true(&s, "A05", "2027-01-15T08:00:01.900Z"));
	ck_assert(!is_true(&s, "A05", "2027-01-15T08:00:05.100Z"));
	ck_assert(!is_true(&s, "A05", "soon"));
	scene_done(&s);
}
END_TEST

TEST_MAIN("conformance.record", a_record_is_read_with_its_times_and_its_printer,
	  an_upload_of_another_shape_has_no_records,
	  a_record_without_stamp_or_serial_is_true_of_nothing,
	  what_the_printer_was_within_the_slack_is_true,
	  what_the_printer_does_not_have_must_not_be_made_up,
	  what_the_agent_says_of_itself_is_compared_with_where_it_ran,
	  it_is_sent_after_it_was_read_and_before_it_was_stored)
