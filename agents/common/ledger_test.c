#include "agents/common/ledger.h"

#include <string.h>

#include "agents/common/fixture.h"
#include "base/test.h"
#include "ecsp/ecsp.h"

static char *state;
static struct ledger *ledger;
static const struct outcome done = { ECSP_DONE, NULL, NULL };

static void begin(void)
{
	state = fixture_folder();
	ledger = ledger_new(state, NULL);
}

static void restart(void)
{
	ledger_free(ledger);
	ledger = ledger_new(state, NULL);
}

static void end(void)
{
	ledger_free(ledger);
	fixture_folder_done(state);
}

static struct command named(const char *id)
{
	struct command command = { .serial = "X8" };

	snprintf(command.id, sizeof(command.id), "%s", id);
	return command;
}

START_TEST(a_command_is_known_from_its_opening_on_and_over_a_restart)
{
	struct command command = named("c1");

	begin();
	ck_assert(!ledger_knows(ledger, "c1"));
	ck_assert_int_eq(ledger_open(ledger, &command, NULL), 0);
	ck_assert(ledger_knows(ledger, "c1"));
	restart();
	ck_assert(ledger_knows(ledger, "c1"));
	end();
}
END_TEST

START_TEST(a_result_waits_until_the_command_is_closed)
{
	struct command command = named("c1");

	begin();
	ledger_open(ledger, &command, NULL);
	ck_assert_ptr_null(ledger_next(ledger));
	ledger_close(ledger, &command, &done, NULL);
	ck_assert_ptr_nonnull(strstr(ledger_next(ledger), "done"));
	restart();
	ck_assert_ptr_nonnull(strstr(ledger_next(ledger), "done"));
	ledger_sent(ledger, NULL);
	restart();
	ck_assert_ptr_null(ledger_next(ledger));
	end();
}
END_TEST

START_TEST(a_command_that_a_crash_cut_off_is_answered_with_failed)
{
	struct command command = named("c1");

	begin();
	ledger_open(ledger, &command, NULL);
	restart();
	ck_assert_ptr_nonnull(strstr(ledger_next(ledger), "failed"));
	end();
}
END_TEST

START_TEST(the_oldest_ids_are_forgotten_first)
{
	char id[16];

	begin();
	for (int i = 0; i < 1030; i++) {
		snprintf(id, sizeof(id), "c%d", i);
		struct command command = named(id);
		ck_assert_int_eq(ledger_open(ledger, &command, NULL), 0);
		ledger_close(ledger, &command, &done, NULL);
		ledger_sent(ledger, NULL);
	}
	ck_assert(!ledger_knows(ledger, "c0"));
	ck_assert(ledger_knows(ledger, "c1029"));
	end();
}
END_TEST

TEST_MAIN("agents.common.ledger", a_command_is_known_from_its_opening_on_and_over_a_restart,
	  a_result_waits_until_the_command_is_closed,
	  a_command_that_a_crash_cut_off_is_answered_with_failed,
	  the_oldest_ids_are_forgotten_first)
