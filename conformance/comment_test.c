#include "conformance/comment.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/test.h"
#include "conformance/capture_fixture.h"
#include "conformance/pcapng.h"

static void make(struct buf *file)
{
	fixture_init(file);
	fixture_packet(file, 0, true, "first packet here", 17);
	fixture_piece(file, "http", true, 40000, "GET /", 5);
	fixture_packet(file, 0, false, "third", 5);
}

static struct buf apply(const struct buf *file, const struct comment *comments, size_t count)
{
	struct buf out;
	struct error err = { 0 };
	buf_init(&out, FIXTURE_MAX);
	ck_assert_msg(!comment_apply(file->data, file->size, comments, count, &out, &err), "%s",
		      err.text);
	return out;
}

/* The comment on a frame as text, "" if it has none; fails if it has two. */
static const char *comment_of(const struct buf *file, uint64_t frame, char text[128])
{
	struct pcapng_reader reader = { .data = file->data, .size = file->size };
	struct pcapng_block block;
	struct pcapng_packet packet;
	struct pcapng_option option;
	uint64_t number = 0;
	text[0] = 0;
	while (pcapng_next(&reader, &block, NULL) > 0) {
		if (block.type != PCAPNG_PACKET || ++number != frame)
			continue;
		ck_assert(!pcapng_packet_read(&block, &packet, NULL));
		size_t at = packet.options;
		while (pcapng_option_next(&block, &at, &option, NULL) > 0) {
			if (option.code != PCAPNG_OPTION_COMMENT)
				continue;
			ck_assert_str_eq(text, "");
			snprintf(text, 128, "%.*s", (int)option.size, (const char *)option.data);
		}
	}
	return text;
}

START_TEST(a_comment_lands_on_its_packet_and_nothing_else_changes)
{
	struct buf file;
	struct capture before, after;
	char text[128];
	make(&file);
	struct buf out = apply(&file, &(struct comment){ 3, "COL-6: not designated" }, 1);
	ck_assert_str_eq(comment_of(&out, 1, text), "");
	ck_assert_str_eq(comment_of(&out, 2, text), "");
	ck_assert_str_eq(comment_of(&out, 3, text), "COL-6: not designated");
	ck_assert(!capture_init(&before, file.data, file.size, NULL));
	ck_assert(!capture_init(&after, out.data, out.size, NULL));
	ck_assert_uint_eq(after.packets, before.packets);
	for (size_t i = 0; i < 2; i++) {
		ck_assert_uint_eq(after.frames[i].size, before.frames[i].size);
		ck_assert_mem_eq(after.frames[i].data, before.frames[i].data,
				 before.frames[i].size);
		ck_assert_int_eq(after.frames[i].wall_ns, before.frames[i].wall_ns);
		ck_assert_int_eq(after.frames[i].from_agent, before.frames[i].from_agent);
	}
	/* Up to the third packet the file is the same, byte for byte. */
	size_t same = (size_t)(before.frames[1].data - file.data) - 28;
	ck_assert_mem_eq(out.data, file.data, same);
	capture_done(&before);
	capture_done(&after);
	buf_done(&out);
	buf_done(&file);
}
END_TEST

START_TEST(a_comment_is_replaced_and_two_for_one_frame_are_joined)
{
	struct buf file;
	char text[128];
	static const struct comment two[] = { { 1, "one" }, { 2, "other" }, { 1, "two" } };
	make(&file);
	struct buf first = apply(&file, &(struct comment){ 1, "an older finding" }, 1);
	struct buf second = apply(&first, two, COUNT_OF(two));
	ck_assert_str_eq(comment_of(&second, 1, text), "one\ntwo");
	ck_assert_str_eq(comment_of(&second, 2, text), "other");
	struct buf direct = apply(&file, two, COUNT_OF(two));
	ck_assert_uint_eq(direct.size, second.size);
	ck_assert_mem_eq(direct.data, second.data, direct.size);
	buf_done(&direct);
	buf_done(&second);
	buf_done(&first);
	buf_done(&file);
}
END_TEST

START_TEST(no_comments_give_the_same_file)
{
	struct buf file;
	make(&file);
	struct buf out = apply(&file, NULL, 0);
	ck_assert_uint_eq(out.size, file.size);
	ck_assert_mem_eq(out.data, file.data, file.size);
	buf_done(&out);
	buf_done(&file);
}
END_TEST

START_TEST(a_long_comment_is_cut_between_characters)
{
	struct buf file, text;
	struct pcapng_option option = { 0 };
	make(&file);
	buf_init(&text, 1 << 20);
	buf_add_text(&text, "x");
	for (int i = 0; i < 40000; i++)
		buf_add_text(&text, "\xc3\xa9");
	struct buf out = apply(&file, &(struct comment){ 1, buf_text(&text) }, 1);
	struct pcapng_reader reader = { .data = out.data, .size = out.size };
	struct pcapng_block block;
	struct pcapng_packet packet;
	while (pcapng_next(&reader, &block, NULL) > 0 && block.type != PCAPNG_PACKET)
		continue;
	ck_assert(!pcapng_packet_read(&block, &packet, NULL));
	size_t at = packet.options;
	ck_assert_int_eq(pcapng_option_next(&block, &at, &option, NULL), 1);
	ck_assert_uint_eq(option.size, 65535);
	ck_assert_uint_eq(option.data[65534], 0xa9);
	buf_done(&out);
	buf_done(&text);
	buf_done(&file);
}
END_TEST

START_TEST(a_frame_that_is_not_there_and_a_damaged_file_are_errors)
{
	struct buf file, out;
	struct error err = { 0 };
	make(&file);
	buf_init(&out, FIXTURE_MAX);
	ck_assert_int_eq(
		comment_apply(file.data, file.size, &(struct comment){ 4, "x" }, 1, &out, &err),
		-EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "frame 4, expected 1 to 3"));
	ck_assert_int_eq(
		comment_apply(file.data, file.size - 4, &(struct comment){ 1, "x" }, 1, &out, &err),
		-EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "beyond the end"));
	buf_done(&out);
	buf_done(&file);
}
END_TEST

START_TEST(a_file_gets_its_comments)
{
	struct buf file;
	char folder[] = "/tmp/comment-XXXXXX", text[128];
	struct error err = { 0 };
	size_t size = 0;
	ck_assert_ptr_nonnull(mkdtemp(folder));
	AUTO_FREE char *path = file_join(folder, "capture.pcapng");
	make(&file);
	ck_assert(!file_write(path, file.data, file.size, &err));
	ck_assert_msg(!comment_file(path, &(struct comment){ 2, "here" }, 1, &err), "%s", err.text);
	AUTO_FREE char *data = file_read(path, FIXTURE_MAX, &size, &err);
	struct buf written = { .data = (uint8_t *)data, .size = size };
	ck_assert_str_eq(comment_of(&written, 2, text), "here");
	unlink(path);
	rmdir(folder);
	ck_assert(comment_file(path, &(struct comment){ 2, "here" }, 1, &err) < 0);
	buf_done(&file);
}
END_TEST

TEST_MAIN("conformance.comment", a_comment_lands_on_its_packet_and_nothing_else_changes,
	  a_comment_is_replaced_and_two_for_one_frame_are_joined, no_comments_give_the_same_file,
	  a_long_comment_is_cut_between_characters,
	  a_frame_that_is_not_there_and_a_damaged_file_are_errors, a_file_gets_its_comments)
