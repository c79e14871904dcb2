#include "reports/tally.h"

#include <math.h>

#include "base/json.h"

bool tally_item_tested(const json_t *item)
{
	size_t i;
	json_t *cell;
	json_array_foreach (json_object_get(item, "cells"), i, cell)
		if (verdict_is_tested(verdict_of(json_text_of(cell, "verdict", NULL))))
			return true;
	return false;
}

static void count_coverage(struct tally *tally, const json_t *result)
{
	size_t i;
	json_t *row;
	json_array_foreach (json_object_get(result, "requirements"), i, row)
		if (verdict_is_tested(verdict_of(json_text_of(row, "verdict", NULL))))
			tally->requirements_tested++;
	json_array_foreach (json_object_get(result, "items"), i, row)
		if (tally_item_tested(row))
			tally->items_tested++;
	tally->requirements = json_array_size(json_object_get(result, "requirements"));
	tally->items = json_array_size(json_object_get(result, "items"));
}

void tally_init(struct tally *tally, const json_t *result)
{
	const json_t *run = json_object_get(result, "run");
	*tally = (struct tally){ .worst = VERDICT_NOT_APPLICABLE };
	size_t i;
	json_t *scenario;
	json_array_foreach (json_object_get(result, "scenarios"), i, scenario) {
		enum verdict verdict = verdict_of(json_text_of(scenario, "verdict", NULL));
		tally->count[verdict]++;
		tally->ran++;
		if (verdict < tally->worst)
			tally->worst = verdict;
	}
	tally->count[VERDICT_NOT_RUN] = json_array_size(json_object_get(run, "notRun"));
	tally->interrupted = json_is_true(json_object_get(run, "interrupted"));
	if (!tally->ran || tally->interrupted)
		tally->worst = VERDICT_ERROR;
	count_coverage(tally, result);
}

const char *tally_headline(const struct tally *tally)
{
	if (!tally->ran)
		return "Nothing ran";
	if (tally->interrupted)
		return "Interrupted";
	return verdict_kinds[tally->worst].title;
}

void tally_seconds(double seconds, struct buf *out)
{
	/* A day and more is no run of ours, yet the document may say so. */
	if (seconds >= 86400)
		buf_printf(out, "%.1f h", seconds / 3600);
	else if (seconds >= 99.95)
		buf_printf(out, "%d min %02d s", (int)round(seconds) / 60,
			   (int)round(seconds) % 60);
	else
		buf_printf(out, "%.*f s", seconds < 9.995 ? 2 : 1, seconds);
}

static void add_counts(const struct tally *tally, struct buf *out)
{
	const char *before = ": ";
	/* Best first: the sentence is read as "how much held, and what did not". */
	for (int verdict = VERDICT_PASS; verdict >= VERDICT_ERROR; verdict--) {
		if (!tally->count[verdict])
			continue;
		buf_printf(out, "%s%zu %s", before, tally->count[verdict],
			   verdict_kinds[verdict].phrase);
		before = ", ";
	}
	if (tally->count[VERDICT_NOT_APPLICABLE])
		buf_printf(out, "%s%zu %s", before, tally->count[VERDICT_NOT_APPLICABLE],
			   verdict_kinds[VERDICT_NOT_APPLICABLE].phrase);
	buf_add_text(out, ". ");
}

static void add_what_ran(const struct tally *tally, const json_t *result, struct buf *out)
{
	if (!tally->ran) {
		buf_add_text(out, "No scenario was run, so nothing is shown to hold. ");
		return;
	}
	buf_printf(out, "%zu %s ran in ", tally->ran, tally->ran == 1 ? "scenario" : "scenarios");
	tally_seconds(json_number_value(json_at(result, "/run/seconds")), out);
	add_counts(tally, out);
}

void tally_sentence(const struct tally *tally, const json_t *result, struct buf *out)
{
	if (tally->interrupted)
		buf_add_text(out, "The run was cut short; what is here is what was finished. ");
	add_what_ran(tally, result, out);
	size_t left = tally->count[VERDICT_NOT_RUN];
	if (left)
		buf_printf(out, "%zu %s not run. ", left, left == 1 ? "was" : "were");
	buf_printf(out, "%zu of %zu requirements and %zu of %zu data items were tested.",
		   tally->requirements_tested, tally->requirements, tally->items_tested,
		   tally->items);
}
