#include "sim/world/world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "sim/world/world_fixture.h"

START_TEST(this_machine_lets_a_world_be)
{
	struct error err = { 0 };
	int code = world_probe(&err);
	ck_assert_msg(!code, "%s", error_text(&err));
}
END_TEST

START_TEST(a_program_runs_and_its_exit_is_told)
{
	RUN_SHELL("echo $TOLD $HOME $(hostname); exit 7");
	CHECK_OUTPUT("yes tester");
	ck_assert_str_eq(json_text_of(told("agent.start", 0), "program", ""), "sh");
	ck_assert_int_gt(json_int_of(told("agent.start", 0), "pid", 0), 0);
	ck_assert_int_eq(json_int_of(told("agent.exit", 0), "code", -1), 7);
	ck_assert(json_is_false(json_object_get(told("agent.exit", 0), "crashed")));
	finish();
}
END_TEST

START_TEST(a_crash_is_told_as_one)
{
	RUN_PROBE("crash");
	ck_assert_int_eq(json_int_of(told("agent.exit", 0), "signal", -1), SIGABRT);
	ck_assert(json_is_true(json_object_get(told("agent.exit", 0), "crashed")));
	finish();
}
END_TEST

START_TEST(sigterm_reaches_the_program)
{
	begin();
	PROBE("wait");
	await_output("waiting");
	ck_assert_int_eq(world_signal(stage.world, SIGTERM), 0);
	await_end();
	CHECK_OUTPUT("signal 15");
	ck_assert_int_eq(json_int_of(told("agent.exit", 0), "code", -1), 0);
	ck_assert(json_is_true(json_object_get(told("agent.exit", 0), "asked")));
	ck_assert_int_eq(world_signal(stage.world, SIGTERM), -ESRCH);
	finish();
}
END_TEST

START_TEST(a_program_that_does_not_exist_is_an_error)
{
	struct error err = { 0 };

	begin();
	ck_assert_int_eq(start_argv((const char *const[]){ "/nonexistent/x", NULL }, &err),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent/x"));
	ck_assert_int_eq(start_argv((const char *const[]){ "/etc/passwd", NULL }, &err), -EACCES);
	ck_assert_ptr_null(told("agent.start", 0));
	finish();
}
END_TEST

START_TEST(the_state_folder_survives_a_restart)
{
	begin();
	SHELL("echo kept > state; echo also > /tmp/x");
	await_end();
	SHELL("cat state /tmp/x");
	await_end();
	ck_assert_str_eq(output(), "kept\nalso\n");
	ck_assert_ptr_nonnull(told("agent.exit", 1));
	finish();
}
END_TEST

START_TEST(a_running_program_is_not_started_again)
{
	struct error err;

	begin();
	PROBE("wait");
	ck_assert_int_eq(start_argv((const char *const[]){ "true", NULL }, &err), -EBUSY);
	world_kill(stage.world);
	ck_assert(!world_running(stage.world));
	ck_assert_str_eq(json_text_of(told("agent.killed", 0), "why", ""), "stop");
	finish();
}
END_TEST

START_TEST(a_program_that_was_struck_down_is_not_blamed_for_what_is_left)
{
	begin();
	SHELL("sleep 60 & echo waiting; wait");
	await_output("waiting");
	world_signal(stage.world, SIGKILL);
	await_end();
	world_finish(stage.world);
	ck_assert_ptr_null(told("agent.left", 0));
	world_free(stage.world);
}
END_TEST

START_TEST(children_that_end_with_the_program_are_not_left)
{
	begin();
	SHELL("sleep 60 & child=$!; trap 'kill $child; exit 0' TERM; echo waiting; wait");
	await_output("waiting");
	world_signal(stage.world, SIGTERM);
	await_end();
	world_finish(stage.world);
	ck_assert_ptr_null(told("agent.left", 0));
	world_free(stage.world);
}
END_TEST

START_TEST(too_much_output_ends_the_program)
{
	struct stat about;

	RUN_PROBE("spam", "100000000");
	ck_assert_str_eq(json_text_of(told("agent.killed", 0), "why", ""), "output limit");
	ck_assert_int_eq(fstat(stage.output, &about), 0);
	ck_assert_int_eq(about.st_size, OUTPUT_MAX);
	finish();
}
END_TEST

START_TEST(a_fork_bomb_is_contained)
{
	RUN_PROBE("forks");
	CHECK_OUTPUT("made 5");
	finish();
}
END_TEST

START_TEST(a_full_state_folder_is_the_programs_own_trouble)
{
	begin();
	SHELL("dd if=/dev/zero of=a bs=64k count=10; dd if=/dev/zero of=b bs=64k count=10");
	await_end();
	CHECK_OUTPUT("No space left on device");
	finish();
}
END_TEST

START_TEST(a_root_harness_gives_up_root)
{
	uid_t uid, before = geteuid();
	gid_t gid;

	world_owner(&uid, &gid);
	begin();
	ck_assert_uint_ne(uid, 0);
	ck_assert_uint_eq(geteuid(), 1000); /* what namespace_owner is called inside */
	/* A file that only root may write is closed now. */
	ck_assert(before != 0 || open("/etc/passwd", O_WRONLY | O_CLOEXEC) < 0);
	finish();
}
END_TEST

TEST_MAIN("sim.world.world", this_machine_lets_a_world_be, a_program_runs_and_its_exit_is_told,
	  a_crash_is_told_as_one, sigterm_reaches_the_program,
	  a_program_that_does_not_exist_is_an_error, the_state_folder_survives_a_restart,
	  a_running_program_is_not_started_again,
	  a_program_that_was_struck_down_is_not_blamed_for_what_is_left,
	  children_that_end_with_the_program_are_not_left, too_much_output_ends_the_program,
	  a_fork_bomb_is_contained, a_full_state_folder_is_the_programs_own_trouble,
	  a_root_harness_gives_up_root)
