/* check.c: the shape of result.json (result.schema.json says the same to others), and that its
 * counts agree with its rows: a green summary above a failed scenario must not be drawn. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "reports/report.h"
#include "reports/shape.h"
#include "reports/verdict.h"

static const char *const formats[] = { "ecsp-result/1", NULL };
static const char *const levels[] = { "must", "should", "may", NULL };
static const char *const kinds[] = { "dc", "es", "mobile", "pc", NULL };
static const char *const mark_kinds[] = { "state", "event", "fault", "finding", NULL };

enum { NAME_MAX_SIZE = 255, PATH_MAX_SIZE = 1024 };

static bool all_of(const char *text, const char *allowed, size_t max)
{
	size_t size = strlen(text);
	return size && size <= max && strspn(text, allowed) == size;
}

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool is_scenario_id(const char *text)
{
	return all_of(text, LOWER DIGITS ".-", NAME_MAX_SIZE) && *text != '.';
}

static bool is_name(const char *text)
{
	return all_of(text, LOWER UPPER DIGITS "._-", NAME_MAX_SIZE);
}

/* Becomes a relative link of the page, so it must stay below the folder of the report: no scheme,
 * no leading slash, no step that starts with a dot. */
static bool is_path(const char *text)
{
	if (!all_of(text, LOWER UPPER DIGITS "._-/", PATH_MAX_SIZE) ||
	    text[strlen(text) - 1] == '/')
		return false;
	return *text != '/' && *text != '.' && !strstr(text, "//") && !strstr(text, "/.");
}

/* "2026-11-22T16:05:00Z", with or without a fraction. */
static bool is_utc(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00";
	size_t i = 0;
	for (; form[i]; i++)
		if (form[i] == '0' ? !text[i] || !strchr(DIGITS, text[i]) : text[i] != form[i])
			return false;
	if (text[i] == '.')
		i += 1 + strspn(text + i + 1, DIGITS);
	return !strcmp(text + i, "Z");
}

static const struct shape text = { SHAPE_TEXT, "a text", .words = NULL };
static const struct shape texts = { SHAPE_LIST, "a list of texts", .each = &text };
static const struct shape text_map = { SHAPE_MAP, "an object of texts", .each = &text };
static const struct shape count = { SHAPE_COUNT, "an integer from 0", .words = NULL };
static const struct shape integer = { SHAPE_INT, "an integer", .words = NULL };
static const struct shape number = { SHAPE_NUMBER, "a number from 0", .words = NULL };
static const struct shape boolean = { SHAPE_BOOL, "true or false", .words = NULL };
static const struct shape format = { SHAPE_TEXT, "\"ecsp-result/1\"", .words = formats };
static const struct shape level = { SHAPE_TEXT, "must, should or may", .words = levels };
static const struct shape utc = { SHAPE_TEXT, "a time such as 2026-01-31T12:00:00Z",
				  .valid = is_utc };
static const struct shape scenario_id = { SHAPE_TEXT, "a scenario id ([a-z0-9.-]+)",
					  .valid = is_scenario_id };
static const struct shape name = { SHAPE_TEXT, "a name ([A-Za-z0-9._-]+)", .valid = is_name };
static const struct shape names = { SHAPE_LIST, "a list of names", .each = &name };
static const struct shape path = { SHAPE_TEXT, "a path below the folder of the report",
				   .valid = is_path };
static const struct shape verdict = { SHAPE_TEXT,
				      "error, fail, inconclusive, warn, pass or not applicable",
				      .words = verdict_names_scenario };
static const struct shape row_verdict = { SHAPE_TEXT, "a verdict or \"not tested\"",
					  .words = verdict_names_row };

#define OBJECT(name, ...)                                                                          \
	static const struct shape_member name##_members[] = { __VA_ARGS__,                         \
							      { NULL, NULL, false } };             \
	static const struct shape name = { SHAPE_OBJECT, "an object", .members = name##_members }

OBJECT(summary, { "error", &count }, { "fail", &count }, { "inconclusive", &count },
       { "warn", &count }, { "pass", &count }, { "not applicable", &count }, { "not run", &count });

OBJECT(not_run, { "id", &scenario_id }, { "reason", &text }, { "agent", &name, true });
static const struct shape not_runs = { SHAPE_LIST, "a list", .each = &not_run };

OBJECT(run, { "started", &utc }, { "seconds", &number }, { "seed", &integer },
       { "arguments", &texts }, { "versions", &text_map }, { "host", &text_map },
       { "cases", &count }, { "notRun", &not_runs }, { "interrupted", &boolean },
       { "out", &text, true });

OBJECT(evidence, { "file", &path }, { "line", &count, true }, { "frame", &count, true });
static const struct shape evidences = { SHAPE_LIST, "a list", .each = &evidence };

OBJECT(finding, { "requirement", &name, true }, { "level", &level, true }, { "verdict", &verdict },
       { "rule", &text, true }, { "reason", &text }, { "expected", &text, true },
       { "found", &text, true }, { "evidence", &evidences }, { "items", &names, true });
static const struct shape findings = { SHAPE_LIST, "a list", .each = &finding };

static const struct shape mark_kind = { SHAPE_TEXT, "state, event, fault or finding",
					.words = mark_kinds };
OBJECT(mark, { "at", &number }, { "until", &number, true }, { "text", &text },
       { "kind", &mark_kind }, { "line", &count, true });
static const struct shape marks = { SHAPE_LIST, "a list", .each = &mark };
OBJECT(lane, { "name", &text }, { "marks", &marks });
static const struct shape lanes = { SHAPE_LIST, "a list", .each = &lane };
OBJECT(timeline, { "seconds", &number }, { "lanes", &lanes });

OBJECT(brief, { "id", &scenario_id }, { "verdict", &verdict });
static const struct shape briefs = { SHAPE_LIST, "a list", .each = &brief };

OBJECT(scenario, { "id", &scenario_id }, { "title", &text }, { "purpose", &text },
       { "agent", &name }, { "verdict", &verdict }, { "seconds", &number }, { "folder", &path },
       { "seed", &integer }, { "covers", &names }, { "findings", &findings },
       { "timeline", &timeline, true }, { "twin", &brief, true });
static const struct shape scenarios = { SHAPE_LIST, "a list", .each = &scenario };

static const struct shape kind = { SHAPE_TEXT, "dc, es, mobile or pc", .words = kinds };
OBJECT(cell, { "agent", &kind }, { "verdict", &row_verdict }, { "scenario", &scenario_id, true },
       { "evidence", &evidence, true }, { "reason", &text, true });
static const struct shape cells = { SHAPE_LIST, "four cells: dc, es, mobile, pc", .each = &cell,
				    .min = 4, .max = 4 };
OBJECT(item, { "item", &name }, { "name", &text }, { "category", &text }, { "cells", &cells });
static const struct shape items = { SHAPE_LIST, "all 44 data items of the guideline", .each = &item,
				    .min = REPORT_ITEMS, .max = REPORT_ITEMS };

static const struct shape page = { SHAPE_COUNT, "a page of the guideline", .words = NULL };
OBJECT(requirement, { "requirement", &name }, { "level", &level }, { "text", &text },
       { "page", &page }, { "verdict", &row_verdict }, { "why", &text, true },
       { "scenarios", &briefs });
static const struct shape requirements = { SHAPE_LIST, "all 44 clauses of the guideline",
					   .each = &requirement, .min = REPORT_REQUIREMENTS,
					   .max = REPORT_REQUIREMENTS };

OBJECT(result, { "format", &format }, { "summary", &summary }, { "run", &run },
       { "scenarios", &scenarios }, { "items", &items }, { "requirements", &requirements });

static int check_count(json_int_t says, size_t is, const char *what, struct error *err)
{
	if (says == (json_int_t)is)
		return 0;
	return error_set(err, EINVAL,
			 "%s: found %" JSON_INTEGER_FORMAT ", expected %zu as the rows say", what,
			 says, is);
}

static int check_summary(const json_t *json, struct error *err)
{
	const json_t *sums = json_object_get(json, "summary");
	const json_t *rows = json_object_get(json, "scenarios");
	for (enum verdict sum = VERDICT_ERROR; sum <= VERDICT_NOT_APPLICABLE; sum++) {
		const char *word = verdict_kinds[sum].name;
		size_t is = 0, i;
		json_t *row;
		json_array_foreach (rows, i, row)
			is += !strcmp(json_text_of(row, "verdict", ""), word);
		AUTO_FREE char *what = alloc_printf("/summary/%s", word);
		int rc = check_count(json_int_of(sums, word, -1), is, what, err);
		if (rc)
			return rc;
	}
	int rc =
		check_count(json_int_of(sums, "not run", -1),
			    json_array_size(json_at(json, "/run/notRun")), "/summary/not run", err);
	if (rc)
		return rc;
	return check_count(json_int_of(json_object_get(json, "run"), "cases", -1),
			   json_array_size(rows), "/run/cases", err);
}

/* Names are anchors and keys of readers: each once. */
static int check_unique(const json_t *rows, const char *list, const char *key, struct error *err)
{
	AUTO_JSON json_t *seen = json_object();
	size_t i;
	json_t *row;
	json_array_foreach (rows, i, row) {
		const char *id = json_text_of(row, key, "");
		if (json_object_get(seen, id))
			return error_set(err, EINVAL,
					 "/%s/%zu/%s: found \"%s\" a second time, "
					 "expected each once",
					 list, i, key, id);
		json_object_set_new(seen, id, json_true());
	}
	return 0;
}

static int check_cells(const json_t *rows, struct error *err)
{
	size_t i;
	json_t *row;
	json_array_foreach (rows, i, row) {
		AUTO_FREE char *list = alloc_printf("items/%zu/cells", i);
		int rc = check_unique(json_object_get(row, "cells"), list, "agent", err);
		if (rc)
			return rc;
	}
	return 0;
}

/* A clause that nobody tried has to say why, or a gap would look like an oversight of the reader.
 */
static int check_why(const json_t *rows, struct error *err)
{
	size_t i;
	json_t *row;
	json_array_foreach (rows, i, row)
		if (verdict_of(json_text_of(row, "verdict", NULL)) == VERDICT_NOT_TESTED &&
		    !json_object_get(row, "why"))
			return error_set(err, EINVAL,
					 "/requirements/%zu/why: found "
					 "nothing, expected why the "
					 "clause is not tested",
					 i);
	return 0;
}

int report_check(const json_t *json, struct error *err)
{
	int rc = shape_check(&result, json, err);
	if (!rc)
		rc = check_summary(json, err);
	if (!rc)
		rc = check_unique(json_object_get(json, "scenarios"), "scenarios", "id", err);
	if (!rc)
		rc = check_unique(json_object_get(json, "items"), "items", "item", err);
	if (!rc)
		rc = check_unique(json_object_get(json, "requirements"), "requirements",
				  "requirement", err);
	if (!rc)
		rc = check_why(json_object_get(json, "requirements"), err);
	if (!rc)
		rc = check_cells(json_object_get(json, "items"), err);
	return rc;
}
