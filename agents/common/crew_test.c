#include "agents/common/crew.h"

#include <string.h>

#include "agents/common/fixture.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/test.h"

/* A kind of agent that does nothing but count itself; the cloud is a port that nobody has. */
static int started, ended;

static void *start(struct agent *agent, struct error *err)
{
	(void)agent;
	(void)err;
	started++;
	return &started;
}

static void stop(void *kind)
{
	(void)kind;
	ended++;
}

static void ignore(void *kind, const struct command *command)
{
	(void)kind;
	(void)command;
}

static const struct agent_kind kind = {
	.type = "es", .about = "", .start = start, .stop = stop, .command = ignore
};

struct bed {
	char *folder;
	struct loop *loop;
	struct roster roster;
	struct crew *crew;
	int expected;
};

static struct bed *bed_new(const char *instances, int start_over_ms)
{
	static const struct config_needs needs = { 0 };
	struct bed *bed = alloc_zero(1, sizeof(*bed));
	struct error err = { 0 };

	started = ended = 0;
	bed->folder = fixture_folder();
	AUTO_FREE char *text = alloc_printf(
		"{\"api\":\"https://127.0.0.1:1\",\"mqtt\":\"mqtts://127.0.0.1:1\","
		"\"ca\":\"/dev/null\",\"secret\":\"s\",\"state\":\"%s\",\"backoffMinMs\":1,"
		"\"backoffMaxMs\":2,\"startOverMs\":%d,\"instances\":[%s]}",
		bed->folder, start_over_ms, instances);
	ck_assert_msg(roster_parse(&bed->roster, text, "test", &needs, &err) == 0, "%s",
		      error_text(&err));
	bed->loop = loop_new();
	bed->crew = crew_new(bed->loop, &bed->roster, &kind);
	return bed;
}

static void bed_free(struct bed *bed)
{
	crew_free(bed->crew);
	loop_free(bed->loop);
	roster_done(&bed->roster);
	fixture_folder_done(bed->folder);
	free(bed);
}

static bool are_started(void *arg)
{
	return started == ((struct bed *)arg)->expected;
}

static bool has_failed(void *arg)
{
	return crew_failed(((struct bed *)arg)->crew);
}

static bool has_stopped(void *arg)
{
	return crew_stopped(((struct bed *)arg)->crew);
}

#define GOOD   "{\"count\":5,\"id\":\"good-#\"}"
#define BROKEN "{\"id\":\"broken\",\"state\":\"/proc/nowhere\"}"

START_TEST(all_start_and_stop_together)
{
	struct bed *bed = bed_new(GOOD, 20);

	bed->expected = 5;
	ck_assert_int_eq(started, 0); /* each in its turn, from the loop */
	ck_assert(loop_run_until(bed->loop, are_started, bed, 5000));
	ck_assert(!crew_failed(bed->crew));
	crew_stop(bed->crew);
	ck_assert(loop_run_until(bed->loop, has_stopped, bed, 5000));
	bed_free(bed);
	ck_assert_int_eq(ended, 5);
}
END_TEST

START_TEST(one_that_cannot_start_is_in_nobodys_way)
{
	struct bed *bed = bed_new(BROKEN "," GOOD, 0);

	bed->expected = 5;
	ck_assert(loop_run_until(bed->loop, are_started, bed, 5000));
	ck_assert(!loop_run_until(bed->loop, has_failed, bed, 100));
	bed_free(bed);
}
END_TEST

START_TEST(when_none_can_start_the_crew_has_failed)
{
	struct bed *bed = bed_new(BROKEN, 0);

	ck_assert(!crew_failed(bed->crew));
	ck_assert(loop_run_until(bed->loop, has_failed, bed, 5000));
	ck_assert_int_eq(started, 0);
	ck_assert(crew_stopped(bed->crew));
	bed_free(bed);
}
END_TEST

START_TEST(two_agents_do_not_share_a_folder)
{
	struct error err = { 0 };
	struct bed *bed = bed_new("{\"id\":\"a\"}", 0);

	bed->expected = 1;
	ck_assert(loop_run_until(bed->loop, are_started, bed, 5000));
	ck_assert_ptr_null(agent_new(bed->loop, bed->roster.configs, &kind, &err));
	ck_assert_ptr_nonnull(strstr(error_text(&err), "another agent works with this folder"));
	bed_free(bed);
}
END_TEST

START_TEST(one_that_has_not_had_its_turn_is_stopped_too)
{
	struct bed *bed = bed_new(GOOD, 3600000);

	bed->expected = 1;
	ck_assert(loop_run_until(bed->loop, are_started, bed, 5000));
	crew_stop(bed->crew);
	ck_assert(loop_run_until(bed->loop, has_stopped, bed, 5000));
	bed_free(bed);
	ck_assert_int_eq(started, 1);
}
END_TEST

TEST_MAIN("agents.common.crew", all_start_and_stop_together,
	  one_that_cannot_start_is_in_nobodys_way, when_none_can_start_the_crew_has_failed,
	  two_agents_do_not_share_a_folder, one_that_has_not_had_its_turn_is_stopped_too)
