#include "conformance/flow.h"

#include "base/test.h"
#include "conformance/capture_fixture.h"

static const struct fixture_ends up = { true, FIXTURE_CLOUD, 40000, 443 };
static const struct fixture_ends down = { false, FIXTURE_CLOUD, 40000, 443 };

struct scene {
	struct buf file;
	struct capture capture;
	struct flow_table *table;
};

static void play(struct scene *scene)
{
	struct error err = { 0 };
	ck_assert_msg(!capture_init(&scene->capture, scene->file.data, scene->file.size, &err),
		      "%s", err.text);
	scene->table = flow_table_new(&scene->capture);
}

static void end(struct scene *scene)
{
	flow_table_free(scene->table);
	capture_done(&scene->capture);
	buf_done(&scene->file);
}

static void says(const struct flow_stream *stream, const char *text)
{
	ck_assert_uint_eq(stream->size, strlen(text));
	ck_assert_mem_eq(stream->data, text, stream->size);
}

START_TEST(segments_out_of_order_are_put_in_order_and_keep_their_frames)
{
	struct scene s;
	fixture_init(&s.file);
	fixture_tcp(&s.file, &up, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(&s.file, &down, FIXTURE_SYN | FIXTURE_ACK, 4999, "", 0);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1006, "world", 5);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1000, "hello ", 6);
	fixture_tcp(&s.file, &down, FIXTURE_ACK, 5000, "yes", 3);
	play(&s);
	ck_assert_uint_eq(s.table->count, 1);
	const struct flow *flow = s.table->flows;
	says(&flow->up, "hello world");
	says(&flow->down, "yes");
	ck_assert_uint_eq(flow_frame_at(&flow->up, 0), 4);
	ck_assert_uint_eq(flow_frame_at(&flow->up, 5), 4);
	ck_assert_uint_eq(flow_frame_at(&flow->up, 6), 3);
	ck_assert_uint_eq(flow_frame_at(&flow->up, 11), 0);
	ck_assert_uint_eq(flow->opened, 1);
	ck_assert_uint_eq(flow->peer_accepted, 2);
	ck_assert_uint_eq(flow->accepted, 0);
	ck_assert_uint_eq(flow->up.whole, 11);
	end(&s);
}
END_TEST

START_TEST(retransmits_and_overlaps_count_once)
{
	struct scene s;
	fixture_init(&s.file);
	fixture_tcp(&s.file, &up, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(&s.file, &up, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1000, "hello", 5);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1000, "hello", 5);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1003, "lo there", 8);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1010, "\0", 1); /* keep-alive probe */
	play(&s);
	ck_assert_uint_eq(s.table->count, 1);
	says(&s.table->flows->up, "hello there");
	ck_assert_uint_eq(s.table->flows->up.conflict_frame, 0);
	ck_assert_uint_eq(flow_frame_at(&s.table->flows->up, 5), 5);
	end(&s);
}
END_TEST

START_TEST(a_retransmit_with_other_bytes_is_a_conflict)
{
	struct scene s;
	fixture_init(&s.file);
	fixture_tcp(&s.file, &up, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1000, "hello", 5);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1000, "HELLO", 5);
	play(&s);
	says(&s.table->flows->up, "hello");
	ck_assert_uint_eq(s.table->flows->up.conflict_frame, 3);
	end(&s);
}
END_TEST

START_TEST(numbers_wrap)
{
	struct scene s;
	fixture_init(&s.file);
	fixture_tcp(&s.file, &up, FIXTURE_SYN, 0xfffffffd, "", 0);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 2, "cd", 2);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 0xfffffffe, "..ab", 4);
	play(&s);
	says(&s.table->flows->up, "..abcd");
	end(&s);
}
END_TEST

START_TEST(a_gap_is_counted_and_ends_the_whole_part)
{
	struct scene s;
	fixture_init(&s.file);
	fixture_tcp(&s.file, &up, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1000, "ab", 2);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1005, "ef", 2);
	play(&s);
	const struct flow_stream *stream = &s.table->flows->up;
	says(stream, "abef");
	ck_assert_uint_eq(stream->whole, 2);
	ck_assert_uint_eq(stream->missing, 3);
	end(&s);
}
END_TEST

START_TEST(the_same_ports_used_again_are_another_flow)
{
	struct scene s;
	fixture_init(&s.file);
	fixture_tcp(&s.file, &up, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 1000, "one", 3);
	fixture_tcp(&s.file, &up, FIXTURE_SYN, 70000, "", 0);
	fixture_tcp(&s.file, &up, FIXTURE_ACK, 70001, "two", 3);
	play(&s);
	ck_assert_uint_eq(s.table->count, 2);
	says(&s.table->flows[0].up, "one");
	says(&s.table->flows[1].up, "two");
	end(&s);
}
END_TEST

START_TEST(resets_alone_are_no_doing_of_the_agent)
{
	struct scene s;
	fixture_init(&s.file);
	fixture_tcp(&s.file, &down, FIXTURE_SYN, 4999, "", 0);
	fixture_tcp(&s.file, &up, FIXTURE_RST | FIXTURE_ACK, 0, "", 0);
	play(&s);
	ck_assert_uint_eq(s.table->count, 1);
	ck_assert_uint_eq(s.table->flows->asked, 1);
	ck_assert_uint_eq(s.table->flows->agent_frame, 0);
	end(&s);
}
END_TEST

START_TEST(datagrams_keep_their_borders_also_empty_ones)
{
	struct scene s;
	struct fixture_ends ask = { true, FIXTURE_PRINTER, 50000, 161 };
	fixture_init(&s.file);
	fixture_udp(&s.file, &ask, "abc", 3);
	fixture_udp(&s.file, &ask, "", 0);
	fixture_udp(&s.file, &ask, "de", 2);
	play(&s);
	const struct flow_stream *stream = &s.table->flows->up;
	says(stream, "abcde");
	ck_assert_uint_eq(stream->range_count, 3);
	ck_assert_uint_eq(stream->ranges[1].size, 0);
	ck_assert_uint_eq(stream->ranges[2].frame, 3);
	ck_assert_uint_eq(flow_frame_at(stream, 3), 3);
	end(&s);
}
END_TEST

/* One half of a UDP datagram to 10.16.0.10:161 with 8 + 16 bytes. */
static void add_fragment(struct buf *file, bool second)
{
	struct buf frame;
	struct fixture_ends ends = { true, FIXTURE_PRINTER, 50000, 161 };
	fixture_ipv4(&frame, &ends, 17, second ? 8 : 16);
	put_be16(frame.data + 20, second ? 2 : 0x2000);
	if (!second) {
		fixture_ports(&frame, &ends);
		buf_add_be32(&frame, 24u << 16);
	}
	buf_add(&frame, second ? "ABCDEFGH" : "01234567", 8);
	fixture_packet(file, 0, true, frame.data, frame.size);
	buf_done(&frame);
}

START_TEST(a_datagram_in_parts_is_made_whole)
{
	struct scene s;
	fixture_init(&s.file);
	add_fragment(&s.file, true);
	add_fragment(&s.file, false);
	play(&s);
	ck_assert_uint_eq(s.table->count, 1);
	says(&s.table->flows->up, "01234567ABCDEFGH");
	ck_assert_uint_eq(s.table->flows->first_frame, 1);
	ck_assert_uint_eq(s.table->broken_frame, 0);
	end(&s);
}
END_TEST

START_TEST(a_part_without_the_rest_is_told)
{
	struct scene s;
	fixture_init(&s.file);
	add_fragment(&s.file, true);
	play(&s);
	ck_assert_uint_eq(s.table->count, 0);
	ck_assert_uint_eq(s.table->broken_frame, 1);
	end(&s);
}
END_TEST

START_TEST(a_part_that_no_datagram_can_have_is_told)
{
	struct scene s;
	struct buf frame;
	fixture_init(&s.file);
	struct fixture_ends ends = { true, FIXTURE_PRINTER, 50000, 161 };
	fixture_ipv4(&frame, &ends, 17, 9); /* more follow, yet no multiple of eight bytes */
	put_be16(frame.data + 20, 0x2000);
	buf_add_zero(&frame, 9);
	fixture_packet(&s.file, 0, true, frame.data, frame.size);
	buf_done(&frame);
	play(&s);
	ck_assert_uint_eq(s.table->broken_frame, 1);
	end(&s);
}
END_TEST

TEST_MAIN("conformance.flow", segments_out_of_order_are_put_in_order_and_keep_their_frames,
	  retransmits_and_overlaps_count_once, a_retransmit_with_other_bytes_is_a_conflict,
	  numbers_wrap, a_gap_is_counted_and_ends_the_whole_part,
	  the_same_ports_used_again_are_another_flow, resets_alone_are_no_doing_of_the_agent,
	  datagrams_keep_their_borders_also_empty_ones, a_datagram_in_parts_is_made_whole,
	  a_part_without_the_rest_is_told, a_part_that_no_datagram_can_have_is_told)
