#include "conformance/outfolder.h"

#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/test.h"
#include "conformance/data.h"

static char folder[] = "/tmp/outfolder-test-XXXXXX";

static int drop(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

static void teardown(void)
{
	ck_assert_int_eq(nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS), 0);
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
}

static void put(const char *name)
{
	AUTO_FREE char *path = file_join(folder, name);
	ck_assert_int_eq(file_write(path, "x", 1, NULL), 0);
}

static bool there(const char *name)
{
	struct stat status;
	AUTO_FREE char *path = file_join(folder, name);
	return lstat(path, &status) == 0;
}

START_TEST(a_new_folder_is_made_with_those_above_it)
{
	struct error err = { 0 };
	ck_assert_ptr_nonnull(mkdtemp(folder));
	AUTO_FREE char *below = file_join(folder, "a/b");
	AUTO_FREE char *found = outfolder_prepare(below, &err);
	ck_assert_msg(found != NULL, "%s", error_text(&err));
	ck_assert_str_eq(found, below);
	ck_assert(there("a/b/.ecsp-out"));
	teardown();
}
END_TEST

START_TEST(the_folder_of_an_earlier_run_is_emptied_but_not_what_its_links_lead_to)
{
	struct error err = { 0 };
	ck_assert_ptr_nonnull(mkdtemp(folder));
	AUTO_FREE char *out = file_join(folder, "out");
	AUTO_FREE char *first = outfolder_prepare(out, &err);
	AUTO_FREE char *deep = file_join(folder, "out/dc.x/twin");
	AUTO_FREE char *link = file_join(folder, "out/link");
	AUTO_FREE char *precious = file_join(folder, "precious");
	ck_assert_int_eq(file_make_folders(deep, &err), 0);
	ck_assert_int_eq(file_make_folders(precious, &err), 0);
	put("out/dc.x/twin/journal.jsonl");
	put("precious/thesis");
	ck_assert_int_eq(symlink(precious, link), 0);
	AUTO_FREE char *again = outfolder_prepare(out, &err);
	ck_assert_msg(again != NULL, "%s", error_text(&err));
	ck_assert(!there("out/dc.x") && !there("out/link"));
	ck_assert(there("out/.ecsp-out"));
	ck_assert(there("precious/thesis"));
	teardown();
}
END_TEST

START_TEST(a_folder_with_other_files_is_refused_and_left_alone)
{
	struct error err = { 0 };
	ck_assert_ptr_nonnull(mkdtemp(folder));
	put("thesis");
	ck_assert_ptr_null(outfolder_prepare(folder, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "found other files in"));
	ck_assert(there("thesis") && !there(".ecsp-out"));
	teardown();
}
END_TEST

START_TEST(a_file_is_no_folder)
{
	struct error err = { 0 };
	ck_assert_ptr_nonnull(mkdtemp(folder));
	put("thesis");
	AUTO_FREE char *path = file_join(folder, "thesis");
	AUTO_FREE char *found = outfolder_prepare(path, &err);
	ck_assert_ptr_null(found);
	ck_assert(there("thesis"));
	teardown();
}
END_TEST

START_TEST(every_report_is_written)
{
	static const char *const files[] = { "result.json", "report.html", "junit.xml",
					     "coverage.csv" };
	struct error err = { 0 };
	AUTO_FREE char *path = data_path("reports/golden/result.json");
	AUTO_JSON json_t *result = json_read_file(path, 1 << 24, &err);
	ck_assert_msg(result != NULL, "%s", error_text(&err));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_msg(!outfolder_write(folder, result, &err), "%s", error_text(&err));
	for (size_t i = 0; i < COUNT_OF(files); i++)
		ck_assert_msg(there(files[i]), "%s", files[i]);
	ck_assert_int_lt(outfolder_write("/nowhere", result, &err), 0);
	teardown();
}
END_TEST

TEST_MAIN("conformance.outfolder", a_new_folder_is_made_with_those_above_it,
	  the_folder_of_an_earlier_run_is_emptied_but_not_what_its_links_lead_to,
	  a_folder_with_other_files_is_refused_and_left_alone, a_file_is_no_folder,
	  every_report_is_written)
