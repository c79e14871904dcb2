#include "conformance/testbed_parts.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/evidence.h"
#include "conformance/launch.h"
#include "conformance/step.h"

enum {
	STOP_WITHIN_MS = 6000, /* the contract gives an agent 5 s to end */
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* ---- the agent ---- */

static int start_agent(struct testbed *testbed, struct error *err)
{
	struct launch launch = {
		.scenario = testbed->scenario,
		.program = testbed->program,
		.id = testbed->id,
		.secret = testbed->secret,
		.authority = cloud_ca(testbed->cloud),
		.output = testbed->output,
	};
	testbed->killed = false;
	int status = launch_agent(&launch, testbed->world, err);
	lateness_begin(testbed->lateness);
	return status;
}

static bool has_ended(void *arg)
{
	struct testbed *testbed = arg;
	return !world_running(testbed->world);
}

static void stop_agent(struct testbed *testbed)
{
	if (!world_running(testbed->world))
		return;
	world_signal(testbed->world, SIGTERM);
	if (!loop_run_until(testbed->loop, has_ended, testbed, STOP_WITHIN_MS))
		world_kill_for(testbed->world, "it did not end within 6 s of SIGTERM");
}

int testbed_agent(struct testbed *testbed, const char *action, struct error *err)
{
	if (!strcmp(action, "start"))
		return start_agent(testbed, err);
	if (!strcmp(action, "kill")) {
		world_signal(testbed->world, SIGKILL);
		loop_run_until(testbed->loop, has_ended, testbed, STOP_WITHIN_MS);
	} else {
		stop_agent(testbed);
	}
	return 0;
}

/* ---- waiting ---- */

struct waiting {
	struct testbed *testbed;
	const struct match *match;
	size_t next; /* journal index not looked at yet */
	int64_t left;
};

/* The agent ended, and nothing starts it again. */
static bool is_gone(struct testbed *testbed)
{
	struct error err = { 0 };

	if (world_running(testbed->world))
		return false;
	if (!testbed->killed)
		return true;
	if (start_agent(testbed, &err) == 0)
		return false;
	journal_add(testbed->journal, "world.error",
		    json_pack("{s:s,s:s}", "what", "second start", "why", error_text(&err)));
	return true;
}

static bool is_over(void *arg)
{
	struct waiting *waiting = arg;
	struct testbed *testbed = waiting->testbed;

	for (; waiting->next < journal_count(testbed->journal); waiting->next++)
		if (waiting->match &&
		    match_is(waiting->match, journal_at(testbed->journal, waiting->next)))
			waiting->left--;
	return waiting->left <= 0 || interrupted || is_gone(testbed) ||
	       loop_now(testbed->loop) >= testbed->deadline;
}

static size_t line_of_label(const struct testbed *testbed, const char *label)
{
	for (size_t i = journal_count(testbed->journal); i-- > 0;) {
		const json_t *line = journal_at(testbed->journal, i);
		if (!strcmp(json_text_of(line, "kind", ""), "step") &&
		    !strcmp(json_text_of(line, "label", ""), label))
			return i;
	}
	return 0;
}

/* Never past the scenario's deadline. */
static uint64_t limit_ms(const struct testbed *testbed, int64_t within_ms)
{
	uint64_t now = loop_now(testbed->loop);
	uint64_t left = testbed->deadline > now ? (testbed->deadline - now) / 1000000 + 1 : 0;
	return (uint64_t)within_ms < left ? (uint64_t)within_ms : left;
}

int testbed_wait(struct testbed *testbed, const struct match *match, int64_t count,
		 const char *since, int64_t within_ms)
{
	struct waiting waiting = {
		.testbed = testbed,
		.match = match,
		.next = since ? line_of_label(testbed, since) : 0,
		.left = count,
	};
	loop_run_until(testbed->loop, is_over, &waiting, limit_ms(testbed, within_ms));
	return waiting.left <= 0 ? 0 : -ETIMEDOUT;
}

int testbed_observe(struct testbed *testbed, int64_t for_ms)
{
	struct waiting waiting = { .testbed = testbed, .left = 1 };
	bool early = loop_run_until(testbed->loop, is_over, &waiting, limit_ms(testbed, for_ms));
	return early || loop_now(testbed->loop) >= testbed->deadline ? -ETIMEDOUT : 0;
}

/* ---- the run ---- */

static void journal_step(struct testbed *testbed, size_t index)
{
	const struct step *step = &testbed->part->steps[index];
	AUTO_JSON json_t *told = match_json(yaml_get(step->node, step->kind->name));
	journal_add(testbed->journal, "step",
		    json_pack("{s:I,s:s,s:s*,s:O}", "index", (json_int_t)index, "action",
			      step->kind->name, "label", step->label, "with", told));
}

static bool sets_scene(const struct step *step)
{
	static const char *const kinds[] = { "fault", "printer", "cloud" };
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (!strcmp(step->kind->name, kinds[i]))
			return true;
	return false;
}

/* How many steps at the beginning set the scene: before the agent starts. */
static size_t opening(const struct testbed *testbed)
{
	size_t count = 0;
	while (count < testbed->part->step_count && sets_scene(&testbed->part->steps[count]))
		count++;
	return count;
}

/* Plays the steps; returns why the run ended, in the words of the journal. */
static const char *play(struct testbed *testbed, struct error *err)
{
	size_t start = opening(testbed);

	for (size_t i = 0; i < testbed->part->step_count || i == start; i++) {
		int status = i == start ? start_agent(testbed, err) : 0;
		if (status < 0)
			return "harness error";
		if (i == testbed->part->step_count)
			break;
		const struct step *step = &testbed->part->steps[i];
		journal_step(testbed, i);
		status = step->kind->run(testbed, step, err);
		if (interrupted)
			return "interrupted";
		if (status == -ETIMEDOUT && loop_now(testbed->loop) >= testbed->deadline)
			return "deadline";
		if (status == -ETIMEDOUT)
			return world_running(testbed->world) ? "a step was not reached"
							     : "the agent ended";
		if (status < 0)
			return "harness error";
	}
	return "steps done";
}

static bool is_interrupted(void *arg)
{
	(void)arg;
	return interrupted;
}

/* The world goes on, printers, cloud and agent, until somebody has seen enough. */
static void keep(struct testbed *testbed)
{
	fprintf(stderr,
		"%s: the world is kept. Look at the agent's side with\n"
		"  nsenter --preserve-credentials --user=/proc/%d/ns/user --net=/proc/%d/fd/%d\n"
		"and at the cloud's with --net=/proc/%d/ns/net. Ctrl-C ends it.\n",
		testbed->scenario->id, getpid(), getpid(), world_agent_network(testbed->world),
		getpid());
	loop_run_until(testbed->loop, is_interrupted, NULL, UINT64_MAX);
}

static int write_files(struct testbed *testbed, struct error *err)
{
	AUTO_FREE char *comment = alloc_printf("scenario %s, seed %llu", testbed->scenario->id,
					       (unsigned long long)testbed->options.seed);
	int status = recorder_write(world_recorder(testbed->world), EVIDENCE_CAPTURE, comment, err);
	if (status == 0)
		status = journal_flush(testbed->journal, err);
	if (status == 0 && (fflush(testbed->ledger.file) != 0 || testbed->ledger.failed))
		status = error_set(err, EIO, "the ledger of truth is not whole");
	return status;
}

int testbed_run(struct testbed *testbed, struct error *err)
{
	struct sigaction action = { .sa_handler = on_interrupt };
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	loop_update(testbed->loop);
	testbed->deadline =
		loop_now(testbed->loop) + (uint64_t)testbed->scenario->deadline_ms * 1000000u;
	struct error why = { 0 };
	testbed->lateness = lateness_new(testbed->loop, &testbed->tap);
	const char *reason = play(testbed, &why);
	if (testbed->options.keep_world && !interrupted)
		keep(testbed);
	if (!strcmp(reason, "deadline"))
		world_kill_for(testbed->world, "the scenario's deadline passed");
	stop_agent(testbed);
	world_finish(testbed->world);
	lateness_free(testbed->lateness);
	testbed->lateness = NULL;
	testbed_left(testbed);
	/* Their last words come before the end. */
	cloud_free(testbed->cloud);
	testbed->cloud = NULL;
	fleet_free(testbed->fleet);
	testbed->fleet = NULL;
	journal_add(testbed->journal, "capture.written",
		    json_pack("{s:I}", "pieces", (json_int_t)testbed->pieces));
	bool broken = !strcmp(reason, "harness error");
	journal_add(testbed->journal, "end",
		    json_pack("{s:s,s:s*}", "reason", reason, "error",
			      broken ? error_text(&why) : NULL));
	return write_files(testbed, err);
}
