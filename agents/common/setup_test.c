#include "agents/common/setup.h"

#include <string.h>

#include "agents/common/fixture.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/test.h"

enum { LOBBY = 0x0a10000a, HALL = 0x0a10000b, ATTIC = 0x0a10000c };

static uint32_t targets[] = { LOBBY, HALL }, admitted[] = { ATTIC };
static struct config own;
static struct setup *setup;

static void begin(void)
{
	own = (struct config){ .state = fixture_folder(),
			       .targets = targets,
			       .target_count = 2,
			       .admitted = admitted,
			       .admitted_count = 1,
			       .interval_ms = 60000,
			       .poll_ms = 5000 };
	setup = setup_new(&own);
}

static void end(void)
{
	setup_free(setup);
	fixture_folder_done(own.state);
}

static void restart(void)
{
	setup_free(setup);
	setup = setup_new(&own);
}

static bool take(const char *tag, const char *text)
{
	return setup_take(setup, tag, text, strlen(text));
}

/* "interval poll: the last octet of each target" */
static void expect_effective(const char *expected)
{
	struct config effective = { 0 };
	char text[128];
	size_t size;

	setup_apply(setup, &effective);
	size = (size_t)snprintf(text, sizeof(text), "%lld %lld:", (long long)effective.interval_ms,
				(long long)effective.poll_ms);
	for (size_t i = 0; i < effective.target_count; i++)
		size += (size_t)snprintf(text + size, sizeof(text) - size, " %u",
					 effective.targets[i] & 255);
	ck_assert_str_eq(text, expected);
	free(effective.targets);
}

static void expect_report(const char *expected)
{
	const char *report = setup_report(setup);

	ck_assert_str_eq(report ? report : "none", expected);
}

START_TEST(without_a_document_the_agents_own_configuration_counts)
{
	begin();
	expect_effective("60000 5000: 10 11");
	expect_report("none");
	ck_assert_str_eq(setup_tag(setup), "");
	end();
}
END_TEST

START_TEST(the_service_designates_among_whom_the_user_admits)
{
	begin();
	ck_assert(take("a", "{\"version\":1,\"intervalMs\":500,\"designated\":"
			    "[\"10.16.0.12\",\"10.16.0.11\",\"10.16.0.99\"]}"));
	expect_effective("500 5000: 12 11");
	expect_report("{\"version\":1,\"outcome\":\"applied\",\"notAdmitted\":[\"10.16.0.99\"]}");
	setup_reported(setup);
	expect_report("none");
	ck_assert(take("b", "{\"version\":2,\"designated\":[]}"));
	expect_effective("60000 5000:");
	end();
}
END_TEST

START_TEST(what_counts_is_there_again_after_a_restart)
{
	begin();
	ck_assert(take("a", "{\"version\":3,\"pollMs\":100,\"designated\":[\"10.16.0.12\"]}"));
	restart();
	expect_effective("60000 100: 12");
	ck_assert_str_eq(setup_tag(setup), "a");
	expect_report("none");
	ck_assert(!take("b", "{\"version\":2}"));
	end();
}
END_TEST

START_TEST(what_is_refused_changes_nothing_and_is_told)
{
	begin();
	ck_assert(take("a", "{\"version\":3,\"pollMs\":100}"));
	ck_assert(!take("b", "{\"version\":4,"));
	expect_report("{\"outcome\":\"refused\",\"reason\":\"malformed\"}");
	ck_assert(!take("c", "{\"version\":3,\"pollMs\":200}"));
	expect_report("{\"version\":3,\"outcome\":\"refused\",\"reason\":\"older\"}");
	ck_assert_str_eq(setup_tag(setup), "c"); /* it is not fetched again and again */
	expect_effective("60000 100: 10 11");
	restart();
	expect_effective("60000 100: 10 11");
	end();
}
END_TEST

START_TEST(a_damaged_file_is_no_document)
{
	begin();
	ck_assert(take("a", "{\"version\":3,\"designated\":[]}"));
	AUTO_FREE char *path = file_join(own.state, "setup.json");
	struct error err = { 0 };
	ck_assert_int_eq(file_write(path, "{\"tag\":\"a\"", 10, &err), 0);
	restart();
	expect_effective("60000 5000: 10 11");
	end();
}
END_TEST

TEST_MAIN("agents.setup", without_a_document_the_agents_own_configuration_counts,
	  the_service_designates_among_whom_the_user_admits,
	  what_counts_is_there_again_after_a_restart, what_is_refused_changes_nothing_and_is_told,
	  a_damaged_file_is_no_document)
