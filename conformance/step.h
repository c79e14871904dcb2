/* step.h: what a scenario can do. Adding a kind is one const table entry in step.c. */
#ifndef CONFORMANCE_STEP_H
#define CONFORMANCE_STEP_H

#include "base/form.h"
#include "conformance/scenario.h"

struct testbed;

struct step_kind {
	const char *name; /* as in YAML */
	const char *help;
	const struct form *form;
	/* Beyond the form: names that must exist. */
	int (*check)(const struct scope *scope, const struct step *step, struct error *err);
	/* Acts on the world; 0, or negative with err: a harness error. -ETIMEDOUT: the awaited
	 * thing did not come; the run ends there and the judge decides what that means. */
	int (*run)(struct testbed *testbed, const struct step *step, struct error *err);
};

extern const struct step_kind *const step_kinds[]; /* NULL-terminated */

#endif
