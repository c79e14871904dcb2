#include "conformance/baseline.h"

#include "base/test.h"
#include "conformance/judge_fixture.h"

#define BASELINE(row) "format: ecsp-baseline/1\nexpected:\n  - {" row "}\n"
#define KNOWN(id, verdict, until)                                                                  \
	BASELINE("scenario: " id ", verdict: " verdict ", reason: known, owner: us, "              \
		 "until: " until)

struct outcome {
	int status;
	bool drift;
	char verdict[32], error[256]; /* of the scenario `a` afterwards */
};

static struct outcome apply(const char *text)
{
	struct outcome outcome = { 0 };
	struct error err = { 0 };
	char folder[] = "/tmp/baseline-test-XXXXXX";
	ck_assert_ptr_nonnull(mkdtemp(folder));
	AUTO_FREE char *path = file_join(folder, "b.yaml");
	AUTO_JSON json_t *scenarios =
		scene_json("[{'id':'a','verdict':'fail'},{'id':'b','verdict':'pass'}]");
	scene_put(folder, "b.yaml", text, strlen(text));
	outcome.status = baseline_apply(path, scenarios, &outcome.drift, &err);
	snprintf(outcome.verdict, sizeof(outcome.verdict), "%s",
		 json_text_of(json_array_get(scenarios, 0), "verdict", ""));
	snprintf(outcome.error, sizeof(outcome.error), "%s", error_text(&err));
	remove(path);
	remove(folder);
	return outcome;
}

static const struct {
	const char *name, *text;
	bool drift;
	const char *verdict;
} rows[] = {
	{ "as expected", KNOWN("a", "fail", "2199-12-31"), false, "pass" },
	{ "other verdict", KNOWN("a", "inconclusive", "2199-12-31"), true, "fail" },
	{ "worse than expected", KNOWN("b", "fail", "2199-12-31"), true, "fail" },
	{ "out of date", KNOWN("a", "fail", "2020-01-01"), true, "fail" },
	{ "did not run", KNOWN("c", "fail", "2199-12-31"), true, "fail" },
};

START_TEST(what_ends_as_expected_counts_as_passed_and_the_rest_is_drift)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct outcome o = apply(rows[i].text);
		ck_assert_msg(o.status == 0, "%s: %s", rows[i].name, o.error);
		ck_assert_msg(o.drift == rows[i].drift, "%s", rows[i].name);
		ck_assert_msg(!strcmp(o.verdict, rows[i].verdict), "%s: %s", rows[i].name,
			      o.verdict);
	}
}
END_TEST

static const char *const mistakes[] = {
	KNOWN("a", "bad", "2199-12-31"),
	KNOWN("a", "fail", "soon"),
	KNOWN("a", "fail", "2199-13-31"),
	BASELINE("scenario: a, verdict: fail, owner: us, until: 2199-12-31"),
	BASELINE("scenario: a, verdict: fail, reason: why, until: 2199-12-31"),
	BASELINE("scenario: a, verdict: fail, reason: why, owner: us"),
	"format: ecsp-baseline/2\nexpected: []\n",
	"expected: []\n",
	"",
};

START_TEST(a_mistake_in_the_file_is_told_with_its_place)
{
	for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
		struct outcome o = apply(mistakes[i]);
		ck_assert_msg(o.status < 0, "%s", mistakes[i]);
		ck_assert_msg(strstr(o.error, "b.yaml:") != NULL, "%s: %s", mistakes[i], o.error);
		ck_assert_str_eq(o.verdict, "fail");
	}
}
END_TEST

TEST_MAIN("conformance.baseline", what_ends_as_expected_counts_as_passed_and_the_rest_is_drift,
	  a_mistake_in_the_file_is_told_with_its_place)
