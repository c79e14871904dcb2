#include "conformance/result.h"

#include "base/test.h"
#include "conformance/judge_fixture.h"

static struct catalogue *catalogue(void)
{
	struct error err = { 0 };
	AUTO_FREE char *path = data_path("conformance/requirements.yaml");
	struct catalogue *loaded = catalogue_load(path, &err);
	ck_assert_msg(loaded != NULL, "%s", error_text(&err));
	return loaded;
}

static const char scenarios_text[] =
	"[{'id':'a','agent':'dc','verdict':'pass','folder':'a','findings':["
	"{'requirement':'COL-3','level':'must','verdict':'pass','reason':'true','items':['D03'],"
	"'evidence':[{'file':'journal.jsonl','line':7}]},"
	"{'requirement':'COL-6','level':'must','verdict':'pass','reason':'x','evidence':[]}]},"
	"{'id':'b','agent':'dc','verdict':'fail','folder':'b','findings':["
	"{'requirement':'COL-3','level':'must','verdict':'fail','reason':'untrue','items':['D03'],"
	"'evidence':[{'file':'journal.jsonl','line':9}]},"
	"{'requirement':'COL-3','level':'must','verdict':'fail','reason':'later','items':['D03'],"
	"'evidence':[]}]}]";

static const json_t *row_of(const json_t *rows, const char *key, const char *id)
{
	size_t i;
	json_t *row;
	json_array_foreach (rows, i, row)
		if (!strcmp(json_text_of(row, key, ""), id))
			return row;
	ck_abort_msg("no row %s", id);
}

static const json_t *cell_of(const json_t *document, const char *item, const char *agent)
{
	const json_t *row = row_of(json_object_get(document, "items"), "item", item);
	return row_of(json_object_get(row, "cells"), "agent", agent);
}

static json_t *document_of(const struct catalogue *known)
{
	AUTO_JSON json_t *scenarios = scene_json(scenarios_text);
	AUTO_JSON json_t *run = scene_json("{'notRun':[{'id':'c','reason':'why'}]}");
	json_t *document = result_document(scenarios, run, known);
	ck_assert_ptr_nonnull(document);
	return document;
}

START_TEST(the_summary_counts_by_verdict_and_what_was_not_run)
{
	struct catalogue *known = catalogue();
	AUTO_JSON json_t *document = document_of(known);
	const json_t *summary = json_object_get(document, "summary");
	ck_assert_int_eq(json_int_of(summary, "pass", -1), 1);
	ck_assert_int_eq(json_int_of(summary, "fail", -1), 1);
	ck_assert_int_eq(json_int_of(summary, "error", -1), 0);
	ck_assert_int_eq(json_int_of(summary, "not run", -1), 1);
	catalogue_free(known);
}
END_TEST

START_TEST(the_worst_finding_decides_a_cell_and_of_equals_the_first)
{
	struct catalogue *known = catalogue();
	AUTO_JSON json_t *document = document_of(known);
	const json_t *cell = cell_of(document, "D03", "dc");
	ck_assert_str_eq(json_text_of(cell, "verdict", ""), "fail");
	ck_assert_str_eq(json_text_of(cell, "scenario", ""), "b");
	ck_assert_str_eq(json_text_of(cell, "reason", ""), "untrue");
	ck_assert_str_eq(json_string_value(json_at(cell, "/evidence/file")), "b/journal.jsonl");
	ck_assert_str_eq(json_text_of(cell_of(document, "D03", "es"), "verdict", ""), "not tested");
	ck_assert_str_eq(json_text_of(cell_of(document, "D03", "pc"), "verdict", ""),
			 "not applicable");
	catalogue_free(known);
}
END_TEST

START_TEST(every_clause_of_the_guideline_has_a_row_and_the_untested_say_why)
{
	struct catalogue *known = catalogue();
	AUTO_JSON json_t *document = document_of(known);
	const json_t *rows = json_object_get(document, "requirements");
	size_t i, own = 0;
	json_t *row;
	ck_assert_uint_eq(json_array_size(json_object_get(document, "items")), 44);
	json_array_foreach (rows, i, row) {
		bool tested = json_array_size(json_object_get(row, "scenarios")) > 0;
		ck_assert(tested || *json_text_of(row, "why", ""));
		own += !strncmp(json_text_of(row, "requirement", ""), "OWN", 3);
	}
	ck_assert_uint_eq(i, 44);
	ck_assert_uint_eq(own, 0);
	const json_t *col3 = row_of(rows, "requirement", "COL-3");
	ck_assert_str_eq(json_text_of(col3, "verdict", ""), "fail");
	ck_assert_uint_eq(json_array_size(json_object_get(col3, "scenarios")), 2);
	ck_assert_str_eq(json_text_of(row_of(rows, "requirement", "COL-6"), "verdict", ""), "pass");
	ck_assert_str_eq(json_text_of(row_of(rows, "requirement", "NET-7"), "verdict", ""),
			 "not tested");
	catalogue_free(known);
}
END_TEST

START_TEST(findings_below_the_level_do_not_count)
{
	AUTO_JSON json_t *s = scene_json(
		"{'verdict':'warn','findings':[{'level':'must','verdict':'pass'},"
		"{'level':'should','verdict':'warn'},{'level':'may','verdict':'warn'}]}");
	result_keep_level(s, LEVEL_MAY);
	ck_assert_uint_eq(json_array_size(json_object_get(s, "findings")), 3);
	result_keep_level(s, LEVEL_SHOULD);
	ck_assert_uint_eq(json_array_size(json_object_get(s, "findings")), 2);
	ck_assert_str_eq(json_text_of(s, "verdict", ""), "warn");
	result_keep_level(s, LEVEL_MUST);
	ck_assert_uint_eq(json_array_size(json_object_get(s, "findings")), 1);
	ck_assert_str_eq(json_text_of(s, "verdict", ""), "pass");
}
END_TEST

START_TEST(nothing_left_at_the_level_is_inconclusive)
{
	AUTO_JSON json_t *s =
		scene_json("{'verdict':'warn','findings':[{'level':'should','verdict':'warn'}]}");
	result_keep_level(s, LEVEL_MUST);
	ck_assert_str_eq(json_text_of(s, "verdict", ""), "inconclusive");
}
END_TEST

START_TEST(the_exit_code_tells_the_gravest)
{
	static const struct {
		const char *scenarios;
		int code;
	} rows[] = {
		{ "[]", 0 },
		{ "[{'verdict':'pass'},{'verdict':'warn'},{'verdict':'not applicable'}]", 0 },
		{ "[{'verdict':'pass'},{'verdict':'inconclusive'}]", 3 },
		{ "[{'verdict':'inconclusive'},{'verdict':'fail'}]", 1 },
		{ "[{'verdict':'error'},{'verdict':'fail'}]", 4 },
		{ "[{'verdict':'odd'}]", 4 },
		{ "[{}]", 4 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		AUTO_JSON json_t *scenarios = scene_json(rows[i].scenarios);
		ck_assert_msg(result_exit_code(scenarios) == rows[i].code, "%s", rows[i].scenarios);
	}
}
END_TEST

TEST_MAIN("conformance.result", the_summary_counts_by_verdict_and_what_was_not_run,
	  the_worst_finding_decides_a_cell_and_of_equals_the_first,
	  every_clause_of_the_guideline_has_a_row_and_the_untested_say_why,
	  findings_below_the_level_do_not_count, nothing_left_at_the_level_is_inconclusive,
	  the_exit_code_tells_the_gravest)
