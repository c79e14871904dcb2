/* backoff: after a refusal the agent waits: not before Retry-After, and not too often. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/expect.h"
#include "conformance/lateness.h"
#include "conformance/names.h"
#include "conformance/witness.h"

struct backoff {
	char *kind; /* what counts as an attempt */
	const struct yaml *where;
	char *since, *until;
	int64_t min_wait_ms; /* between any two attempts in the window */
	int64_t max;         /* attempts in the window */
	const struct yaml *witness;
};

static const struct field backoff_fields[] = {
	{ "for", FIELD_TEXT, offsetof(struct backoff, kind), .required = true,
	  .help = "observation that counts as an attempt" },
	{ "where", FIELD_NODE, offsetof(struct backoff, where) },
	{ "since", FIELD_TEXT, offsetof(struct backoff, since), .required = true },
	{ "until", FIELD_TEXT, offsetof(struct backoff, until), .required = true },
	{ "min-wait", FIELD_DURATION, offsetof(struct backoff, min_wait_ms), .max = 3600000 },
	{ "max", FIELD_INT, offsetof(struct backoff, max), .required = true, .min = 1,
	  .max = 100000 },
	{ "witness", FIELD_NODE, offsetof(struct backoff, witness), .required = true,
	  .help = "a fault that must have been reached, or an observation: for, where" },
	{ .name = NULL },
};
static const struct form backoff_form = { "a backoff", sizeof(struct backoff), backoff_fields };

struct attempts {
	int64_t count, shortest_ns;
};

static struct attempts count_attempts(struct judge *judge, const struct backoff *backoff,
				      const struct window *window, struct finding *finding)
{
	struct match match = { backoff->kind, backoff->where };
	struct attempts attempts = { .shortest_ns = INT64_MAX };
	int64_t last = 0;

	for (size_t i = judge_find(judge, &match, window, 0); i != SIZE_MAX;
	     i = judge_find(judge, &match, window, i + 1)) {
		int64_t ns = json_int_of(judge_line(judge, i), "ns", 0);
		if (attempts.count && ns - last < attempts.shortest_ns)
			attempts.shortest_ns = ns - last;
		last = ns;
		attempts.count++;
		judge_refer(finding, false, i + 1);
	}
	return attempts;
}

/* By how much the agent was hasty; where it came too often, how long the window is after the last
 * attempt that was allowed. */
static int64_t missed_by(struct judge *judge, const struct backoff *backoff,
			 const struct window *window, const struct attempts *attempts)
{
	struct match match = { backoff->kind, backoff->where };
	int64_t left = backoff->max;
	size_t at = judge_find(judge, &match, window, 0);

	if (attempts->count <= backoff->max)
		return backoff->min_wait_ms * 1000000 - attempts->shortest_ns;
	while (left-- > 0)
		at = judge_find(judge, &match, window, at + 1);
	return window->until - json_int_of(judge_line(judge, at), "ns", 0);
}

static void judge_backoff(struct judge *judge, const struct expectation *expectation)
{
	const struct backoff *backoff = expectation->arguments;
	struct finding finding = { .rule = "backoff", .verdict = VERDICT_INCONCLUSIVE };
	struct attempts attempts = { 0 };
	struct window window;
	const char *open = NULL;

	if (!judge_window(judge, backoff->since, backoff->until, &window))
		open = "the run ended before the step that this is about, or no time lies between "
		       "the two";
	else if (witness_find(judge, backoff->witness, &window) == SIZE_MAX)
		open = "the fault never reached the agent, so nothing is shown";
	else
		attempts = count_attempts(judge, backoff, &window, &finding);
	if (!open && !attempts.count)
		open = "there was no attempt in that time, so nothing is shown";
	bool hasty = attempts.count > 1 && attempts.shortest_ns < backoff->min_wait_ms * 1000000;
	AUTO_FREE char *expected =
		alloc_printf("at most %" PRId64 " attempts, at least %" PRId64 " ms apart",
			     backoff->max, backoff->min_wait_ms);
	AUTO_FREE char *found =
		attempts.count > 1
			? alloc_printf("%" PRId64 " attempts, the closest %" PRId64 " ms apart",
				       attempts.count, attempts.shortest_ns / 1000000)
			: alloc_printf("%" PRId64 " attempts", attempts.count);
	finding.expected = expected;
	finding.found = found;
	finding.reason = open                            ? open
			 : attempts.count > backoff->max ? "the agent tried again too often"
			 : hasty                         ? "the agent tried again too early"
							 : "the agent waited before it tried again";
	if (!open)
		finding.verdict =
			attempts.count > backoff->max || hasty ? VERDICT_FAIL : VERDICT_PASS;
	if (finding.verdict == VERDICT_FAIL)
		lateness_excuse(judge, &window, missed_by(judge, backoff, &window, &attempts),
				&finding);
	judge_add_each(judge, expectation, &finding);
}

static int check_backoff(const struct scope *scope, const struct expectation *expectation,
			 struct error *err)
{
	const struct yaml *body = names_of_expectation(expectation);
	int status = names_condition(body, err);

	if (status == 0)
		status = names_label(scope, NULL, yaml_get(body, "since"), err);
	if (status == 0)
		status = names_label(scope, NULL, yaml_get(body, "until"), err);
	return status < 0 ? status : witness_check(scope, yaml_get(body, "witness"), err);
}

const struct expect_kind expect_backoff = {
	.name = "backoff",
	.help = "after a refusal the agent waits before it tries again",
	.form = &backoff_form,
	.check = check_backoff,
	.judge = judge_backoff,
};
