#include "sim/cloud/http.h"

#include "base/cleanup.h"
#include "base/test.h"

/* Feeds all at once; returns the first event that is not "more". */
static enum http_event feed(struct http *http, const char *text, size_t *used)
{
	return http_feed(http, text, strlen(text), used);
}

START_TEST(a_request_gives_its_parts)
{
	struct http *http = http_new();
	const char *text =
		"POST /v1/x?y=1 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nContent-Length: 3\r\n\r\n"
		"abcGET";
	size_t used;

	ck_assert_int_eq(feed(http, text, &used), HTTP_HAS_REQUEST);
	const struct http_request *request = http_request(http);
	ck_assert_uint_eq(used, strlen(text) - 3);
	ck_assert_uint_eq(http_raw(http)->size, used);
	ck_assert_str_eq(request->method, "POST");
	ck_assert_str_eq(buf_text(&request->path), "/v1/x?y=1");
	ck_assert_str_eq(http_header(request, "x-a"), "1");
	ck_assert_str_eq(buf_text(&request->body), "abc");
	ck_assert(request->keep_alive && request->has_body);
	http_free(http);
}
END_TEST

START_TEST(pieces_of_one_byte_read_the_same)
{
	struct http *http = http_new();
	const char *text = "PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
			   "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
	enum http_event event = HTTP_NEEDS_MORE;
	size_t used;

	for (; *text; text++) {
		ck_assert_int_eq(event, HTTP_NEEDS_MORE);
		event = http_feed(http, text, 1, &used);
	}
	ck_assert_int_eq(event, HTTP_HAS_REQUEST);
	ck_assert_str_eq(buf_text(&http_request(http)->body), "abc");
	http_free(http);
}
END_TEST

START_TEST(pipelined_requests_are_told_apart)
{
	struct http *http = http_new();
	const char *text = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n"
			   "Connection: close\r\n\r\n";
	size_t used;

	ck_assert_int_eq(feed(http, text, &used), HTTP_HAS_REQUEST);
	ck_assert_str_eq(buf_text(&http_request(http)->path), "/1");
	ck_assert(http_request(http)->keep_alive);
	http_next(http);
	http_raw_clear(http);
	text += used;
	ck_assert_int_eq(feed(http, text, &used), HTTP_HAS_REQUEST);
	ck_assert_str_eq(buf_text(&http_request(http)->path), "/2");
	ck_assert(!http_request(http)->keep_alive);
	http_free(http);
}
END_TEST

START_TEST(a_client_that_waits_for_100_is_told_once)
{
	struct http *http = http_new();
	size_t used;

	ck_assert_int_eq(feed(http,
			      "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
			      "Content-Length: 2\r\n\r\n",
			      &used),
			 HTTP_WANTS_CONTINUE);
	ck_assert_int_eq(feed(http, "a", &used), HTTP_NEEDS_MORE);
	ck_assert_int_eq(feed(http, "b", &used), HTTP_HAS_REQUEST);
	http_free(http);
}
END_TEST

struct row {
	const char *text;
	int status;
};

static const struct row bad[] = {
	{ "GET / HTTP/1.1\r\n\r\n", 400 }, /* no Host */
	{ "GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\n 2\r\n\r\n", 400 }, /* folded */
	{ "GET / HTTP/1.1\nHost: h\n\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400 },
	{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
	  400 },
	{ "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400 },
	{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n", 413 },
	{ "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505 },
	{ "\x16\x03\x01\x02", 400 },
	{ "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400 },
};

START_TEST(malformed_requests_are_refused_row_by_row)
{
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct http *http = http_new();
		size_t used;
		ck_assert_msg(feed(http, bad[i].text, &used) == HTTP_IS_BAD, "row %zu", i);
		ck_assert_msg(http_status(http) == bad[i].status, "row %zu: %d, %s", i,
			      http_status(http), http_why(http));
		ck_assert_ptr_nonnull(http_why(http));
		http_free(http);
	}
}
END_TEST

static int status_of(const struct buf *text)
{
	struct http *http = http_new();
	size_t used;
	enum http_event event = http_feed(http, text->data, text->size, &used);
	int status = event == HTTP_IS_BAD ? http_status(http) : 0;
	http_free(http);
	return status;
}

START_TEST(every_part_of_a_request_has_a_bound)
{
	struct buf text;

	buf_init(&text, 1 << 20);
	buf_add_text(&text, "GET /");
	for (int i = 0; i < HTTP_PATH_MAX; i++)
		buf_add_u8(&text, 'a');
	ck_assert_int_eq(status_of(&text), 414);
	buf_clear(&text);
	buf_add_text(&text, "GET / HTTP/1.1\r\nHost: h\r\n");
	for (int i = 0; i < HTTP_HEADERS_MAX; i++)
		buf_printf(&text, "a%d: b\r\n", i);
	buf_add_text(&text, "\r\n");
	ck_assert_int_eq(status_of(&text), 431);
	buf_clear(&text);
	buf_add_text(&text, "GET / HTTP/1.1\r\nHost: ");
	for (int i = 0; i < HTTP_HEAD_MAX; i++)
		buf_add_u8(&text, 'a');
	ck_assert_int_eq(status_of(&text), 431);
	buf_done(&text);
}
END_TEST

START_TEST(a_response_is_written_with_its_length)
{
	struct http_response response = {
		.status = 201,
		.headers = json_pack("{s:s}", "Content-Type", "text/plain"),
		.body = alloc_text("hi"),
		.body_size = 2,
	};
	struct buf out;

	buf_init(&out, 4096);
	http_write(&response, false, &out);
	ck_assert_str_eq(buf_text(&out), "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\n"
					 "Content-Length: 2\r\n\r\nhi");
	buf_clear(&out);
	http_write(&response, true, &out);
	ck_assert_str_eq(buf_text(&out), "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\n"
					 "Content-Length: 2\r\n\r\n");
	http_response_done(&response);
	buf_done(&out);
}
END_TEST

TEST_MAIN("sim.cloud.http", a_request_gives_its_parts, pieces_of_one_byte_read_the_same,
	  pipelined_requests_are_told_apart, a_client_that_waits_for_100_is_told_once,
	  malformed_requests_are_refused_row_by_row, every_part_of_a_request_has_a_bound,
	  a_response_is_written_with_its_length)
