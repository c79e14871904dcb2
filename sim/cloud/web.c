#include "sim/cloud/web.h"

#include <strings.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/wall.h"

enum { WEB_IDLE_MS = 120000, WEB_ANSWER_MAX = 1 << 20, DATE_TEXT_MAX = 32 };

struct web {
	const struct talk *talk;
	struct tls_link *link;
	struct http *http;
	bool over; /* answered for the last time */
};

struct web *web_new(const struct talk *talk, struct tls_link *link)
{
	struct web *web = alloc_zero(1, sizeof(*web));
	*web = (struct web){ .talk = talk, .link = link, .http = http_new() };
	return web;
}

void web_free(struct web *web)
{
	if (!web)
		return;
	http_free(web->http);
	free(web);
}

static json_t *text(const char *value)
{
	return json_lossy_text(value, strlen(value));
}

/* The secret stays out of the journal; who logged in stands in `user`. */
static json_t *observed_value(const struct http_header *header)
{
	if (strcmp(header->name, "authorization"))
		return text(header->value);
	AUTO_FREE char *scheme = alloc_bytes(header->value, strcspn(header->value, " "));
	AUTO_FREE char *hidden = alloc_printf("%s …", scheme);
	return text(hidden);
}

/* RFC 9110 5.3: several lines of one name read as one, with commas. */
static json_t *observed_headers(const struct http_request *request)
{
	json_t *headers = json_object();

	for (size_t i = 0; i < request->header_count; i++) {
		const struct http_header *header = &request->headers[i];
		AUTO_JSON json_t *name = text(header->name);
		const char *before = json_text_of(headers, json_string_value(name), NULL);
		AUTO_JSON json_t *value = observed_value(header);
		if (!before) {
			json_object_set(headers, json_string_value(name), value);
			continue;
		}
		AUTO_FREE char *both = alloc_printf("%s, %s", before, json_string_value(value));
		json_object_set_new(headers, json_string_value(name), json_string(both));
	}
	return headers;
}

static json_t *observed_body(const struct buf *body)
{
	if (!body->size)
		return json_null();
	json_t *value = json_read_text(buf_text(body), body->size, "body", NULL);
	return value ? value : json_lossy_text(body->data, body->size);
}

static void observe_request(const struct web *web)
{
	const struct http_request *request = http_request(web->http);
	const struct tls_peer *peer = tls_link_peer(web->link);
	char user[SERVICE_NAME_MAX];

	service_user(request, user);
	talk_seen(web->talk, web->link, "http.request",
		  json_pack("{s:o, s:s, s:o, s:o, s:I, s:o, s:o}", "sni",
			    *peer->sni ? text(peer->sni) : json_null(), "method", request->method,
			    "path", text(buf_text(&request->path)), "headers",
			    observed_headers(request), "size", (json_int_t)request->body.size,
			    "user", *user ? json_string(user) : json_null(), "body",
			    observed_body(&request->body)));
}

/* RFC 9110 5.6.7 */
static const char *http_date(int64_t ns, char date[DATE_TEXT_MAX])
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	static const char days[][4] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	struct wall_fields f = wall_fields(ns);
	int64_t day = ns / 1000000000 / 86400; /* 1970-01-01 was a Thursday */

	snprintf(date, DATE_TEXT_MAX, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[day % 7],
		 (unsigned)f.day % 100u, months[f.month - 1], (unsigned)f.year % 10000u,
		 (unsigned)f.hour % 100u, (unsigned)f.minute % 100u, (unsigned)f.second % 100u);
	return date;
}

static void send_response(struct web *web, struct http_response *response)
{
	char date[DATE_TEXT_MAX];
	struct buf out;

	json_object_set_new(response->headers, "Date", json_string(http_date(wall_now(), date)));
	if (response->close)
		json_object_set_new(response->headers, "Connection", json_string("close"));
	buf_init(&out, WEB_ANSWER_MAX);
	http_write(response, !strcmp(http_request(web->http)->method, "HEAD"), &out);
	talk_seen(
		web->talk, web->link, "http.response",
		json_pack("{s:i, s:O}", "status", response->status, "headers", response->headers));
	talk_write(web->talk, web->link, out.data, out.size);
	buf_done(&out);
	if (response->close) {
		web->over = true;
		tls_link_close(web->link);
	}
}

static bool is_status_fault(const struct fault *fault, const char *path)
{
	return fault->http.status && (!fault->http.counted || fault->http.left > 0) &&
	       !strncmp(path, fault->http.path, strlen(fault->http.path));
}

static void answer_with_fault(struct web *web, struct http_response *response)
{
	struct fault *fault = web->talk->fault;

	if (fault->http.counted)
		fault->http.left--;
	service_refuse(response, fault->http.status, "cloud.http-status");
	if (fault->http.retry_after) {
		AUTO_FREE char *seconds = alloc_printf("%lld", (long long)fault->http.retry_after);
		json_object_set_new(response->headers, "Retry-After", json_string(seconds));
	}
	json_t *done = json_pack("{s:i, s:I}", "done", response->status, "retryAfter",
				 (json_int_t)fault->http.retry_after);
	send_response(web, response);
	tls_link_witness(web->link, "cloud.http-status", done);
}

static void answer(struct web *web)
{
	const struct http_request *request = http_request(web->http);
	struct fault *fault = web->talk->fault;
	struct http_response response = { .close = !request->keep_alive };

	observe_request(web);
	if (is_status_fault(fault, buf_text(&request->path))) {
		answer_with_fault(web, &response);
		http_response_done(&response);
		return;
	}
	bool stored = service_answer(web->talk->service, tls_link_peer(web->link)->connection,
				     request, &response);
	if (stored && fault->http.close_after_store) {
		fault->http.close_after_store--;
		web->over = true;
		tls_link_witness(web->link, "cloud.close-after-store",
				 json_pack("{s:s}", "done", "reset instead of an answer"));
		tls_link_reset(web->link);
	} else {
		send_response(web, &response);
	}
	http_response_done(&response);
}

/* The bytes of the agent so far are one piece. */
static void tell_raw(struct web *web)
{
	const struct buf *raw = http_raw(web->http);
	talk_plain(web->talk, web->link, true, raw->data, raw->size);
	http_raw_clear(web->http);
}

static void answer_bad(struct web *web)
{
	struct http_response response = { .close = true };

	talk_seen(web->talk, web->link, "http.malformed",
		  json_pack("{s:i, s:s}", "status", http_status(web->http), "why",
			    http_why(web->http)));
	service_refuse(&response, http_status(web->http), http_why(web->http));
	send_response(web, &response);
	http_response_done(&response);
}

void web_data(struct web *web, const uint8_t *data, size_t size)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

	tls_link_limit(web->link, WEB_IDLE_MS);
	while (size && !web->over) {
		size_t used;
		enum http_event event = http_feed(web->http, data, size, &used);
		data += used;
		size -= used;
		switch (event) {
		case HTTP_NEEDS_MORE:
			break;
		case HTTP_WANTS_CONTINUE:
			tell_raw(web);
			talk_write(web->talk, web->link, go_on, sizeof(go_on) - 1);
			break;
		case HTTP_HAS_REQUEST:
			tell_raw(web);
			answer(web);
			http_next(web->http);
			break;
		case HTTP_IS_BAD:
			tell_raw(web);
			answer_bad(web);
			break;
		}
	}
}
