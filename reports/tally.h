/* tally.h: what a run comes down to: counts, the headline and one sentence.
 *
 * The three drawings that have a headline (page, terminal, JUnit) take it from here, so they cannot
 * disagree. */
#ifndef REPORTS_TALLY_H
#define REPORTS_TALLY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "reports/verdict.h"

/* Bytes that tally_seconds needs at most. */
enum { TALLY_SECONDS_MAX = 512 };

struct tally {
	size_t count[VERDICT_COUNT]; /* scenarios, and VERDICT_NOT_RUN */
	size_t ran;
	size_t requirements, requirements_tested;
	size_t items, items_tested; /* tested for at least one kind of agent */
	bool interrupted;
	enum verdict worst; /* VERDICT_ERROR as well when nothing ran or the run was cut short */
};

/* The result has passed report_check. */
void tally_init(struct tally *tally, const json_t *result);

const char *tally_headline(const struct tally *tally); /* "Fail", "Nothing ran" */

/* What was run, how it went, what was not run, how much of the guideline that covers. */
void tally_sentence(const struct tally *tally, const json_t *result, struct buf *out);

/* Was anything tested in this row of items[]? */
bool tally_item_tested(const json_t *item);

/* Number of seconds in a form that fits its size: "0.84 s", "12.3 s", "3 min 20 s". */
void tally_seconds(double seconds, struct buf *out);

#endif
