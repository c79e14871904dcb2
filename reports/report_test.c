/* Golden files: golden/result.json and what the writers make of it, byte for byte.
 *
 * To renew them after a change that was meant: ECSP_GOLDEN=write, run this program once from the
 * top of the source, and look at the difference before committing it. */
#include "base/test.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "reports/report.h"

#define GOLDEN "reports/golden/"

static struct error why;

static json_t *golden_result(void)
{
	json_t *result = json_read_file(GOLDEN "result.json", REPORT_RESULT_MAX, &why);
	ck_assert_msg(result, "%s", error_text(&why));
	return result;
}

static size_t first_difference(const char *left, const char *right, size_t *line)
{
	size_t i = 0;
	*line = 1;
	for (; left[i] && left[i] == right[i]; i++)
		*line += left[i] == '\n';
	return i;
}

static void compare(const char *path, const struct buf *drawn)
{
	size_t size, line;
	AUTO_FREE char *golden = file_read(path, 4 * REPORT_RESULT_MAX, &size, &why);
	ck_assert_msg(golden, "%s", error_text(&why));
	size_t at = first_difference(golden, buf_text(drawn), &line);
	ck_assert_msg(size == drawn->size && !memcmp(golden, drawn->data, size),
		      "%s:%zu: expected \"%.60s\", drawn \"%.60s\"; if this was meant, run again "
		      "with ECSP_GOLDEN=write",
		      path, line, golden + at, buf_text(drawn) + at);
}

static void check_golden(const struct report_writer *writer)
{
	AUTO_JSON json_t *result = golden_result();
	AUTO_FREE char *path = file_join(GOLDEN, writer->file);
	const char *mode = getenv("ECSP_GOLDEN");
	struct buf drawn;
	buf_init(&drawn, REPORT_RESULT_MAX);
	ck_assert_msg(!writer->write(result, &drawn, &why), "%s", error_text(&why));
	if (mode && !strcmp(mode, "write"))
		ck_assert_int_eq(file_write(path, drawn.data, drawn.size, &why), 0);
	else
		compare(path, &drawn);
	buf_done(&drawn);
}

START_TEST(the_golden_result_is_drawn_byte_for_byte)
{
	for (const struct report_writer *writer = report_writers; writer->name; writer++)
		check_golden(writer);
}
END_TEST

static struct buf draw(const char *writer, const json_t *result)
{
	struct buf drawn;
	buf_init(&drawn, REPORT_RESULT_MAX);
	int rc = report_writer_find(writer)->write(result, &drawn, &why);
	ck_assert_msg(!rc, "%s", error_text(&why));
	return drawn;
}

START_TEST(nothing_an_agent_wrote_becomes_markup)
{
	AUTO_JSON json_t *result = golden_result();
	struct buf page = draw("html", result);
	ck_assert_ptr_nonnull(strstr(buf_text(&page), "&lt;script&gt;alert(1)"));
	ck_assert_ptr_null(strstr(buf_text(&page), "<script>alert(1)"));
	ck_assert_ptr_null(strchr(buf_text(&page), '\033'));
	ck_assert_ptr_null(strstr(buf_text(&page), "\u202e"));
	buf_done(&page);
}
END_TEST

START_TEST(the_page_names_the_digest_that_sha256sum_gives)
{
	char digest[DIGEST_TEXT_MAX];
	size_t size;
	AUTO_JSON json_t *result = golden_result();
	AUTO_FREE char *text = file_read(GOLDEN "result.json", REPORT_RESULT_MAX, &size, &why);
	struct buf page = draw("html", result);
	ck_assert_ptr_nonnull(strstr(buf_text(&page), digest_sha256(text, size, digest)));
	buf_done(&page);
}
END_TEST

/* The golden run some times over: dc.items, dc.items-1, … */
static json_t *many_times(json_t *result, int times)
{
	json_t *scenarios = json_object_get(result, "scenarios");
	json_t *rows = json_object_get(result, "requirements");
	size_t count = json_array_size(scenarios), i;
	const char *name;
	json_t *row, *sum;
	json_object_foreach (json_object_get(result, "summary"), name, sum)
		if (strcmp(name, "not run") != 0)
			json_integer_set(sum, json_integer_value(sum) * times);
	sum = json_at(result, "/run/cases");
	json_integer_set(sum, json_integer_value(sum) * times);
	for (int n = 1; n < times; n++) {
		for (i = 0; i < count; i++) {
			json_t *copy = json_deep_copy(json_array_get(scenarios, i));
			json_object_set_new(copy, "id",
					    json_sprintf("%s-%d", json_text_of(copy, "id", ""), n));
			json_array_append_new(scenarios, copy);
		}
		json_array_foreach (rows, i, row) {
			json_t *briefs = json_object_get(row, "scenarios");
			size_t first = json_array_size(briefs) / (size_t)n;
			for (size_t k = 0; k < first; k++) {
				json_t *copy = json_deep_copy(json_array_get(briefs, k));
				json_object_set_new(
					copy, "id",
					json_sprintf("%s-%d", json_text_of(copy, "id", ""), n));
				json_array_append_new(briefs, copy);
			}
		}
	}
	return result;
}

START_TEST(of_many_scenarios_the_matrix_shows_families)
{
	AUTO_JSON json_t *result = many_times(golden_result(), 3);
	struct buf page = draw("html", result);
	const char *matrix = strstr(buf_text(&page), "class=\"matrix\"");
	ck_assert_ptr_nonnull(strstr(matrix, "<span>dc.tls</span>"));
	/* GEN-2: dc.designated passes, dc.tls.versions warns, three times each. */
	ck_assert_ptr_nonnull(strstr(matrix, "title=\"dc: 3 pass\""));
	ck_assert_ptr_nonnull(
		strstr(matrix, "href=\"#s-dc.tls.versions\" title=\"dc.tls: 3 warn\""));
	ck_assert_ptr_nonnull(strstr(matrix, "dc: 3 pass; dc.tls: 3 warn; dc.tls.versions (warn)"));
	ck_assert_ptr_null(strstr(matrix, "title=\"dc.items: "));
	buf_done(&page);
}
END_TEST

static json_t *without_scenarios(void)
{
	json_t *result = golden_result();
	json_t *summary = json_object_get(result, "summary");
	const char *name;
	json_t *count;
	json_object_foreach (summary, name, count)
		json_integer_set(count, 0);
	json_array_clear(json_object_get(result, "scenarios"));
	json_array_clear(json_at(result, "/run/notRun"));
	json_object_set_new(json_object_get(result, "run"), "cases", json_integer(0));
	return result;
}

START_TEST(a_run_of_nothing_is_not_green)
{
	AUTO_JSON json_t *result = without_scenarios();
	struct buf page = draw("html", result);
	ck_assert_ptr_nonnull(strstr(buf_text(&page), "<h1 class=\"v-error\">"));
	ck_assert_ptr_nonnull(strstr(buf_text(&page), "Nothing ran"));
	buf_done(&page);
	struct buf junit = draw("junit", result);
	ck_assert_ptr_nonnull(strstr(buf_text(&junit), "tests=\"1\" failures=\"0\" errors=\"1\""));
	ck_assert_ptr_nonnull(strstr(buf_text(&junit), "<error message=\"No scenario was run"));
	buf_done(&junit);
}
END_TEST

START_TEST(a_run_cut_short_is_an_error_whatever_had_passed)
{
	AUTO_JSON json_t *result = without_scenarios();
	json_t *run = json_object_get(result, "run");
	AUTO_JSON json_t *golden = golden_result();
	json_array_append(json_object_get(result, "scenarios"), json_at(golden, "/scenarios/0"));
	json_object_set_new(run, "cases", json_integer(1));
	json_object_set_new(json_object_get(result, "summary"), "pass", json_integer(1));
	struct buf page = draw("html", result);
	ck_assert_ptr_nonnull(strstr(buf_text(&page), "<h1 class=\"v-pass\">"));
	buf_done(&page);
	json_object_set_new(run, "interrupted", json_true());
	page = draw("html", result);
	ck_assert_ptr_nonnull(strstr(buf_text(&page), "<h1 class=\"v-error\">"));
	buf_done(&page);
	struct buf junit = draw("junit", result);
	ck_assert_ptr_nonnull(strstr(buf_text(&junit), "errors=\"1\""));
	buf_done(&junit);
}
END_TEST

START_TEST(every_item_and_kind_of_agent_is_a_row_of_the_csv)
{
	AUTO_JSON json_t *result = golden_result();
	struct buf table = draw("csv", result);
	size_t lines = 0;
	for (const char *at = buf_text(&table); (at = strstr(at, "\r\n")); at += 2)
		lines++;
	ck_assert_uint_eq(lines, 1 + REPORT_ITEMS * 4);
	ck_assert_ptr_nonnull(strstr(buf_text(&table), "\r\nD12,dc,not tested,,\r\n"));
	buf_done(&table);
}
END_TEST

START_TEST(a_report_that_does_not_fit_is_an_error)
{
	AUTO_JSON json_t *result = golden_result();
	for (const struct report_writer *writer = report_writers; writer->name; writer++) {
		struct buf drawn;
		buf_init(&drawn, 2000);
		ck_assert_int_eq(writer->write(result, &drawn, &why), -EFBIG);
		buf_done(&drawn);
	}
}
END_TEST

TEST_MAIN("reports.report", the_golden_result_is_drawn_byte_for_byte,
	  of_many_scenarios_the_matrix_shows_families, nothing_an_agent_wrote_becomes_markup,
	  the_page_names_the_digest_that_sha256sum_gives, a_run_of_nothing_is_not_green,
	  a_run_cut_short_is_an_error_whatever_had_passed,
	  every_item_and_kind_of_agent_is_a_row_of_the_csv, a_report_that_does_not_fit_is_an_error)
