#include "conformance/evidence.h"

#include <ftw.h>
#include <sys/stat.h>

#include "base/test.h"
#include "conformance/judge_fixture.h"

#define SEEN SCENE_ONE("- seen: {for: certificate.sent}\n    requirement: TLS-2\n")

struct place {
	char folder[32];
	struct scene scene;
};

static void open_place(struct place *place, bool whole)
{
	struct error err = { 0 };
	memcpy(place->folder, "/tmp/evidence-test-XXXXXX", 26);
	ck_assert_ptr_nonnull(mkdtemp(place->folder));
	scene_init(&place->scene, SEEN);
	scene_works(&place->scene, 100);
	if (whole)
		scene_end(&place->scene, 900);
	scene_write(&place->scene, place->folder);
	scene_put(place->folder, EVIDENCE_RESULT, "{}", 2);
	ck_assert_msg(!evidence_seal(place->folder, &err), "%s", error_text(&err));
}

static int drop(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

static void close_place(struct place *place)
{
	scene_done(&place->scene);
	ck_assert_int_eq(nftw(place->folder, drop, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static const char *verify(const struct place *place, struct error *err)
{
	*err = (struct error){ 0 };
	return evidence_verify(place->folder, err) < 0 ? error_text(err) : NULL;
}

static void remove_file(const struct place *place, const char *name)
{
	AUTO_FREE char *path = file_join(place->folder, name);
	ck_assert_int_eq(remove(path), 0);
}

static const char *const needed[] = { EVIDENCE_SCENARIO, EVIDENCE_JOURNAL, EVIDENCE_TRUTH,
				      EVIDENCE_CAPTURE, EVIDENCE_LOG };

START_TEST(a_sealed_folder_is_whole_with_or_without_its_old_verdict)
{
	struct place p;
	struct error err;
	open_place(&p, true);
	const char *why = verify(&p, &err);
	ck_assert_msg(!why, "%s", why);
	remove_file(&p, EVIDENCE_RESULT);
	why = verify(&p, &err);
	ck_assert_msg(!why, "%s", why);
	close_place(&p);
}
END_TEST

START_TEST(every_file_that_is_changed_is_named)
{
	struct place p;
	struct error err;
	open_place(&p, true);
	for (size_t i = 0; i < COUNT_OF(needed); i++) {
		ck_assert_int_eq(evidence_seal(p.folder, &err), 0);
		scene_put(p.folder, needed[i], "other", 5);
		const char *why = verify(&p, &err);
		ck_assert_msg(why && strstr(why, needed[i]) && strstr(why, "was changed"), "%s: %s",
			      needed[i], why);
	}
	ck_assert_int_eq(evidence_seal(p.folder, &err), 0);
	scene_put(p.folder, EVIDENCE_RESULT, "[]", 2);
	const char *why = verify(&p, &err);
	ck_assert(why && strstr(why, EVIDENCE_RESULT));
	close_place(&p);
}
END_TEST

START_TEST(a_missing_file_is_noticed_whether_or_not_the_sums_know_it)
{
	for (size_t i = 0; i < COUNT_OF(needed); i++) {
		struct place p;
		struct error err;
		open_place(&p, true);
		remove_file(&p, needed[i]);
		const char *why = verify(&p, &err);
		ck_assert_msg(why && strstr(why, needed[i]), "%s: %s", needed[i], why);
		ck_assert_int_eq(evidence_seal(p.folder, &err), 0);
		why = verify(&p, &err);
		ck_assert_msg(why && strstr(why, needed[i]), "%s: %s", needed[i], why);
		close_place(&p);
	}
}
END_TEST

START_TEST(what_was_added_after_the_seal_is_named)
{
	struct place p;
	struct error err;
	open_place(&p, true);
	scene_put(p.folder, "notes.txt", "", 0);
	const char *why = verify(&p, &err);
	ck_assert_msg(why && strstr(why, "notes.txt"), "%s", why);
	close_place(&p);
}
END_TEST

START_TEST(sums_that_are_no_sums_are_refused)
{
	static const char *const bad[] = {
		"",
		"abc  journal.jsonl\n",
		"0000000000000000000000000000000000000000000000000000000000000000  ../x\n",
		"0000000000000000000000000000000000000000000000000000000000000000 journal.jsonl\n",
		"0000000000000000000000000000000000000000000000000000000000000000  journal.jsonl",
	};
	struct place p;
	struct error err;
	open_place(&p, true);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		scene_put(p.folder, EVIDENCE_SUMS, bad[i], strlen(bad[i]));
		ck_assert_msg(verify(&p, &err) != NULL, "%s", bad[i]);
	}
	remove_file(&p, EVIDENCE_SUMS);
	ck_assert_ptr_nonnull(verify(&p, &err));
	close_place(&p);
}
END_TEST

START_TEST(evidence_is_read_back_as_it_was_written)
{
	struct place p;
	struct error err = { 0 };
	struct evidence evidence;
	open_place(&p, true);
	ck_assert_msg(!evidence_read(&evidence, p.folder, false, p.scene.catalogue, &err), "%s",
		      error_text(&err));
	ck_assert(json_equal(evidence.journal, p.scene.evidence.journal));
	ck_assert_int_eq(evidence.wall_ns, SCENE_WALL);
	ck_assert_ptr_eq(evidence.part, &evidence.scenario->main);
	ck_assert_str_eq(evidence.scenario->id, "t.scene");
	evidence_done(&evidence);
	close_place(&p);
}
END_TEST

static const char *read_fails(const struct place *place, struct error *err)
{
	struct evidence evidence;
	*err = (struct error){ 0 };
	int status = evidence_read(&evidence, place->folder, false, place->scene.catalogue, err);
	ck_assert_int_lt(status, 0);
	return error_text(err);
}

START_TEST(a_journal_without_its_beginning_or_end_is_refused)
{
	struct place p;
	struct error err;
	open_place(&p, false);
	ck_assert_ptr_nonnull(strstr(read_fails(&p, &err), "found no end"));
	scene_put(p.folder, EVIDENCE_JOURNAL, "", 0);
	ck_assert_ptr_nonnull(strstr(read_fails(&p, &err), "found no start"));
	close_place(&p);
}
END_TEST

START_TEST(evidence_of_a_twin_needs_a_scenario_that_has_one)
{
	struct place p;
	struct error err;
	open_place(&p, true);
	json_object_set_new(json_array_get(p.scene.evidence.journal, 0), "twin", json_true());
	scene_write(&p.scene, p.folder);
	ck_assert_ptr_nonnull(strstr(read_fails(&p, &err), "journal of its twin"));
	close_place(&p);
}
END_TEST

START_TEST(a_damaged_capture_is_named)
{
	struct place p;
	struct error err;
	open_place(&p, true);
	scene_put(p.folder, EVIDENCE_CAPTURE, "no capture", 10);
	ck_assert_ptr_nonnull(strstr(read_fails(&p, &err), EVIDENCE_CAPTURE));
	close_place(&p);
}
END_TEST

TEST_MAIN("conformance.evidence", a_sealed_folder_is_whole_with_or_without_its_old_verdict,
	  every_file_that_is_changed_is_named,
	  a_missing_file_is_noticed_whether_or_not_the_sums_know_it,
	  what_was_added_after_the_seal_is_named, sums_that_are_no_sums_are_refused,
	  evidence_is_read_back_as_it_was_written,
	  a_journal_without_its_beginning_or_end_is_refused,
	  evidence_of_a_twin_needs_a_scenario_that_has_one, a_damaged_capture_is_named)
