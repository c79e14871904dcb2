/* complete: over an outage nothing that was collected is lost and nothing is stored twice. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/exchange.h"
#include "conformance/expect.h"
#include "conformance/lateness.h"
#include "conformance/names.h"
#include "conformance/record.h"
#include "conformance/witness.h"

/* With so many new uploads taken, what waited must have been taken as well. */
enum { NEW_UPLOADS = 3 };

struct complete {
	char *device;
	char *since, *until; /* labels: the outage */
	int64_t gap_ms;      /* longest time between two records that is still no loss */
	int64_t min;         /* records acquired during the outage */
	const struct yaml *witness;
};

static const struct field complete_fields[] = {
	{ "device", FIELD_TEXT, offsetof(struct complete, device), .required = true },
	{ "since", FIELD_TEXT, offsetof(struct complete, since), .required = true },
	{ "until", FIELD_TEXT, offsetof(struct complete, until), .required = true },
	{ "gap", FIELD_DURATION, offsetof(struct complete, gap_ms), .required = true,
	  .max = 3600000 },
	{ "min", FIELD_INT, offsetof(struct complete, min), .required = true, .min = 1,
	  .max = 1000000 },
	{ "witness", FIELD_NODE, offsetof(struct complete, witness), .required = true,
	  .help = "a fault that must have been reached, or an observation: for, where" },
	{ .name = NULL },
};
static const struct form complete_form = { "completeness", sizeof(struct complete),
					   complete_fields };

static int by_acquired(const void *a, const void *b)
{
	const struct record *x = a, *y = b;
	return (x->acquired_ns > y->acquired_ns) - (x->acquired_ns < y->acquired_ns);
}

/* Keeps the records of one device, in the order of acquisition. */
static void keep_device(struct records *records, const char *device)
{
	size_t kept = 0;
	for (size_t i = 0; i < records->count; i++)
		if (records->items[i].device && !strcmp(records->items[i].device, device))
			records->items[kept++] = records->items[i];
	records->count = kept;
	if (kept)
		qsort(records->items, kept, sizeof(*records->items), by_acquired);
}

/* Under another id the same reading is known by its moment. What is read on an event may fall into
 * the same millisecond as what is read by the clock. */
static bool is_same(const struct record *x, const struct record *y)
{
	return !strcmp(x->id, y->id) ||
	       (x->acquired_ns == y->acquired_ns && !strcmp(x->collection, y->collection));
}

static const struct record *duplicate(const struct records *records)
{
	for (size_t i = 0; i < records->count; i++)
		for (size_t k = 0; k < i; k++)
			if (is_same(&records->items[i], &records->items[k]))
				return &records->items[i];
	return NULL;
}

/* The longest time between one record and the next: of the two, the one before. NULL: there are no
 * two. */
static const struct record *before_gap(const struct records *records)
{
	const struct record *before = NULL;
	int64_t longest = 0;

	for (size_t i = 1; i < records->count; i++) {
		const struct record *record = &records->items[i - 1];
		int64_t ns = record[1].acquired_ns - record->acquired_ns;
		if (ns <= longest)
			continue;
		longest = ns;
		before = record;
	}
	return before;
}

static void say_gap(struct judge *judge, const struct expectation *expectation,
		    struct finding *finding, const struct record *before)
{
	const struct complete *complete = expectation->arguments;
	struct window gap = { before->acquired_ns, before[1].acquired_ns };

	judge_refer(finding, false, before[1].line + 1);
	finding->verdict = VERDICT_FAIL;
	finding->reason = "there is a gap in the readings";
	lateness_excuse(judge, &gap, gap.until - gap.from - complete->gap_ms * 1000000, finding);
	judge_add_each(judge, expectation, finding);
}

static size_t within(const struct records *records, const struct window *window)
{
	size_t count = 0;
	for (size_t i = 0; i < records->count; i++)
		count += records->items[i].acquired_ns >= window->from &&
			 records->items[i].acquired_ns <= window->until;
	return count;
}

static void say(struct judge *judge, const struct expectation *expectation, struct finding *finding,
		enum verdict verdict, const char *reason)
{
	finding->verdict = verdict;
	finding->reason = reason;
	judge_add_each(judge, expectation, finding);
}

static void judge_records(struct judge *judge, const struct expectation *expectation,
			  const struct records *records, const struct window *window)
{
	const struct complete *complete = expectation->arguments;
	struct finding finding = { .rule = "complete" };
	const struct record *twice = duplicate(records);
	const struct record *gap = before_gap(records);
	size_t during = within(records, window);
	size_t given_up = exchange_abandoned(judge, window, NEW_UPLOADS);
	AUTO_FREE char *found = alloc_printf("%zu records, %zu of them acquired during the outage",
					     records->count, during);
	AUTO_FREE char *expected =
		alloc_printf("at least %" PRId64
			     " acquired during the outage, none twice, no gap above %" PRId64 " ms",
			     complete->min, complete->gap_ms);
	finding.found = found;
	finding.expected = expected;
	if (twice) {
		judge_refer(&finding, false, twice->line + 1);
		say(judge, expectation, &finding, VERDICT_FAIL, "a reading is stored twice");
	} else if (during < (size_t)complete->min) {
		say(judge, expectation, &finding, VERDICT_FAIL,
		    "readings of the time of the outage are missing: what was collected then is "
		    "lost");
	} else if (given_up != SIZE_MAX) {
		judge_refer(&finding, false, given_up + 1);
		say(judge, expectation, &finding, VERDICT_FAIL,
		    "an upload that the cloud had not taken did not come again: what it held is "
		    "lost");
	} else if (gap && gap[1].acquired_ns - gap->acquired_ns > complete->gap_ms * 1000000) {
		say_gap(judge, expectation, &finding, gap);
	} else {
		judge_refer(&finding, false, records->items[0].line + 1);
		say(judge, expectation, &finding, VERDICT_PASS,
		    "nothing was lost over the outage and nothing is there twice");
	}
}

static void judge_complete(struct judge *judge, const struct expectation *expectation)
{
	const struct complete *complete = expectation->arguments;
	struct finding finding = { .rule = "complete" };
	struct window window;

	if (!judge_window(judge, complete->since, complete->until, &window)) {
		say(judge, expectation, &finding, VERDICT_INCONCLUSIVE,
		    "the run ended before the step that this is about, or no time lies between the "
		    "two");
		return;
	}
	if (witness_find(judge, complete->witness, &window) == SIZE_MAX) {
		say(judge, expectation, &finding, VERDICT_INCONCLUSIVE,
		    "the fault never reached the agent, so nothing is shown");
		return;
	}
	struct records records;
	records_collect(judge, &records);
	keep_device(&records, complete->device);
	judge_records(judge, expectation, &records, &window);
	records_done(&records);
}

static int check_complete(const struct scope *scope, const struct expectation *expectation,
			  struct error *err)
{
	const struct yaml *body = names_of_expectation(expectation);
	int status = names_device(scope, yaml_get(body, "device"), err);

	if (status == 0)
		status = names_label(scope, NULL, yaml_get(body, "since"), err);
	if (status == 0)
		status = names_label(scope, NULL, yaml_get(body, "until"), err);
	return status < 0 ? status : witness_check(scope, yaml_get(body, "witness"), err);
}

const struct expect_kind expect_complete = {
	.name = "complete",
	.help = "over an outage nothing is lost and nothing is stored twice",
	.form = &complete_form,
	.check = check_complete,
	.judge = judge_complete,
};
