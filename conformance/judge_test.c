#include "conformance/judge.h"

#include <ftw.h>

#include "base/test.h"
#include "conformance/judge_fixture.h"
#include "conformance/run.h"

#define SEEN  SCENE_ONE("- seen: {for: certificate.sent}\n    requirement: TLS-2\n")
#define COUNT "{'kernelFrames':%s,'recordedFrames':%s,'dropped':%s}"

static void play(struct scene *scene, bool good)
{
	scene_init(scene, SEEN);
	scene_wire(scene);
	scene_works(scene, 100);
	if (good)
		scene_line(scene, 200, "certificate.sent", "{'connection':1}");
	scene_end(scene, 900);
}

/* The line of the counters is the last but one. */
static json_t *counters(struct scene *scene)
{
	return json_array_get(scene->evidence.journal,
			      json_array_size(scene->evidence.journal) - 2);
}

START_TEST(the_result_says_what_was_judged_and_how_it_ended)
{
	struct scene s;
	play(&s, true);
	scene_judge(&s);
	ck_assert_str_eq(json_text_of(s.result, "id", ""), "t.scene");
	ck_assert_str_eq(json_text_of(s.result, "agent", ""), "dc");
	ck_assert_int_eq(json_int_of(s.result, "seed", 0), 1);
	ck_assert_double_eq_tol(json_real_value(json_object_get(s.result, "seconds")), 0.9, 1e-9);
	ck_assert_ptr_nonnull(json_at(s.result, "/timeline/lanes/0/marks"));
	ck_assert_str_eq(json_string_value(json_at(s.result, "/covers/0")), "TLS-2");
	ck_assert_int_eq(json_int_of(json_at(s.result, "/findings/0/evidence/0"), "line", 0), 5);
	ck_assert_str_eq(json_text_of(json_at(s.result, "/findings/0/evidence/0"), "file", ""),
			 "journal.jsonl");
	scene_done(&s);
}
END_TEST

START_TEST(no_finding_at_all_is_inconclusive)
{
	AUTO_JSON json_t *none = json_array();
	ck_assert_int_eq(judge_worst(none), VERDICT_INCONCLUSIVE);
}
END_TEST

START_TEST(a_finding_without_a_known_verdict_is_an_error)
{
	AUTO_JSON json_t *odd = scene_json("[{'verdict':'pass'},{'requirement':'TLS-2'}]");
	ck_assert_int_eq(judge_worst(odd), VERDICT_ERROR);
}
END_TEST

START_TEST(what_should_be_and_is_not_is_a_warning)
{
	struct catalogue *catalogue;
	struct scene s;
	play(&s, false);
	catalogue = s.catalogue;
	struct requirement *tls2 = NULL;
	for (size_t i = 0; i < catalogue_requirements(catalogue); i++)
		if (!strcmp(catalogue_requirement(catalogue, i)->id, "TLS-2"))
			tls2 = (struct requirement *)catalogue->requirements.items + i;
	ck_assert_ptr_nonnull(tls2);
	scene_judge(&s);
	scene_says(&s, "seen", VERDICT_FAIL, "not seen often enough");
	tls2->level = LEVEL_SHOULD;
	scene_judge(&s);
	scene_says(&s, "seen", VERDICT_WARN, "not seen often enough");
	ck_assert_str_eq(json_string_value(json_at(s.result, "/findings/0/level")), "should");
	scene_done(&s);
}
END_TEST

struct gap {
	const char *name, *kernel, *recorded, *dropped, *words;
};
static const struct gap gaps[] = {
	{ "more in the kernel", "10", "9", "0", "other frames than were recorded" },
	{ "fewer in the kernel", "8", "9", "0", "other frames than were recorded" },
	{ "lost", "9", "9", "1", "lost before the recorder" },
	{ "no number", "null", "9", "0", "other frames than were recorded" },
};

static void check_gap(struct scene *scene, const char *name, const char *words, bool good)
{
	size_t i;
	json_t *finding;
	json_array_foreach (scene_judge(scene), i, finding) {
		enum verdict verdict = verdict_parse(json_text_of(finding, "verdict", ""));
		ck_assert_msg(verdict <= VERDICT_INCONCLUSIVE, "%s: %s", name,
			      json_text_of(finding, "reason", ""));
	}
	scene_says_of(scene, name, "seen", good ? VERDICT_INCONCLUSIVE : VERDICT_FAIL,
		      good ? words : "");
}

START_TEST(a_recording_that_may_have_gaps_lets_nothing_pass)
{
	for (size_t i = 0; i < COUNT_OF(gaps); i++) {
		for (int good = 0; good < 2; good++) {
			AUTO_FREE char *text = alloc_printf(COUNT, gaps[i].kernel, gaps[i].recorded,
							    gaps[i].dropped);
			AUTO_JSON json_t *fields = scene_json(text);
			struct scene s;
			play(&s, good);
			json_object_update(counters(&s), fields);
			check_gap(&s, gaps[i].name, gaps[i].words, good);
			scene_done(&s);
		}
	}
}
END_TEST

START_TEST(without_counters_nothing_passes)
{
	struct scene s;
	play(&s, true);
	json_object_set_new(counters(&s), "kind", json_string("step"));
	check_gap(&s, "no counters", "counters are missing", true);
	scene_done(&s);
}
END_TEST

START_TEST(an_interrupted_run_passes_nothing_and_a_broken_harness_is_an_error)
{
	struct scene s;
	play(&s, true);
	json_t *end = json_array_get(s.evidence.journal, json_array_size(s.evidence.journal) - 1);
	json_object_set_new(end, "reason", json_string("interrupted"));
	scene_judge(&s);
	scene_says(&s, "seen", VERDICT_INCONCLUSIVE, "the run was interrupted");
	json_object_set_new(end, "reason", json_string("harness error"));
	json_object_set_new(end, "error", json_string("the disk is full"));
	scene_judge(&s);
	ck_assert_str_eq(json_text_of(s.result, "verdict", ""), "error");
	scene_says(&s, "harness", VERDICT_ERROR, "the disk is full");
	scene_done(&s);
}
END_TEST

static enum verdict ask_twice(const char *answer, const char *fault)
{
	struct scene s;
	scene_init(&s, SEEN);
	for (int i = 0; i < 2; i++)
		scene_line(&s, 100 + i, "snmp.request", "{'device':'lobby','designated':true}");
	if (answer)
		scene_line(&s, 110, answer, "{'device':'lobby'}");
	if (fault)
		scene_line(&s, 50, fault, "{'fault':'printer.silent'}");
	scene_end(&s, 900);
	scene_judge(&s);
	enum verdict verdict = scene_verdict(&s, "harness", NULL, NULL);
	scene_done(&s);
	return verdict;
}

START_TEST(a_simulator_that_never_answers_is_an_error_unless_it_has_a_reason)
{
	ck_assert_int_eq(ask_twice(NULL, NULL), VERDICT_ERROR);
	ck_assert_int_eq(ask_twice("snmp.response", NULL), VERDICT_COUNT);
	ck_assert_int_eq(ask_twice("snmp.ignored", NULL), VERDICT_COUNT);
	ck_assert_int_eq(ask_twice(NULL, "fault.armed"), VERDICT_COUNT);
}
END_TEST

static enum verdict ask_cloud_twice(int closed_after_ms, const char *closed)
{
	struct scene s;
	scene_init(&s, SEEN);
	scene_works(&s, 50);
	for (int i = 0; i < 2; i++) {
		AUTO_FREE char *question = alloc_printf("{'connection':%d,'method':'PUT'}", 7 + i);
		AUTO_FREE char *end = alloc_printf("{'connection':%d,'why':'%s'}", 7 + i, closed);
		scene_line(&s, 100 + i * 2500, "http.request", question);
		scene_line(&s, 100 + i * 2500 + closed_after_ms, "tls.closed", end);
	}
	scene_end(&s, 9000);
	scene_judge(&s);
	enum verdict verdict = scene_verdict(&s, "harness", NULL, NULL);
	scene_done(&s);
	return verdict;
}

START_TEST(an_agent_that_hangs_up_before_the_answer_does_not_break_the_simulator)
{
	ck_assert_int_eq(ask_cloud_twice(3, "closed by the client"), VERDICT_COUNT);
	ck_assert_int_eq(ask_cloud_twice(3, "reset by the client"), VERDICT_COUNT);
	ck_assert_int_eq(ask_cloud_twice(2000, "closed by the client"), VERDICT_ERROR);
	ck_assert_int_eq(ask_cloud_twice(3, "closed by the cloud"), VERDICT_ERROR);
}
END_TEST

/* ---- twins ---- */

#define TWINS                                                                                      \
	SEEN "twin:\n"                                                                             \
	     "  steps: []\n"                                                                       \
	     "  expect:\n"                                                                         \
	     "    - seen: {for: upload.stored}\n"                                                  \
	     "      requirement: SND-1\n"

static int drop(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

static json_t *judge_twins(const char *folder, bool good, bool twin_good)
{
	struct error err = { 0 };
	struct scene s;
	AUTO_FREE char *below = file_join(folder, "twin");
	for (int twin = 0; twin < 2; twin++) {
		scene_init(&s, TWINS);
		scene_wire(&s);
		scene_works(&s, 100);
		if (!twin && good)
			scene_line(&s, 200, "certificate.sent", "{'connection':1}");
		if (twin && twin_good)
			scene_line(&s, 200, "upload.stored", "{'body':{'records':[]}}");
		scene_end(&s, 900);
		json_object_set_new(json_array_get(s.evidence.journal, 0), "twin",
				    json_boolean(twin));
		scene_write(&s, twin ? below : folder);
		if (!twin)
			scene_done(&s);
	}
	json_t *result = run_judge_folder(folder, s.catalogue, s.binding, false, &err);
	ck_assert_msg(result != NULL, "%s", error_text(&err));
	scene_done(&s);
	return result;
}

START_TEST(when_the_twin_fails_what_was_expected_is_not_shown_but_standing_rules_are)
{
	static const struct {
		bool good, twin_good;
		enum verdict verdict;
	} rows[] = {
		{ true, true, VERDICT_INCONCLUSIVE }, /* the twin shows no COL-7: see below */
		{ true, false, VERDICT_INCONCLUSIVE },
		{ false, false, VERDICT_FAIL },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char folder[] = "/tmp/judge-test-XXXXXX";
		struct scene s = { 0 };
		ck_assert_ptr_nonnull(mkdtemp(folder));
		s.result = judge_twins(folder, rows[i].good, rows[i].twin_good);
		ck_assert_ptr_nonnull(json_at(s.result, "/twin/verdict"));
		scene_says(&s, "seen", rows[i].verdict,
			   rows[i].good ? "the repaired twin ended as" : "not seen often enough");
		scene_says(&s, "designated-only", VERDICT_PASS, "speaks to no printer that is not");
		scene_says(&s, "life", VERDICT_PASS, "ended when it was told to");
		json_decref(s.result);
		ck_assert_int_eq(nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS), 0);
	}
}
END_TEST

TEST_MAIN("conformance.judge", the_result_says_what_was_judged_and_how_it_ended,
	  no_finding_at_all_is_inconclusive, a_finding_without_a_known_verdict_is_an_error,
	  what_should_be_and_is_not_is_a_warning, a_recording_that_may_have_gaps_lets_nothing_pass,
	  without_counters_nothing_passes,
	  an_interrupted_run_passes_nothing_and_a_broken_harness_is_an_error,
	  a_simulator_that_never_answers_is_an_error_unless_it_has_a_reason,
	  an_agent_that_hangs_up_before_the_answer_does_not_break_the_simulator,
	  when_the_twin_fails_what_was_expected_is_not_shown_but_standing_rules_are)
