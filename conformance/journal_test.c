#include "conformance/journal.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/test.h"

static char folder[] = "/tmp/journal-test-XXXXXX";
static char *path;

static void setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	path = file_join(folder, "journal.jsonl");
}

static void teardown(void)
{
	remove(path);
	remove(folder);
	free(path);
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
}

static json_t *read_text(const char *text, bool numbered, struct error *err)
{
	ck_assert_int_eq(file_write(path, text, strlen(text), NULL), 0);
	return journal_read(path, numbered, err);
}

START_TEST(what_is_written_can_be_read_back)
{
	struct error err = { 0 };
	setup();
	struct loop *loop = loop_new();
	struct journal *journal = journal_new(loop, path, &err);
	ck_assert_msg(journal != NULL, "%s", error_text(&err));
	journal_add(journal, "start", json_pack("{s:s}", "scenario", "t"));
	tap_seen(journal_tap(journal), "http.request", json_pack("{s:s}", "body", "a\nb\"\u00e5"));
	journal_add(journal, "end", NULL);
	ck_assert_int_eq(journal_flush(journal, &err), 0);
	ck_assert_uint_eq(journal_count(journal), 3);
	AUTO_JSON json_t *lines = journal_read(path, true, &err);
	ck_assert_msg(lines != NULL, "%s", error_text(&err));
	ck_assert_uint_eq(json_array_size(lines), 3);
	for (size_t i = 0; i < 3; i++)
		ck_assert(json_equal(json_array_get(lines, i), journal_at(journal, i)));
	ck_assert_str_eq(json_text_of(journal_at(journal, 1), "body", ""), "a\nb\"\u00e5");
	ck_assert_str_eq(json_text_of(journal_at(journal, 2), "kind", ""), "end");
	ck_assert_ptr_null(journal_at(journal, 3));
	journal_free(journal);
	loop_free(loop);
	teardown();
}
END_TEST

START_TEST(lines_are_numbered_and_timed_from_the_start)
{
	struct error err = { 0 };
	setup();
	struct loop *loop = loop_new();
	struct journal *journal = journal_new(loop, path, &err);
	journal_add(journal, "start", NULL);
	ck_assert_int_eq(json_int_of(journal_at(journal, 0), "ns", -1), 0);
	loop_update(loop);
	journal_add(journal, "step", NULL);
	ck_assert_int_eq(json_int_of(journal_at(journal, 1), "n", -1), 1);
	ck_assert_int_eq(json_int_of(journal_at(journal, 1), "ns", -1),
			 (int64_t)journal_now(journal));
	journal_free(journal);
	loop_free(loop);
	teardown();
}
END_TEST

START_TEST(a_journal_that_cannot_be_written_says_so)
{
	struct error err = { 0 };
	struct loop *loop = loop_new();
	ck_assert_ptr_null(journal_new(loop, "/nowhere/journal.jsonl", &err));
	ck_assert_ptr_nonnull(strstr(error_text(&err), "/nowhere/journal.jsonl"));
	struct journal *journal = journal_new(loop, "/dev/full", &err);
	ck_assert_ptr_nonnull(journal);
	journal_add(journal, "start", NULL);
	ck_assert_int_lt(journal_flush(journal, &err), 0);
	ck_assert_ptr_nonnull(strstr(error_text(&err), "not whole"));
	journal_free(journal);
	loop_free(loop);
}
END_TEST

static const struct {
	const char *text;
	int line;
	const char *words;
} mistakes[] = {
	{ "{\"n\":0}\n{\"n\":2}\n", 2, "found n 2, expected 1" },
	{ "{\"n\":0}\n{\"n\":0}\n", 2, "found n 0, expected 1" },
	{ "{\"n\":1}\n", 1, "found n 1, expected 0" },
	{ "{\"kind\":\"start\"}\n", 1, "found n -1, expected 0" },
	{ "{\"n\":0}\n[]\n", 2, "found no object" },
	{ "{\"n\":0}\n{\"n\":1", 2, "" },
	{ "{\"n\":0}\n\n", 2, "" },
	{ "{\"n\":0,\"n\":0}\n", 1, "" },
};

START_TEST(a_line_that_is_missing_moved_or_damaged_is_told_with_its_number)
{
	setup();
	for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
		struct error err = { 0 };
		ck_assert_msg(!read_text(mistakes[i].text, true, &err), "%s", mistakes[i].text);
		ck_assert_msg(err.line == mistakes[i].line, "%s: %d", mistakes[i].text, err.line);
		ck_assert_msg(strstr(err.text, mistakes[i].words) != NULL, "%s", err.text);
	}
	teardown();
}
END_TEST

START_TEST(the_truth_has_no_numbers_and_the_last_line_needs_no_end)
{
	struct error err = { 0 };
	setup();
	AUTO_JSON json_t *truth = read_text("{\"ns\":0}\n{\"ns\":5}", false, &err);
	ck_assert_msg(truth != NULL, "%s", error_text(&err));
	ck_assert_uint_eq(json_array_size(truth), 2);
	AUTO_JSON json_t *none = read_text("", true, &err);
	ck_assert_uint_eq(json_array_size(none), 0);
	teardown();
}
END_TEST

TEST_MAIN("conformance.journal", what_is_written_can_be_read_back,
	  lines_are_numbered_and_timed_from_the_start, a_journal_that_cannot_be_written_says_so,
	  a_line_that_is_missing_moved_or_damaged_is_told_with_its_number,
	  the_truth_has_no_numbers_and_the_last_line_needs_no_end)
