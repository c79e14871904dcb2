#include "reports/verdict.h"

#include <string.h>

const struct verdict_kind verdict_kinds[VERDICT_COUNT] = {
	[VERDICT_ERROR] = { "error", "Error", "ended in an error", "error", "E", "1;35" },
	[VERDICT_FAIL] = { "fail", "Fail", "failed", "fail", "✗", "1;31" },
	[VERDICT_INCONCLUSIVE] = { "inconclusive", "Inconclusive", "stayed inconclusive",
				   "inconclusive", "?", "1;34" },
	[VERDICT_WARN] = { "warn", "Pass with warnings", "passed with a warning", "warn", "!",
			   "1;33" },
	[VERDICT_PASS] = { "pass", "Pass", "passed", "pass", "✓", "32" },
	[VERDICT_NOT_APPLICABLE] = { "not applicable", "Not applicable", "did not apply", "na", "–",
				     "2" },
	[VERDICT_NOT_RUN] = { "not run", "Not run", "not run", "notrun", "·", "2" },
	[VERDICT_NOT_TESTED] = { "not tested", "Not tested", "not tested", "untested", "·", "2" },
};

const char *const verdict_names_scenario[] = { "error", "fail", "inconclusive",
					       "warn",  "pass", "not applicable",
					       NULL };
const char *const verdict_names_row[] = { "error", "fail",           "inconclusive", "warn",
					  "pass",  "not applicable", "not tested",   NULL };

enum verdict verdict_of(const char *name)
{
	for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++)
		if (name && !strcmp(verdict_kinds[verdict].name, name))
			return verdict;
	return VERDICT_COUNT;
}

bool verdict_is_trouble(enum verdict verdict)
{
	return verdict <= VERDICT_WARN;
}

bool verdict_is_tested(enum verdict verdict)
{
	return verdict <= VERDICT_PASS;
}
