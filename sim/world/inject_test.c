#include "sim/world/inject.h"

#include "sim/world/world_fixture.h"

/* Of the probe's word "keep": open, write, sync, sync of the folder, mkdir. */
enum { CALLS = 5 };

static void arm(const char *fault, int at)
{
	struct error err = { 0 };
	AUTO_JSON json_t *parameters = at ? json_pack("{s:i}", "at", at) : json_object();

	ck_assert_msg(!world_fault(stage.world, fault, parameters, &err), "%s", error_text(&err));
}

static bool has_died(void *arg)
{
	(void)arg;
	return told("agent.exit", 0);
}

/* Runs the probe until that call is cut off, and again to see what is left of its file. */
static void expect_after_cut(int at, const char *left)
{
	begin();
	arm("storage.cut", at);
	PROBE("keep");
	ck_assert(loop_run_until(stage.loop, has_died, NULL, WITHIN_MS));
	ck_assert_int_eq(json_int_of(told("fault.reached", 0), "at", 0), at);
	world_fault_clear(stage.world, NULL);
	ck_assert_int_eq(ftruncate(stage.output, 0), 0);
	lseek(stage.output, 0, SEEK_SET);
	SHELL("cat kept || echo none");
	await_end();
	ck_assert_msg(strstr(output(), left), "cut at %d: %s", at, output());
	finish();
}

START_TEST(every_call_of_a_program_that_hides_is_counted)
{
	begin();
	arm("storage.watch", 0);
	PROBE("keep");
	await_end();
	world_fault_clear(stage.world, NULL);
	ck_assert_int_eq(json_int_of(told("storage.calls", 0), "count", 0), CALLS);
	ck_assert_str_eq(json_text_of(told("storage.file", 1), "text", ""), "whole\n");
	finish();
}
END_TEST

START_TEST(a_cut_takes_what_was_not_synced)
{
	expect_after_cut(CALLS - 1, "none");
}
END_TEST

START_TEST(a_cut_leaves_what_was_synced)
{
	expect_after_cut(CALLS, "whole");
}
END_TEST

TEST_MAIN("sim.world.inject", every_call_of_a_program_that_hides_is_counted,
	  a_cut_takes_what_was_not_synced, a_cut_leaves_what_was_synced)
