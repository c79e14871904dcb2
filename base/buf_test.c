#include "base/buf.h"

#include <string.h>

#include "base/test.h"

START_TEST(growing_stops_at_the_ceiling_and_keeps_what_was_there)
{
	struct buf buf;
	buf_init(&buf, 8);
	ck_assert(buf_add_text(&buf, "12345678"));
	ck_assert(!buf_add_u8(&buf, '9'));
	ck_assert(buf.failed);
	ck_assert_str_eq(buf_text(&buf), "12345678");
	buf_done(&buf);
}
END_TEST

START_TEST(numbers_are_written_in_the_order_of_their_name)
{
	struct buf buf;
	buf_init(&buf, 64);
	buf_add_be16(&buf, 0x0102);
	buf_add_le32(&buf, 0x03040506);
	ck_assert_mem_eq(buf.data, "\x01\x02\x06\x05\x04\x03", 6);
	ck_assert_uint_eq(get_le32(buf.data + 2), 0x03040506);
	buf_done(&buf);
}
END_TEST

START_TEST(dropping_keeps_the_tail)
{
	struct buf buf;
	buf_init(&buf, 64);
	buf_printf(&buf, "%s-%d", "abc", 7);
	buf_drop(&buf, 4);
	ck_assert_str_eq(buf_text(&buf), "7");
	buf_drop(&buf, 99);
	ck_assert_uint_eq(buf.size, 0);
	buf_done(&buf);
}
END_TEST

TEST_MAIN("base.buf", growing_stops_at_the_ceiling_and_keeps_what_was_there,
	  numbers_are_written_in_the_order_of_their_name, dropping_keeps_the_tail)
