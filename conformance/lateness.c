#include "conformance/lateness.h"

#include "base/buf.h"
#include "base/json.h"

/* Short delays are everyday and within the slack of every expectation. */
enum { EVERY_MS = 25, WORTH_MS = 50 };

#define MS INT64_C(1000000)

struct lateness {
	struct loop *loop;
	struct tap *tap;
	struct timer *timer;
	uint64_t due;
};

static void wait_again(struct lateness *lateness)
{
	lateness->due = loop_now(lateness->loop) + EVERY_MS * MS;
	timer_set(lateness->timer, lateness->due);
}

static void rings(void *arg)
{
	struct lateness *lateness = arg;
	int64_t late_ms = (int64_t)(loop_now(lateness->loop) - lateness->due) / MS;

	if (late_ms >= WORTH_MS)
		tap_seen(lateness->tap, "world.late",
			 json_pack("{s:I}", "ms", (json_int_t)late_ms));
	wait_again(lateness);
}

struct lateness *lateness_new(struct loop *loop, struct tap *tap)
{
	struct lateness *lateness = alloc_zero(1, sizeof(*lateness));

	lateness->loop = loop;
	lateness->tap = tap;
	lateness->timer = timer_new(loop, rings, lateness);
	wait_again(lateness);
	return lateness;
}

void lateness_begin(struct lateness *lateness)
{
	loop_update(lateness->loop);
	wait_again(lateness);
}

void lateness_free(struct lateness *lateness)
{
	if (!lateness)
		return;
	timer_free(lateness->timer);
	free(lateness);
}

int64_t lateness_in(const struct judge *judge, const struct window *window)
{
	static const struct match late = { .kind = "world.late" };
	int64_t longest = 0;

	for (size_t i = judge_find(judge, &late, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &late, NULL, i + 1)) {
		const json_t *line = judge_line(judge, i);
		int64_t until = json_int_of(line, "ns", 0);
		int64_t ns = json_int_of(line, "ms", 0) * MS;
		if (until >= window->from && until - ns <= window->until && ns > longest)
			longest = ns;
	}
	return longest;
}

void lateness_excuse(const struct judge *judge, const struct window *window, int64_t by_ns,
		     struct finding *finding)
{
	if (finding->verdict != VERDICT_FAIL || lateness_in(judge, window) < by_ns)
		return;
	finding->verdict = VERDICT_INCONCLUSIVE;
	finding->reason =
		"what was seen would be a failure, but the harness itself was so late that "
		"the agent may have been in time";
}
