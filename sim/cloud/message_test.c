#include "sim/cloud/message.h"

#include <dirent.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/test.h"

enum { EXAMPLE_MAX = 1 << 20 };

/* "upload.full.json" is an upload. */
static enum message_kind kind_of(const char *file)
{
	size_t size = strcspn(file, ".");
	for (int i = 0; i < MESSAGE_KIND_COUNT; i++)
		if (!strncmp(file, message_names[i], size) && !message_names[i][size])
			return (enum message_kind)i;
	ck_abort_msg("%s is no kind of message", file);
}

static void judge_file(const char *folder, const char *file, bool valid)
{
	AUTO_FREE char *path = file_join(folder, file);
	struct error err = { 0 };
	size_t size;
	AUTO_FREE char *text = file_read(path, EXAMPLE_MAX, &size, &err);

	ck_assert_msg(text, "%s", err.text);
	AUTO_JSON json_t *message = message_read(kind_of(file), text, size, &err);
	if (valid)
		ck_assert_msg(message, "%s: %s", file, err.text);
	else
		ck_assert_msg(!message, "%s: accepted", file);
}

static int judge_folder(const char *folder, bool valid)
{
	DIR *dir = opendir(folder);
	int count = 0;

	ck_assert_msg(dir, "%s cannot be read", folder);
	for (struct dirent *entry; (entry = readdir(dir));)
		if (entry->d_name[0] != '.') {
			judge_file(folder, entry->d_name, valid);
			count++;
		}
	closedir(dir);
	return count;
}

START_TEST(every_valid_example_is_accepted)
{
	ck_assert_int_ge(judge_folder("ecsp/examples/valid", true), 8);
}
END_TEST

START_TEST(every_invalid_example_is_refused)
{
	ck_assert_int_ge(judge_folder("ecsp/examples/invalid", false), 30);
}
END_TEST

static void expect_sentence(enum message_kind kind, const char *text, const char *sentence)
{
	struct error err = { 0 };
	AUTO_JSON json_t *message = message_read(kind, text, strlen(text), &err);
	ck_assert_ptr_null(message);
	ck_assert_str_eq(err.text, sentence);
}

START_TEST(a_refusal_points_at_the_member_and_its_item)
{
	expect_sentence(
		MESSAGE_UPLOAD,
		"{\"agent\":{\"id\":\"a\",\"type\":\"dc\",\"version\":\"1\",\"collection\":"
		"\"event\",\"sent\":\"2026-11-22T10:15:31Z\"},\"records\":[{\"record\":\"r\","
		"\"acquired\":\"2026-11-22T10:15:31Z\",\"serial\":9}]}",
		"/records/0/serial (D03): found integer, expected text");
	expect_sentence(MESSAGE_COMMAND, "[]", "/: found a list, expected an object");
	expect_sentence(MESSAGE_REGISTRATION, "{}", "/agent: found nothing, expected this member");
	expect_sentence(MESSAGE_REGISTRATION, "{\"agent\":{\"id\":\"\"}}",
			"/agent/id (A01): found , expected text of another length");
}
END_TEST

START_TEST(length_counts_characters_not_bytes)
{
	struct error err = { 0 };
	/* 64 characters of three bytes are an id, 65 are not. */
	for (int count = 64; count <= 65; count++) {
		struct buf text;
		buf_init(&text, 4096);
		buf_add_text(&text, "{\"agent\":{\"type\":\"dc\",\"version\":\"1\",\"id\":\"");
		for (int i = 0; i < count; i++)
			buf_add_text(&text, "\xe3\x82\xa8");
		buf_add_text(&text, "\"}}");
		AUTO_JSON json_t *message =
			message_read(MESSAGE_REGISTRATION, buf_text(&text), text.size, &err);
		ck_assert_int_eq(message != NULL, count == 64);
		buf_done(&text);
	}
}
END_TEST

START_TEST(members_know_their_items)
{
	ck_assert_str_eq(message_item("serial"), "D03");
	ck_assert_str_eq(message_item("osVersion"), "A08");
	ck_assert_ptr_null(message_item("record"));
	ck_assert_ptr_null(message_item("nothing"));
}
END_TEST

TEST_MAIN("sim.cloud.message", every_valid_example_is_accepted, every_invalid_example_is_refused,
	  a_refusal_points_at_the_member_and_its_item, length_counts_characters_not_bytes,
	  members_know_their_items)
