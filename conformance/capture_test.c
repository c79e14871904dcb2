#include "conformance/capture.h"

#include <errno.h>
#include <stdio.h>

#include "base/test.h"
#include "conformance/capture_fixture.h"

static void reads(const struct buf *file, struct capture *capture)
{
	struct error err = { 0 };
	ck_assert_msg(!capture_init(capture, file->data, file->size, &err), "%s", err.text);
}

static void refuses(const struct buf *file, size_t size, const char *words)
{
	struct capture capture;
	struct error err = { 0 };
	ck_assert_int_eq(capture_init(&capture, file->data, size, &err), -EINVAL);
	ck_assert_msg(strstr(err.text, words) != NULL, "found \"%s\", expected \"%s\"", err.text,
		      words);
	ck_assert_ptr_null(capture.frames);
}

START_TEST(numbers_count_the_packets_of_all_interfaces)
{
	struct buf file;
	struct capture capture;
	fixture_init(&file);
	fixture_packet(&file, 0, true, "abcdefghijklmnop", 15);
	fixture_piece(&file, "http", true, 40000, "GET / HTTP/1.1\r\n", 16);
	fixture_packet(&file, 0, false, "qrs", 3);
	fixture_piece(&file, "mqtt", false, 40001, "\x20\x02", 2);
	reads(&file, &capture);
	ck_assert_uint_eq(capture.packets, 4);
	ck_assert_uint_eq(capture.frame_count, 2);
	ck_assert_uint_eq(capture.piece_count, 2);
	ck_assert_uint_eq(capture.frames[0].number, 1);
	ck_assert(capture.frames[0].from_agent);
	ck_assert_uint_eq(capture.frames[0].size, 15);
	ck_assert_uint_eq(capture.frames[1].number, 3);
	ck_assert(!capture.frames[1].from_agent);
	ck_assert_int_gt(capture.frames[1].wall_ns, capture.frames[0].wall_ns);
	const struct capture_piece *piece = capture.pieces;
	ck_assert_uint_eq(piece->number, 2);
	ck_assert_str_eq(piece->protocol, "http");
	ck_assert_uint_eq(piece->source, FIXTURE_AGENT);
	ck_assert_uint_eq(piece->source_port, 40000);
	ck_assert_uint_eq(piece->destination, FIXTURE_CLOUD);
	ck_assert_uint_eq(piece->destination_port, 443);
	ck_assert_mem_eq(piece->data, "GET / HTTP/1.1\r\n", 16);
	ck_assert_str_eq(capture.pieces[1].protocol, "mqtt");
	ck_assert(!capture.pieces[1].from_agent);
	capture_done(&capture);
	buf_done(&file);
}
END_TEST

START_TEST(counters_and_secrets_are_read)
{
	struct buf file;
	struct capture capture;
	fixture_init(&file);
	size_t begin = fixture_block(&file, 10);
	buf_add_le32(&file, 0x544c534b);
	buf_add_le32(&file, 4);
	buf_add(&file, "x y\n", 4);
	fixture_end(&file, begin);
	begin = fixture_block(&file, 5);
	buf_add_zero(&file, 12);
	buf_add(&file, "\x04\x00\x08\x00\x2a\0\0\0\0\0\0\0\x05\x00\x08\x00\x03\0\0\0\0\0\0\0", 24);
	fixture_end(&file, begin);
	reads(&file, &capture);
	ck_assert(capture.has_secrets);
	ck_assert(capture.has_counters);
	ck_assert_uint_eq(capture.received, 42);
	ck_assert_uint_eq(capture.dropped, 3);
	capture_done(&capture);
	buf_done(&file);
}
END_TEST

START_TEST(a_file_cut_anywhere_is_refused_or_ends_between_blocks)
{
	struct buf file;
	fixture_init(&file);
	fixture_packet(&file, 0, true, "abcdefghijklmnop", 15);
	size_t before = file.size;
	fixture_packet(&file, 0, true, "abcdefghijklmnop", 15);
	for (size_t size = before + 1; size < file.size; size++) {
		char words[64];
		snprintf(words, sizeof(words), "block at byte %zu", before);
		refuses(&file, size, words);
	}
	refuses(&file, 0, "the file ends inside a block header");
	buf_done(&file);
}
END_TEST

struct damage {
	size_t at;
	uint8_t value;
	const char *words;
};

/* Offsets: section header 0..27, interfaces from 28 and 60, the packet from 92. */
static const struct damage damages[] = {
	{ 0, 0x0b, "no section header" },
	{ 8, 0x4e, "no byte-order magic" },
	{ 12, 2, "another major version" },
	{ 4, 29, "no multiple of 4" },
	{ 24, 32, "two length fields differ" },
	{ 28, 3, "found type 0x00000003" },
	{ 36, 101, "link type is neither" },
	{ 44, 14, "have an offset" },
	{ 48, 12, "time resolution" },
	{ 100, 7, "an interface that is not described" },
	{ 112, 200, "reaches beyond its block" },
	{ 116, 99, "only a part of the packet" },
	{ 107, 0x90, "time is out of range" },
	{ 140, 0, "neither inbound nor outbound" },
	{ 138, 200, "an option reaches beyond" },
};

START_TEST(damage_is_refused_with_what_and_where)
{
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct buf file;
		fixture_init(&file);
		fixture_packet(&file, 0, true, "abcdefghijklmnop", 15);
		file.data[damages[i].at] = damages[i].value;
		refuses(&file, file.size, damages[i].words);
		buf_done(&file);
	}
}
END_TEST

START_TEST(the_other_byte_order_is_refused_by_name)
{
	static const uint8_t big[] = { 0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0,    28,   0x1a, 0x2b,
				       0x3c, 0x4d, 0,    1,    0, 0, 0xff, 0xff, 0xff, 0xff,
				       0xff, 0xff, 0xff, 0xff, 0, 0, 0,    28 };
	struct buf file = { .data = (uint8_t *)big, .size = sizeof(big) };
	refuses(&file, file.size, "big-endian");
}
END_TEST

START_TEST(plaintext_without_a_protocol_or_end_is_refused)
{
	struct buf file;
	fixture_init(&file);
	fixture_packet(&file, 1, true, "\x00\x0c\x00\x04http", 8);
	refuses(&file, file.size, "tags of a plaintext are cut");
	buf_done(&file);
	fixture_init(&file);
	fixture_packet(&file, 1, true, "\x00\x00\x00\x00http", 8);
	refuses(&file, file.size, "does not name its protocol");
	buf_done(&file);
}
END_TEST

TEST_MAIN("conformance.capture", numbers_count_the_packets_of_all_interfaces,
	  counters_and_secrets_are_read, a_file_cut_anywhere_is_refused_or_ends_between_blocks,
	  damage_is_refused_with_what_and_where, the_other_byte_order_is_refused_by_name,
	  plaintext_without_a_protocol_or_end_is_refused)
