#include "conformance/suite.h"

#include <errno.h>
#include <ftw.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/test.h"

static char folder[] = "/tmp/suite-test-XXXXXX";

static int drop(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

static void put(const char *name, const char *id)
{
	AUTO_FREE char *path = file_join(folder, name);
	AUTO_FREE char *text = alloc_printf(
		"format: ecsp-scenario/1\nid: %s\ntitle: t\npurpose: p\nagent: dc\n"
		"printers: [{name: lobby, profile: sc-t-24, address: 10.16.0.10}]\n"
		"steps: []\nexpect:\n  - seen: {for: upload.stored}\n    requirement: SND-1\n",
		id);
	ck_assert_int_eq(file_write(path, text, strlen(text), NULL), 0);
}

static void setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	AUTO_FREE char *below = file_join(folder, "below");
	ck_assert_int_eq(file_make_folders(below, NULL), 0);
	put("z.yaml", "a.last");
	put("below/a.yaml", "b.first");
	put("below/notes.txt", "no.scenario");
}

static void teardown(void)
{
	ck_assert_int_eq(nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS), 0);
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
}

START_TEST(a_profile_that_is_not_there_is_told_where_it_is_named)
{
	struct suite suite = { 0 };
	struct error err = { 0 };
	setup();
	AUTO_FREE char *path = file_join(folder, "z.yaml");
	size_t size;
	AUTO_FREE char *text = file_read(path, 4096, &size, &err);
	memcpy(strstr(text, "sc-t-24"), "sc-t-99", 7);
	ck_assert_int_eq(file_write(path, text, size, NULL), 0);
	ck_assert_int_eq(suite_add(&suite, path, NULL, &err), -EINVAL);
	ck_assert_str_eq(strchr(error_text(&err), ':'),
			 ":6:35: found profile 'sc-t-99', expected one that 'ecsp list profiles' "
			 "shows");
	suite_done(&suite);
	teardown();
}
END_TEST

START_TEST(a_folder_means_all_scenarios_below_it_in_the_order_of_their_ids)
{
	struct suite suite = { 0 };
	struct error err = { 0 };
	setup();
	ck_assert_msg(!suite_add(&suite, folder, NULL, &err), "%s", error_text(&err));
	ck_assert_int_eq(suite_finish(&suite, &err), 0);
	ck_assert_uint_eq(suite.count, 2);
	ck_assert_str_eq(suite.entries[0].scenario->id, "a.last");
	ck_assert_str_eq(suite.entries[1].scenario->id, "b.first");
	suite_done(&suite);
	teardown();
}
END_TEST

START_TEST(a_file_means_itself_and_counts_once)
{
	struct suite suite = { 0 };
	struct error err = { 0 };
	setup();
	AUTO_FREE char *file = file_join(folder, "z.yaml");
	ck_assert_int_eq(suite_add(&suite, file, NULL, &err), 0);
	ck_assert_uint_eq(suite.count, 1);
	ck_assert_int_eq(suite_add(&suite, folder, NULL, &err), 0);
	ck_assert_int_eq(suite_add(&suite, file, NULL, &err), 0);
	ck_assert_int_eq(suite_finish(&suite, &err), 0);
	ck_assert_uint_eq(suite.count, 2);
	ck_assert_str_eq(suite.entries[1].scenario->id, "b.first");
	suite_done(&suite);
	teardown();
}
END_TEST

START_TEST(two_files_with_the_same_id_are_refused)
{
	struct suite suite = { 0 };
	struct error err = { 0 };
	setup();
	put("y.yaml", "a.last");
	ck_assert_int_eq(suite_add(&suite, folder, NULL, &err), 0);
	ck_assert_int_eq(suite_finish(&suite, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error_text(&err), "found the id 'a.last' in"));
	suite_done(&suite);
	teardown();
}
END_TEST

START_TEST(an_id_or_its_beginning_means_scenarios_that_come_with_the_program)
{
	struct suite one = { 0 }, some = { 0 };
	struct error err = { 0 };
	ck_assert_msg(!suite_add(&one, "dc.items", NULL, &err), "%s", error_text(&err));
	ck_assert_uint_eq(one.count, 1);
	ck_assert_msg(!suite_add(&some, "dc.tls", NULL, &err), "%s", error_text(&err));
	ck_assert_uint_gt(some.count, 3);
	for (size_t i = 0; i < some.count; i++)
		ck_assert_int_eq(strncmp(some.entries[i].scenario->id, "dc.tls.", 7), 0);
	suite_done(&one);
	suite_done(&some);
}
END_TEST

START_TEST(what_means_nothing_is_a_mistake)
{
	static const char *const words[] = { "dc.itemx", "tls", "/nowhere", "below" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct suite suite = { 0 };
		struct error err = { 0 };
		ck_assert_int_eq(suite_add(&suite, words[i], NULL, &err), -ENOENT);
		ck_assert_ptr_nonnull(strstr(err.text, words[i]));
		suite_done(&suite);
	}
}
END_TEST

START_TEST(a_mistake_in_one_file_stops_the_whole)
{
	struct suite suite = { 0 };
	struct error err = { 0 };
	setup();
	put("m.yaml", "NOT SOUND");
	ck_assert_int_eq(suite_add(&suite, folder, NULL, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error_text(&err), "m.yaml:2:5: found 'NOT SOUND'"));
	suite_done(&suite);
	teardown();
}
END_TEST

TEST_MAIN("conformance.suite", a_profile_that_is_not_there_is_told_where_it_is_named,
	  a_folder_means_all_scenarios_below_it_in_the_order_of_their_ids,
	  a_file_means_itself_and_counts_once, two_files_with_the_same_id_are_refused,
	  an_id_or_its_beginning_means_scenarios_that_come_with_the_program,
	  what_means_nothing_is_a_mistake, a_mistake_in_one_file_stops_the_whole)
