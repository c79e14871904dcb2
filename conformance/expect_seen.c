/* seen: something happened, at least so often. never: it did not, although it could have. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/expect.h"
#include "conformance/lateness.h"
#include "conformance/names.h"

struct condition {
	char *kind;
	const struct yaml *where;
};

struct seen {
	char *kind;
	const struct yaml *where;
	char *since, *until;
	int64_t min, max;
	int64_t within_ms;        /* after since; 0: no limit */
	struct condition witness; /* without it nothing is shown */
};

static const struct field condition_fields[] = {
	{ "for", FIELD_TEXT, offsetof(struct condition, kind), .required = true },
	{ "where", FIELD_NODE, offsetof(struct condition, where) },
	{ .name = NULL },
};
static const struct form condition_form = { "a condition", sizeof(struct condition),
					    condition_fields };

static const struct field seen_fields[] = {
	{ "for", FIELD_TEXT, offsetof(struct seen, kind), .required = true,
	  .help = "kind of observation, see docs/evidence.md" },
	{ "where", FIELD_NODE, offsetof(struct seen, where), .help = "fields it must have" },
	{ "since", FIELD_TEXT, offsetof(struct seen, since), .help = "label of a step" },
	{ "until", FIELD_TEXT, offsetof(struct seen, until), .help = "label of a step" },
	{ "min", FIELD_INT, offsetof(struct seen, min), .min = 1, .max = 1000000 },
	{ "max", FIELD_INT, offsetof(struct seen, max), .min = 1, .max = 1000000 },
	{ "within", FIELD_DURATION, offsetof(struct seen, within_ms), .max = 3600000 },
	{ "witness", FIELD_FORM, offsetof(struct seen, witness), .form = &condition_form,
	  .help = "what must have happened for this to show anything" },
	{ .name = NULL },
};
static const struct form seen_form = { "an observation", sizeof(struct seen), seen_fields };

/* Reads window and witness; on anything missing adds an inconclusive finding and returns false. */
static bool prepare(struct judge *judge, const struct expectation *expectation,
		    struct finding *finding, struct window *window)
{
	const struct seen *seen = expectation->arguments;

	if (!judge_window(judge, seen->since, seen->until, window)) {
		finding->verdict = VERDICT_INCONCLUSIVE;
		finding->reason = "the run ended before the step that this is about, or no time "
				  "lies between the two";
		judge_add_each(judge, expectation, finding);
		return false;
	}
	if (seen->within_ms && window->until > window->from + seen->within_ms * 1000000)
		window->until = window->from + seen->within_ms * 1000000;
	if (!seen->witness.kind)
		return true;
	struct match witness = { seen->witness.kind, seen->witness.where };
	size_t at = judge_find(judge, &witness, NULL, 0);
	if (at == SIZE_MAX) {
		AUTO_FREE char *wanted = match_describe(&witness);
		AUTO_FREE char *reason = alloc_printf(
			"without a witness nothing is shown: %s did not happen", wanted);
		finding->verdict = VERDICT_INCONCLUSIVE;
		finding->reason = reason;
		judge_add_each(judge, expectation, finding);
		return false;
	}
	judge_refer(finding, false, at + 1);
	return true;
}

static int64_t count_matches(struct judge *judge, const struct match *match,
			     const struct window *window, struct finding *finding)
{
	int64_t count = 0;
	for (size_t i = judge_find(judge, match, window, 0); i != SIZE_MAX;
	     i = judge_find(judge, match, window, i + 1)) {
		judge_refer(finding, false, i + 1);
		count++;
	}
	return count;
}

/* How long after the time given there were enough of them; INT64_MAX: never. */
static int64_t missed_by(struct judge *judge, const struct seen *seen, const struct window *window)
{
	struct match match = { seen->kind, seen->where };
	struct window whole;
	int64_t left = seen->min ? seen->min : 1;
	size_t at = SIZE_MAX;

	if (!seen->within_ms || !judge_window(judge, seen->since, seen->until, &whole))
		return INT64_MAX;
	for (at = judge_find(judge, &match, &whole, 0); at != SIZE_MAX && --left > 0;)
		at = judge_find(judge, &match, &whole, at + 1);
	return at == SIZE_MAX ? INT64_MAX
			      : json_int_of(judge_line(judge, at), "ns", 0) - window->until;
}

static void judge_seen(struct judge *judge, const struct expectation *expectation)
{
	const struct seen *seen = expectation->arguments;
	struct match match = { seen->kind, seen->where };
	struct finding finding = { .rule = "seen" };
	struct window window;

	if (!prepare(judge, expectation, &finding, &window))
		return;
	int64_t min = seen->min ? seen->min : 1;
	int64_t count = count_matches(judge, &match, &window, &finding);
	bool idle = !judge->activity.collections && !judge->activity.connections;
	bool good = count >= min && (!seen->max || count <= seen->max);
	AUTO_FREE char *wanted = match_describe(&match);
	AUTO_FREE char *limit =
		seen->max ? alloc_printf(" to %" PRId64, seen->max) : alloc_text(" or more");
	AUTO_FREE char *expected = alloc_printf("%s, %" PRId64 "%s times%s", wanted, min, limit,
						seen->within_ms ? " within the time given" : "");
	AUTO_FREE char *found = alloc_printf("%" PRId64 " times", count);
	finding.expected = expected;
	finding.found = found;
	finding.verdict = good ? VERDICT_PASS : idle ? VERDICT_INCONCLUSIVE : VERDICT_FAIL;
	AUTO_FREE char *reason = good ? alloc_printf("%s was seen %" PRId64 " times", wanted, count)
				 : idle ? alloc_text("the agent showed no activity at all")
				 : count < min
					 ? alloc_printf("%s was not seen often enough", wanted)
					 : alloc_printf("%s was seen too often", wanted);
	finding.reason = reason;
	if (count < min)
		lateness_excuse(judge, &window, missed_by(judge, seen, &window), &finding);
	judge_add_each(judge, expectation, &finding);
}

static void judge_never(struct judge *judge, const struct expectation *expectation)
{
	const struct seen *seen = expectation->arguments;
	struct match match = { seen->kind, seen->where };
	struct finding finding = { .rule = "never" };
	struct window window;

	if (!prepare(judge, expectation, &finding, &window))
		return;
	size_t witnesses = finding.evidence_count;
	int64_t count = count_matches(judge, &match, &window, &finding);
	AUTO_FREE char *wanted = match_describe(&match);
	AUTO_FREE char *expected = alloc_printf("never %s", wanted);
	AUTO_FREE char *found = alloc_printf("%" PRId64 " times", count);
	finding.expected = expected;
	finding.found = found;
	finding.verdict = count ? VERDICT_FAIL : VERDICT_PASS;
	AUTO_FREE char *reason =
		count ? alloc_printf("%s happened, and must not", wanted)
		      : alloc_printf("%s did not happen, although it was put to the test", wanted);
	if (count && witnesses) { /* the guilty line first */
		finding.evidence[0] =
			finding.evidence[witnesses < finding.evidence_count ? witnesses : 0];
	}
	finding.reason = reason;
	judge_add_each(judge, expectation, &finding);
}

static int check_seen(const struct scope *scope, const struct expectation *expectation,
		      struct error *err)
{
	const struct yaml *body = names_of_expectation(expectation);
	const struct yaml *witness = yaml_get(body, "witness");
	int status = names_condition(body, err);

	if (status == 0 && witness)
		status = names_condition(witness, err);
	if (status == 0)
		status = names_label(scope, NULL, yaml_get(body, "since"), err);
	return status < 0 ? status : names_label(scope, NULL, yaml_get(body, "until"), err);
}

/* What never happens shows nothing unless something else did: a witness is obligatory. */
static int check_never(const struct scope *scope, const struct expectation *expectation,
		       struct error *err)
{
	const struct seen *seen = expectation->arguments;
	if (!seen->witness.kind)
		return yaml_error(expectation->node, err,
				  "found no 'witness', expected what must have happened for "
				  "'never' to show anything");
	return check_seen(scope, expectation, err);
}

const struct expect_kind expect_seen = {
	.name = "seen",
	.help = "an observation is there, so often, in time",
	.form = &seen_form,
	.check = check_seen,
	.judge = judge_seen,
};

const struct expect_kind expect_never = {
	.name = "never",
	.help = "an observation is not there, although the witness shows that it could have been",
	.form = &seen_form,
	.check = check_never,
	.judge = judge_never,
};
