/* verdict.h: the words of the project for "how did it go", and how each is shown.
 *
 * Worst first, so the smaller number wins. `not run` and `not tested` are no verdicts of the judge:
 * they are the absence of one, and must never look like `pass`. */
#ifndef REPORTS_VERDICT_H
#define REPORTS_VERDICT_H

#include <stdbool.h>

enum verdict {
	VERDICT_ERROR,
	VERDICT_FAIL,
	VERDICT_INCONCLUSIVE,
	VERDICT_WARN,
	VERDICT_PASS,
	VERDICT_NOT_APPLICABLE,
	VERDICT_NOT_RUN,
	VERDICT_NOT_TESTED,
	VERDICT_COUNT
};

struct verdict_kind {
	const char *name;   /* as in result.json */
	const char *title;  /* as a headline */
	const char *phrase; /* after a count: "2 failed" */
	const char *key;    /* CSS class and SVG symbol */
	const char *sign;   /* one column on a terminal */
	const char *colour; /* SGR parameters of a terminal */
};

extern const struct verdict_kind verdict_kinds[VERDICT_COUNT];

/* Names of the verdicts; NULL-terminated. */
extern const char *const verdict_names_scenario[]; /* what a scenario or finding may say */
extern const char *const verdict_names_row[];      /* and what a coverage row may say besides */

/* VERDICT_COUNT if the word is none of ours. */
enum verdict verdict_of(const char *name);

/* Does a reader have to act or look closer? */
bool verdict_is_trouble(enum verdict verdict);

/* Did anything stand behind the word (so: is this row covered)? */
bool verdict_is_tested(enum verdict verdict);

#endif
