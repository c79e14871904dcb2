/* spread: a crowd of agents that lost its server at one moment does not come back at one moment. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/chance.h"
#include "conformance/expect.h"
#include "conformance/flow.h"
#include "conformance/names.h"
#include "conformance/witness.h"

/* A tenth of the time over which they may come, in which chance alone puts at most twice a tenth of
 * them: full jitter is at most twice as dense in its beginning as it is in the mean. */
static const double share = 0.2;
static const double doubt = 1e-6;
enum { PARTS = 10 };

struct spread {
	char *kind; /* what each agent must reach */
	const struct yaml *where;
	char *by; /* the field that says which agent it is */
	char *since, *until;
	int64_t over_ms;
	const struct yaml *witness;
};

static const struct field spread_fields[] = {
	{ "for", FIELD_TEXT, offsetof(struct spread, kind), .required = true,
	  .help = "observation by which an agent is back; the first of each counts" },
	{ "where", FIELD_NODE, offsetof(struct spread, where) },
	{ "by", FIELD_TEXT, offsetof(struct spread, by), .required = true,
	  .help = "field that names the agent: client, user, agent" },
	{ "since", FIELD_TEXT, offsetof(struct spread, since), .required = true },
	{ "until", FIELD_TEXT, offsetof(struct spread, until) },
	{ "over", FIELD_DURATION, offsetof(struct spread, over_ms), .required = true, .min = 10,
	  .max = 3600000, .help = "the longest wait that the agents were given" },
	{ "witness", FIELD_NODE, offsetof(struct spread, witness), .required = true,
	  .help = "a fault that must have been reached, or an observation: for, where" },
	{ .name = NULL },
};
static const struct form spread_form = { "a spread", sizeof(struct spread), spread_fields };

/* ---- when they came ---- */

struct arrival {
	int64_t ns;
	size_t line; /* of the journal */
};

struct arrivals {
	struct arrival *list; /* owned, by ns */
	size_t count;
};

static int64_t ns_of_frame(const struct judge *judge, uint64_t number)
{
	const struct capture *capture = &judge->evidence->capture;

	for (size_t i = 0; i < capture->frame_count; i++)
		if (capture->frames[i].number == number)
			return capture->frames[i].wall_ns - judge->evidence->wall_ns;
	return -1;
}

/* The port from which the agent opened a connection; 0: no hello was seen on it. */
static int64_t port_of(const struct judge *judge, int64_t connection)
{
	static const struct match hello = { .kind = "tls.hello" };

	for (size_t i = judge_find(judge, &hello, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &hello, NULL, i + 1))
		if (json_int_of(judge_line(judge, i), "connection", -1) == connection)
			return json_int_of(judge_line(judge, i), "port", 0);
	return 0;
}

/* When it set out: the SYN of its connection. What comes after depends on how busy the server is,
 * which an agent cannot help. Else the observation itself. */
static int64_t set_out(const struct judge *judge, const struct flow_table *flows,
		       const json_t *line)
{
	int64_t ns = json_int_of(line, "ns", 0);
	int64_t port = port_of(judge, json_int_of(line, "connection", -1));
	int64_t opened = ns;

	for (size_t i = 0; port && i < flows->count; i++) {
		const struct flow *flow = &flows->flows[i];
		int64_t at = flow->opened && flow->agent_port == port
				     ? ns_of_frame(judge, flow->opened)
				     : -1;
		if (at >= 0 && at <= ns)
			opened = at; /* of connections with one port the latest */
	}
	return opened;
}

static int compare(const void *a, const void *b)
{
	const struct arrival *x = a, *y = b;

	return (x->ns > y->ns) - (x->ns < y->ns);
}

static struct arrivals find_arrivals(struct judge *judge, const struct spread *spread,
				     const struct window *window)
{
	struct match match = { spread->kind, spread->where };
	struct flow_table *flows = flow_table_new(&judge->evidence->capture);
	AUTO_JSON json_t *known = json_object();
	struct arrivals found = { 0 };

	for (size_t i = judge_find(judge, &match, window, 0); i != SIZE_MAX;
	     i = judge_find(judge, &match, window, i + 1)) {
		const json_t *line = judge_line(judge, i);
		const char *who = json_text_of(line, spread->by, NULL);
		if (!who || json_object_get(known, who))
			continue;
		json_object_set_new(known, who, json_true());
		found.list = alloc_grow(found.list, found.count + 1, sizeof(*found.list));
		found.list[found.count++] = (struct arrival){ set_out(judge, flows, line), i + 1 };
	}
	flow_table_free(flows);
	if (found.count)
		qsort(found.list, found.count, sizeof(*found.list), compare);
	return found;
}

/* ---- what that means ---- */

struct crowding {
	size_t most, least_crowd; /* in one window; from how many on it is no accident */
	size_t first;             /* where the densest window begins */
	int64_t width_ms, span_ms;
};

static struct crowding crowding_of(const struct arrivals *arrivals, int64_t over_ms)
{
	struct crowding crowding = { .width_ms = over_ms / PARTS };
	AUTO_FREE int64_t *times = alloc_zero(arrivals->count + 1, sizeof(*times));

	for (size_t i = 0; i < arrivals->count; i++)
		times[i] = arrivals->list[i].ns;
	crowding.most = chance_densest(times, arrivals->count, crowding.width_ms * 1000000,
				       &crowding.first);
	crowding.least_crowd = chance_crowd(arrivals->count, share, doubt);
	if (arrivals->count)
		crowding.span_ms = (times[arrivals->count - 1] - times[0]) / 1000000;
	return crowding;
}

static void weigh(struct judge *judge, const struct expectation *expectation,
		  const struct arrivals *arrivals, struct finding *finding)
{
	const struct spread *spread = expectation->arguments;
	struct crowding crowding = crowding_of(arrivals, spread->over_ms);
	AUTO_FREE char *expected = alloc_printf(
		"fewer than %zu of %zu within any %" PRId64 " ms: chance brings so many together "
		"less than once in a million times",
		crowding.least_crowd, arrivals->count, crowding.width_ms);
	AUTO_FREE char *found =
		alloc_printf("%zu of %zu within %" PRId64 " ms, all within %" PRId64 " ms",
			     crowding.most, arrivals->count, crowding.width_ms, crowding.span_ms);

	for (size_t i = 0; i < crowding.most; i++)
		judge_refer(finding, false, arrivals->list[crowding.first + i].line);
	finding->expected = expected;
	finding->found = found;
	if (arrivals->count < (size_t)judge->evidence->scenario->crowd) {
		finding->reason = "not all of the agents came back in that time";
	} else if (crowding.least_crowd > arrivals->count) {
		finding->reason = "so few agents tell nothing about chance";
	} else if (crowding.most >= crowding.least_crowd) {
		finding->verdict = VERDICT_FAIL;
		finding->reason = "the agents came back together: their waits are not random";
	} else {
		finding->verdict = VERDICT_PASS;
		finding->reason = "the agents came back one by one, as random waits make them";
	}
	judge_add_each(judge, expectation, finding);
}

static void judge_spread(struct judge *judge, const struct expectation *expectation)
{
	const struct spread *spread = expectation->arguments;
	const struct window whole = { 0, INT64_MAX };
	struct finding finding = { .rule = "spread", .verdict = VERDICT_INCONCLUSIVE };
	struct arrivals ever = find_arrivals(judge, spread, &whole);
	struct window window;

	if (ever.count == 1) {
		finding.verdict = VERDICT_NOT_APPLICABLE;
		finding.reason = "the program is one agent, not many";
	} else if (!judge_window(judge, spread->since, spread->until, &window)) {
		finding.reason = "the run ended before the step that this is about, or no time "
				 "lies between the two";
	} else if (witness_find(judge, spread->witness, &whole) == SIZE_MAX) {
		finding.reason = "the fault never reached the agent, so nothing is shown";
	}
	free(ever.list);
	if (finding.reason) {
		judge_add_each(judge, expectation, &finding);
		return;
	}
	struct arrivals arrivals = find_arrivals(judge, spread, &window);
	weigh(judge, expectation, &arrivals, &finding);
	free(arrivals.list);
}

static int check_spread(const struct scope *scope, const struct expectation *expectation,
			struct error *err)
{
	const struct yaml *body = names_of_expectation(expectation);
	int status = names_condition(body, err);

	if (status == 0 && !scope->scenario->crowd)
		return yaml_error(body, err,
				  "found no crowd, expected how many agents the scenario has");
	if (status == 0)
		status = names_label(scope, NULL, yaml_get(body, "since"), err);
	if (status == 0 && yaml_get(body, "until"))
		status = names_label(scope, NULL, yaml_get(body, "until"), err);
	return status < 0 ? status : witness_check(scope, yaml_get(body, "witness"), err);
}

const struct expect_kind expect_spread = {
	.name = "spread",
	.help = "many agents that lost the server at once do not come back at once",
	.form = &spread_form,
	.check = check_spread,
	.judge = judge_spread,
};
