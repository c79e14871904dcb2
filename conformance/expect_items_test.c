#include "base/test.h"
#include "conformance/judge_fixture.h"

#define ITEMS(only, devices)                                                                       \
	SCENE_ONE("- items: {only: [" only "]" devices "}\n    requirement: COL-3\n")

struct row {
	const char *name, *only, *more; /* what the record holds */
	enum verdict verdict;
	const char *reason;
};

/* The truth changes once, at 5 s; the record is read at 2 s. */
static const char before[] = "{'D02':'SC-T24','D09':'idle','D10':['W10'],'D21':40}";
static const char after[] = "{'D02':'SC-T24','D09':'printing','D10':[],'D21':60}";

static const struct row rows[] = {
	{ "true", ITEMS("D02", ""), "{'model':'SC-T24'}", VERDICT_PASS, "true in all 1 records" },
	{ "untrue", ITEMS("D02", ""), "{'model':'SC-T35'}", VERDICT_FAIL,
	  "D02 of lobby is not what the device was" },
	{ "left out", ITEMS("D02", ""), "{}", VERDICT_FAIL, "D02 of lobby was not sent" },
	{ "of another time", ITEMS("D09", ""), "{'status':'printing'}", VERDICT_FAIL,
	  "D09 of lobby is not what" },
	{ "number of another type", ITEMS("D21", ""), "{'printingSeconds':'40'}", VERDICT_FAIL,
	  "D21" },
	{ "made up", ITEMS("D05", ""), "{'country':'DE'}", VERDICT_FAIL, "D05" },
	{ "not there and not sent", ITEMS("D05", ""), "{}", VERDICT_NOT_APPLICABLE,
	  "no printer here tells D05 (Country code), and none was made up in 1 records" },
	{ "a list", ITEMS("D10", ""), "{'codes':['W10']}", VERDICT_PASS, "D10" },
	{ "another list", ITEMS("D10", ""), "{'codes':['W10','W11']}", VERDICT_FAIL, "D10" },
	{ "left out by a faulty one", ITEMS("D02", ", faulty: [lobby]"), "{}",
	  VERDICT_NOT_APPLICABLE, "D02" },
	{ "untrue of a faulty one", ITEMS("D02", ", faulty: [lobby]"), "{'model':'SC-T35'}",
	  VERDICT_FAIL, "D02 of lobby is not what" },
	{ "clock", ITEMS("D06", ""), "{'time':'2027-01-15T07:59:57Z'}", VERDICT_PASS, "D06" },
	{ "another clock", ITEMS("D06", ""), "{'time':'2027-01-15T08:00:02Z'}", VERDICT_FAIL,
	  "D06" },
	{ "the agent's own", ITEMS("A01, A02, A03, A04, A05, A06, A07, A08, A09", ""), "{}",
	  VERDICT_PASS, "true in all" },
};

static void play(struct scene *scene, const char *scenario, const char *more)
{
	scene_init(scene, scenario);
	scene_works(scene, 2000);
	scene_truth(scene, 0, before);
	scene_truth(scene, 5000, after);
	if (more)
		scene_upload(scene,
			     &(struct scene_record){
				     .acquired = 2000, .stored = 2500, .id = "r1", .more = more });
	scene_end(scene, 9000);
	scene_judge(scene);
}

START_TEST(an_item_is_judged_by_what_the_printer_was_when_it_was_read)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene s;
		play(&s, rows[i].only, rows[i].more);
		scene_says_of(&s, rows[i].name, "items", rows[i].verdict, rows[i].reason);
		scene_done(&s);
	}
}
END_TEST

START_TEST(a_finding_names_its_item_and_what_was_found_and_expected)
{
	const json_t *finding = NULL;
	struct scene s;
	play(&s, ITEMS("D02", ""), "{'model':'SC-T35'}");
	scene_verdict(&s, "items", "COL-3", &finding);
	ck_assert_str_eq(json_string_value(json_at(finding, "/items/0")), "D02");
	ck_assert_str_eq(json_text_of(finding, "found", ""), "\"SC-T35\"");
	ck_assert_str_eq(json_text_of(finding, "expected", ""), "\"SC-T24\"");
	ck_assert_int_eq(scene_refers(&s, "items", "line", 0), 5);
	scene_done(&s);
}
END_TEST

START_TEST(one_untrue_record_among_true_ones_fails_the_item)
{
	struct scene s;
	scene_init(&s, ITEMS("D09", ""));
	scene_works(&s, 2000);
	scene_truth(&s, 0, before);
	scene_truth(&s, 5000, after);
	for (int i = 0; i < 3; i++)
		scene_upload(&s, &(struct scene_record){ .acquired = 2000 + i * 2500,
							 .stored = 7500,
							 .id = (const char *[]){ "a", "b", "c" }[i],
							 .more = "{'status':'idle'}" });
	scene_end(&s, 9000);
	scene_judge(&s);
	/* At 4.5 s, within the slack of the change at 5 s, both values are true; at 7 s one is. */
	scene_says(&s, "items", VERDICT_FAIL, "D09");
	ck_assert_int_eq(scene_refers(&s, "items", "line", 0), 7);
	scene_done(&s);
}
END_TEST

START_TEST(an_item_that_only_some_printers_have_is_counted_where_it_was_sent)
{
	struct scene s;
	scene_init(&s, ITEMS("D05", ""));
	scene_works(&s, 2000);
	scene_truth(&s, 0, "{}");
	scene_truth(&s, 5000, "{'D05':'DE'}");
	for (int i = 0; i < 3; i++)
		scene_upload(&s, &(struct scene_record){ .acquired = 2000 + i * 2500,
							 .stored = 7500,
							 .id = (const char *[]){ "a", "b", "c" }[i],
							 .more = i ? "{'country':'DE'}" : "{}" });
	scene_end(&s, 9000);
	scene_judge(&s);
	scene_says(&s, "items", VERDICT_PASS, "D05 (Country code) was sent and true in 2 of 3");
	ck_assert_int_eq(scene_refers(&s, "items", "line", 0), 6);
	scene_done(&s);
}
END_TEST

START_TEST(while_a_value_changes_the_old_and_the_new_one_are_true)
{
	static const char *const words[] = { "{'status':'idle'}", "{'status':'printing'}" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct scene s;
		scene_init(&s, ITEMS("D09", ""));
		scene_works(&s, 2000);
		scene_truth(&s, 0, before);
		scene_truth(&s, 5000, after);
		scene_upload(&s, &(struct scene_record){ .acquired = 4800,
							 .stored = 5100,
							 .id = "r",
							 .more = words[i] });
		scene_end(&s, 9000);
		scene_judge(&s);
		scene_says(&s, "items", VERDICT_PASS, "D09");
		scene_done(&s);
	}
}
END_TEST

START_TEST(a_stamp_is_true_only_when_the_device_was_asked_at_that_time)
{
	static const struct {
		int64_t acquired;
		enum verdict verdict;
	} stamps[] = { { 2000, VERDICT_PASS }, { 7000, VERDICT_FAIL }, { 8500, VERDICT_FAIL } };
	for (size_t i = 0; i < COUNT_OF(stamps); i++) {
		struct scene s;
		scene_init(&s, ITEMS("D07", ""));
		scene_works(&s, 2000);
		scene_truth(&s, 0, before);
		scene_upload(&s, &(struct scene_record){ .acquired = stamps[i].acquired,
							 .stored = 8000,
							 .id = "r" });
		scene_end(&s, 9000);
		scene_judge(&s);
		scene_says(&s, "items", stamps[i].verdict, "D07");
		scene_done(&s);
	}
}
END_TEST

START_TEST(a_printer_without_a_record_does_not_hide_behind_the_others)
{
	struct scene s;
	play(&s, ITEMS("D02", ", devices: [neighbour, lobby]"), "{'model':'SC-T24'}");
	/* a decoy is never to be reported */
	scene_says(&s, "items", VERDICT_PASS, "D02");
	scene_done(&s);
	play(&s, ITEMS("D02", ""), NULL);
	scene_says(&s, "items", VERDICT_FAIL, "no record arrived");
	scene_done(&s);
	scene_init(&s, ITEMS("D02", ""));
	scene_works(&s, 2000);
	scene_truth(&s, 0, before);
	scene_upload(&s, &(struct scene_record){ .acquired = 2000,
						 .stored = 2500,
						 .id = "r1",
						 .serial = "NOBODY",
						 .more = "{'model':'x'}" });
	scene_end(&s, 9000);
	scene_judge(&s);
	scene_says(&s, "items", VERDICT_FAIL, "no record of lobby arrived");
	scene_done(&s);
}
END_TEST

START_TEST(an_idle_agent_shows_nothing_about_items)
{
	struct scene s;
	scene_init(&s, ITEMS("D02", ""));
	scene_truth(&s, 0, before);
	scene_end(&s, 9000);
	scene_judge(&s);
	scene_says(&s, "items", VERDICT_INCONCLUSIVE, "no activity");
	scene_done(&s);
}
END_TEST

static void play_es(struct scene *scene, const char *pointer, const char *value)
{
	scene_init(scene, SCENE_TOP("es") "  - items: {only: [A06]}\n    requirement: COL-3\n");
	scene_works(scene, 2000);
	scene_truth(scene, 0, before);
	scene_upload(scene, &(struct scene_record){ .acquired = 2000, .stored = 2500, .id = "r" });
	json_t *agent = json_at(json_array_get(scene->evidence.journal, 4), "/body/agent");
	json_object_del(agent, pointer);
	if (value)
		json_object_set_new(agent, pointer, json_string(value));
	scene_end(scene, 9000);
	scene_judge(scene);
}

START_TEST(what_an_es_agent_may_lack_is_not_applicable_when_it_lacks_it)
{
	struct scene s;
	play_es(&s, "hostname", NULL);
	scene_says(&s, "items", VERDICT_NOT_APPLICABLE, "firmware");
	scene_done(&s);
	play_es(&s, "hostname", "printer-7");
	scene_says(&s, "items", VERDICT_INCONCLUSIVE, "knows no truth");
	scene_done(&s);
}
END_TEST

TEST_MAIN("conformance.expect_items", an_item_is_judged_by_what_the_printer_was_when_it_was_read,
	  a_finding_names_its_item_and_what_was_found_and_expected,
	  one_untrue_record_among_true_ones_fails_the_item,
	  an_item_that_only_some_printers_have_is_counted_where_it_was_sent,
	  while_a_value_changes_the_old_and_the_new_one_are_true,
	  a_stamp_is_true_only_when_the_device_was_asked_at_that_time,
	  a_printer_without_a_record_does_not_hide_behind_the_others,
	  an_idle_agent_shows_nothing_about_items,
	  what_an_es_agent_may_lack_is_not_applicable_when_it_lacks_it)
