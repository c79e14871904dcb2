#include "sim/cloud/mangle.h"

#include <string.h>

#include "base/test.h"

static struct http_response response;
static struct mangled mangled;

static void setup(void)
{
	response = (struct http_response){
		.status = 201,
		.headers = json_pack("{s:s, s:s}", "Content-Type", "application/json", "X-A", "1"),
		.body = alloc_text("{\"a\":1}"),
		.body_size = 7,
	};
	mangled_init(&mangled);
}

static void teardown(void)
{
	http_response_done(&response);
	mangled_done(&mangled);
}

static void expect(const struct mangle *mangle, size_t size, const char *text)
{
	setup();
	mangle_write(mangle, &response, size, &mangled);
	ck_assert_str_eq(buf_text(&mangled.bytes), text);
	ck_assert_uint_eq(mangled.at_once, strlen(text));
	ck_assert_int_eq(mangled.after, mangle->after);
	teardown();
}

START_TEST(each_mark_stands_for_its_part)
{
	expect(&(struct mangle){ "$S$H$CL: $L\r\n\r\n$B" }, 0,
	       "HTTP/1.1 201 Created\r\nX-A: 1\r\nContent-Type: application/json\r\nL: 7\r\n\r\n"
	       "{\"a\":1}");
	expect(&(struct mangle){ "$X|$b|$x|$F|", .after = AFTER_RESET }, 11,
	       "7|{\"a|b|           |");
	expect(&(struct mangle){ "$M$I!", .before = "one\r\n" }, 2,
	       "X-Filler-0: 1\r\nX-Filler-1: 1\r\none\r\none\r\n!");
	expect(&(struct mangle){ "$L $B", .body = "ab", .repeat = 3 }, 0, "6 ababab");
}
END_TEST

START_TEST(lines_of_the_head_can_end_bare_and_the_body_stays)
{
	expect(&(struct mangle){ "a\r\nb\r\n\r\nc\r\n", .bare_lf = true }, 0, "a\nb\n\nc\r\n");
}
END_TEST

START_TEST(a_zero_is_written)
{
	setup();
	mangle_write(&(struct mangle){ "a$Nb" }, &response, 0, &mangled);
	ck_assert_uint_eq(mangled.bytes.size, 3);
	ck_assert_mem_eq(mangled.bytes.data, "a\0b", 3);
	teardown();
}
END_TEST

START_TEST(a_body_can_be_packed)
{
	setup();
	mangle_write(&(struct mangle){ "$B", .coding = CODING_GZIP }, &response, 0, &mangled);
	ck_assert_uint_gt(mangled.bytes.size, 18);
	ck_assert_mem_eq(mangled.bytes.data, "\x1f\x8b\x08", 3);
	teardown();
}
END_TEST

TEST_MAIN("sim.cloud.mangle", each_mark_stands_for_its_part,
	  lines_of_the_head_can_end_bare_and_the_body_stays, a_zero_is_written,
	  a_body_can_be_packed)
