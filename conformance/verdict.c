#include "conformance/verdict.h"

#include <string.h>

static const char *const names[] = {
	[VERDICT_ERROR] = "error",
	[VERDICT_FAIL] = "fail",
	[VERDICT_INCONCLUSIVE] = "inconclusive",
	[VERDICT_WARN] = "warn",
	[VERDICT_PASS] = "pass",
	[VERDICT_NOT_APPLICABLE] = "not applicable",
};

const char *verdict_name(enum verdict verdict)
{
	return verdict < VERDICT_COUNT ? names[verdict] : "not tested";
}

enum verdict verdict_parse(const char *name)
{
	for (int i = 0; i < VERDICT_COUNT; i++)
		if (!strcmp(names[i], name))
			return (enum verdict)i;
	return VERDICT_COUNT;
}

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
	return a < b ? a : b;
}
