#include "agents/common/command.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "ecsp/ecsp.h"

#define TIMES "\"issued\":\"2026-11-22T10:20:00.000Z\",\"expires\":\"2026-11-22T10:25:00.000Z\""
#define GOOD  "{\"command\":\"c1\",\"operation\":\"clean\",\"serial\":\"X8\"," TIMES "}"

static enum command_reading read_text(const char *text, struct command *command)
{
	return command_parse(text, strlen(text), command);
}

START_TEST(a_command_is_read_whole)
{
	struct command command;

	ck_assert_int_eq(read_text(GOOD, &command), COMMAND_GOOD);
	ck_assert_str_eq(command.id, "c1");
	ck_assert_str_eq(command.serial, "X8");
	ck_assert_int_eq(command.operation, OPERATION_CLEAN);
	ck_assert(command.expires - command.issued == 300 * INT64_C(1000000000));
}
END_TEST

START_TEST(what_has_id_and_serial_but_is_no_command_is_malformed)
{
	static const char *const texts[] = {
		"{\"command\":\"c1\",\"serial\":\"X8\"}",
		"{\"command\":\"c1\",\"operation\":\"format\",\"serial\":\"X8\"," TIMES "}",
		"{\"command\":\"c1\",\"operation\":\"clean\",\"serial\":\"X8\",\"extra\":1," TIMES
		"}",
		"{\"command\":\"c1\",\"operation\":\"clean\",\"serial\":\"X8\",\"serial\":"
		"\"X9\"," TIMES "}",
		"{\"command\":\"c1\",\"operation\":\"clean\",\"serial\":\"X8\",\"issued\":\"now\","
		"\"expires\":\"2026-11-22T10:25:00.000Z\"}",
	};
	struct command command;

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		ck_assert_msg(read_text(texts[i], &command) == COMMAND_MALFORMED, "%s", texts[i]);
		ck_assert_str_eq(command.id, "c1");
	}
}
END_TEST

START_TEST(who_is_told_neither_id_nor_device_has_nothing_to_answer)
{
	static const char *const texts[] = {
		"{\"command\":\"c1\"}",
		"{\"command\":\"c1\",\"operation\":\"clean\",\"serial\":7," TIMES "}",
		"{\"command\":\"c1\",\"operation\":\"clean\",\"serial\":\"\"," TIMES "}",
		"{\"command\":\"c1\",\"operation\":\"clean\\u0000ed\",\"serial\":\"X8\"," TIMES "}",
		"",
		"null",
		"[]",
		"{",
		"{}",
		GOOD "x",
		"{\"command\":7}",
		"{\"Command\":\"c1\"}",
		"{\"command\":\"a b\"}"
	};
	struct command command;

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		ck_assert_msg(read_text(texts[i], &command) == COMMAND_NONSENSE, "%s", texts[i]);
	ck_assert_int_eq(command_parse(GOOD "\0x", sizeof(GOOD) + 1, &command), COMMAND_NONSENSE);
}
END_TEST

START_TEST(a_command_is_good_until_it_expires)
{
	struct command command;

	read_text(GOOD, &command);
	ck_assert(!command_expired(&command, command.expires));
	ck_assert(command_expired(&command, command.expires + 1));
}
END_TEST

START_TEST(a_result_says_what_is_known_and_no_more)
{
	struct command command;

	read_text(GOOD, &command);
	AUTO_FREE char *done = command_result(&command, &(struct outcome){ ECSP_DONE, NULL, "ok" });
	ck_assert_ptr_nonnull(strstr(done, "\"outcome\":\"done\""));
	ck_assert_ptr_nonnull(strstr(done, "\"detail\":{\"diagnosis\":\"ok\"}"));
	ck_assert_ptr_null(strstr(done, "reason"));
	AUTO_FREE char *refused =
		command_result(&command, &(struct outcome){ ECSP_REFUSED, "expired", NULL });
	ck_assert_ptr_nonnull(strstr(refused, "\"reason\":\"expired\""));
	ck_assert_ptr_null(strstr(refused, "detail"));
}
END_TEST

TEST_MAIN("agents.common.command", a_command_is_read_whole,
	  what_has_id_and_serial_but_is_no_command_is_malformed,
	  who_is_told_neither_id_nor_device_has_nothing_to_answer,
	  a_command_is_good_until_it_expires, a_result_says_what_is_known_and_no_more)
