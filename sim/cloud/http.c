#include "sim/cloud/http.h"

#include <ctype.h>
#include <llhttp.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/wall.h"

enum { BODY_KEPT = 16384 };

struct http {
	llhttp_t parser;
	struct http_request request;
	struct buf name, value, raw;
	size_t head_size;
	bool expect;          /* 100 Continue is due */
	bool in_trailer;      /* the body is over, lines come all the same */
	size_t trailer_count; /* of them */
	bool complete;
	int status;
	const char *why;
};

static int refuse(struct http *http, int status, const char *why)
{
	http->status = status;
	http->why = why;
	return -1;
}

const char *http_header(const struct http_request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (!strcmp(request->headers[i].name, name))
			return request->headers[i].value;
	return NULL;
}

void http_request_init(struct http_request *request)
{
	*request = (struct http_request){ 0 };
	buf_init(&request->path, HTTP_PATH_MAX);
	buf_init(&request->body, HTTP_BODY_MAX);
}

static void drop_headers(struct http_request *request)
{
	for (size_t i = 0; i < request->header_count; i++)
		free(request->headers[i].name);
	request->header_count = 0;
}

void http_request_done(struct http_request *request)
{
	drop_headers(request);
	buf_done(&request->path);
	buf_done(&request->body);
}

bool http_request_add(struct http_request *request, const char *name, size_t name_size,
		      const void *value, size_t value_size)
{
	if (request->header_count == HTTP_HEADERS_MAX)
		return false;
	struct http_header *header = &request->headers[request->header_count++];
	header->name = alloc_zero(1, name_size + value_size + 2);
	header->value = header->name + name_size + 1;
	for (size_t i = 0; i < name_size; i++)
		header->name[i] = (char)tolower((unsigned char)name[i]);
	if (value_size)
		memcpy(header->value, value, value_size);
	return true;
}

static int on_url(llhttp_t *parser, const char *at, size_t size)
{
	struct http *http = parser->data;
	return buf_add(&http->request.path, at, size) ? 0 : refuse(http, 414, "path too long");
}

static int add_head(struct http *http, struct buf *part, const char *at, size_t size)
{
	http->head_size += size;
	if (http->head_size > HTTP_HEAD_MAX || !buf_add(part, at, size))
		return refuse(http, 431, "headers too large");
	return 0;
}

static int on_name(llhttp_t *parser, const char *at, size_t size)
{
	struct http *http = parser->data;
	return add_head(http, &http->name, at, size);
}

static int on_value(llhttp_t *parser, const char *at, size_t size)
{
	struct http *http = parser->data;
	return add_head(http, &http->value, at, size);
}

static int on_value_complete(llhttp_t *parser)
{
	struct http *http = parser->data;
	struct http_request *request = &http->request;

	if (request->header_count + http->trailer_count == HTTP_HEADERS_MAX)
		return refuse(http, 431, "too many headers");
	/* RFC 9110 6.5.1: a trailer is not taken for a header. */
	if (http->in_trailer) {
		http->trailer_count++;
		buf_clear(&http->name);
		buf_clear(&http->value);
		return 0;
	}
	http_request_add(request, buf_text(&http->name), http->name.size, http->value.data,
			 http->value.size);
	buf_clear(&http->name);
	buf_clear(&http->value);
	return 0;
}

/* RFC 9112 5.1 and 5.2: a server refuses a space before the colon and a folded line. llhttp lets
 * both pass, so the raw lines are looked at. */
static const char *find_bad_line(const struct buf *raw)
{
	const char *line = buf_text(raw), *end = line + raw->size;

	while (line < end && (*line == '\r' || *line == '\n'))
		line++;
	for (bool first = true; line < end; first = false) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		if (!stop || stop == line || (stop == line + 1 && *line == '\r'))
			return NULL;
		const char *colon = memchr(line, ':', (size_t)(stop - line));
		if (!first && (*line == ' ' || *line == '\t'))
			return "folded header";
		if (!first && colon > line && (colon[-1] == ' ' || colon[-1] == '\t'))
			return "space before the colon of a header";
		line = stop + 1;
	}
	return NULL;
}

/* What an HTTP/1 head must be beyond its grammar. */
static int check_head(struct http *http)
{
	const struct http_request *request = &http->request;
	const char *bad = find_bad_line(&http->raw);
	const char *expect = http_header(request, "expect");
	size_t hosts = 0;

	for (size_t i = 0; i < request->header_count; i++)
		hosts += !strcmp(request->headers[i].name, "host");
	if (bad)
		return refuse(http, 400, bad);
	if (http->parser.http_major != 1)
		return refuse(http, 505, "not HTTP/1");
	if (hosts > 1 || (http->parser.http_minor == 1 && !hosts))
		return refuse(http, 400,
			      hosts ? "more than one Host" : "no Host"); /* RFC 9112 3.2 */
	if (http->parser.content_length > HTTP_BODY_MAX)
		return refuse(http, 413, "body too large");
	if (expect && strcasecmp(expect, "100-continue") != 0)
		return refuse(http, 417, "expected 100-continue alone"); /* RFC 9110 10.1.1 */
	http->expect = expect && request->has_body;
	return 0;
}

static int on_headers_complete(llhttp_t *parser)
{
	struct http *http = parser->data;
	struct http_request *request = &http->request;

	snprintf(request->method, sizeof(request->method), "%s",
		 llhttp_method_name((llhttp_method_t)parser->method));
	request->keep_alive = llhttp_should_keep_alive(parser);
	request->has_body =
		http_header(request, "content-length") || http_header(request, "transfer-encoding");
	parser->upgrade = 0; /* RFC 9110 7.8: a server may ignore the wish */
	http->in_trailer = true;
	return check_head(http);
}

static int on_body(llhttp_t *parser, const char *at, size_t size)
{
	struct http *http = parser->data;
	http->expect = false; /* RFC 9110 10.1.1: no 100 once the body is coming */
	return buf_add(&http->request.body, at, size) ? 0 : refuse(http, 413, "body too large");
}

static int on_message_complete(llhttp_t *parser)
{
	struct http *http = parser->data;
	http->complete = true;
	return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
	.on_url = on_url,
	.on_header_field = on_name,
	.on_header_value = on_value,
	.on_header_value_complete = on_value_complete,
	.on_headers_complete = on_headers_complete,
	.on_body = on_body,
	.on_message_complete = on_message_complete,
};

struct http *http_new(void)
{
	struct http *http = alloc_zero(1, sizeof(*http));

	llhttp_init(&http->parser, HTTP_REQUEST, &settings);
	http->parser.data = http;
	http_request_init(&http->request);
	buf_init(&http->name, HTTP_HEAD_MAX);
	buf_init(&http->value, HTTP_HEAD_MAX);
	buf_init(&http->raw, HTTP_RAW_MAX);
	return http;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	http_request_done(&http->request);
	buf_done(&http->name);
	buf_done(&http->value);
	buf_done(&http->raw);
	free(http);
}

static enum http_event bad(struct http *http)
{
	if (!http->status)
		refuse(http, 400, llhttp_get_error_reason(&http->parser));
	if (!http->why || !*http->why)
		http->why = "malformed";
	return HTTP_IS_BAD;
}

enum http_event http_feed(struct http *http, const void *data, size_t size, size_t *used)
{
	size_t before = http->raw.size;

	*used = size;
	if (!buf_add(&http->raw, data, size)) {
		refuse(http, 413, "request too large");
		return HTTP_IS_BAD;
	}
	enum llhttp_errno status = llhttp_execute(&http->parser, data, size);
	if (status == HPE_OK) {
		bool expect = http->expect;
		http->expect = false;
		return expect ? HTTP_WANTS_CONTINUE : HTTP_NEEDS_MORE;
	}
	if (!http->complete)
		return bad(http);
	*used = (size_t)(llhttp_get_error_pos(&http->parser) - (const char *)data);
	http->raw.size = before + *used;
	return HTTP_HAS_REQUEST;
}

/* Connections that wait shall not hold what was once sent to them. */
static void clear_body(struct buf *body)
{
	if (body->capacity > BODY_KEPT) {
		buf_done(body);
		buf_init(body, HTTP_BODY_MAX);
	}
	buf_clear(body);
}

void http_next(struct http *http)
{
	drop_headers(&http->request);
	buf_clear(&http->request.path);
	clear_body(&http->request.body);
	buf_clear(&http->name);
	buf_clear(&http->value);
	http->head_size = 0;
	http->complete = http->in_trailer = false;
	http->trailer_count = 0;
	llhttp_resume(&http->parser);
}

const struct http_request *http_request(const struct http *http)
{
	return &http->request;
}

int http_status(const struct http *http)
{
	return http->status;
}

const char *http_why(const struct http *http)
{
	return http->why;
}

const struct buf *http_raw(const struct http *http)
{
	return &http->raw;
}

void http_raw_clear(struct http *http)
{
	buf_clear(&http->raw);
}

void http_response_done(struct http_response *response)
{
	json_decref(response->headers);
	free(response->body);
	*response = (struct http_response){ 0 };
}

static const char *phrase_of(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} rows[] = {
		{ 100, "Continue" },
		{ 102, "Processing" },
		{ 103, "Early Hints" },
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 205, "Reset Content" },
		{ 206, "Partial Content" },
		{ 301, "Moved Permanently" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 411, "Length Required" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 421, "Misdirected Request" },
		{ 417, "Expectation Failed" },
		{ 422, "Unprocessable Content" },
		{ 425, "Too Early" },
		{ 426, "Upgrade Required" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].status == status)
			return rows[i].phrase;
	return ""; /* RFC 9112 4: may be empty */
}

const char *http_date(int64_t ns, char date[HTTP_DATE_MAX])
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	static const char days[][4] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	struct wall_fields f = wall_fields(ns);
	int64_t day = ns / 1000000000 / 86400; /* 1970-01-01 was a Thursday */

	snprintf(date, HTTP_DATE_MAX, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[day % 7],
		 (unsigned)f.day % 100u, months[f.month - 1], (unsigned)f.year % 10000u,
		 (unsigned)f.hour % 100u, (unsigned)f.minute % 100u, (unsigned)f.second % 100u);
	return date;
}

void http_write_status(int status, struct buf *out)
{
	buf_printf(out, "HTTP/1.1 %d %s\r\n", status, phrase_of(status));
}

void http_write_headers(const json_t *headers, const char *without, struct buf *out)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)headers, name, value)
		if (!without || strcmp(name, without) != 0)
			buf_printf(out, "%s: %s\r\n", name, json_string_value(value));
}

void http_write(const struct http_response *response, bool without_body, struct buf *out)
{
	/* RFC 9110 8.6 and 15: these have neither body nor length. */
	bool bare = response->status < 200 || response->status == 204 || response->status == 304;

	http_write_status(response->status, out);
	http_write_headers(response->headers, NULL, out);
	if (!bare)
		buf_printf(out, "Content-Length: %zu\r\n", response->body_size);
	buf_add_text(out, "\r\n");
	if (!bare && !without_body)
		buf_add(out, response->body, response->body_size);
}
