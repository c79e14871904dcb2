#include "sim/cloud/web.h"

#include "base/cleanup.h"
#include "sim/cloud/drip.h"
#include "sim/cloud/fault_http.h"
#include "sim/cloud/reply.h"

enum { WEB_IDLE_MS = 120000 };

struct web {
	const struct talk *talk;
	struct tls_link *link;
	struct http *http;
	struct drip drip;
	struct buf waiting;     /* came while an answer was being sent */
	struct timer *late;     /* a request takes too long to come */
	uint64_t requests;      /* complete ones */
	uint64_t request_bytes; /* of the one that is coming; 0: none */
};

static void take(struct web *web, const uint8_t *data, size_t size);

static struct http_point point_of(const struct web *web, enum http_moment moment)
{
	return (struct http_point){
		.moment = moment,
		.path = buf_text(&http_request(web->http)->path),
		.bytes = web->request_bytes,
		.reused = web->requests > 0,
	};
}

static const struct http_fault *due(const struct web *web, enum http_moment moment)
{
	struct http_point point = point_of(web, moment);
	return fault_http_due(web->talk->fault, &point);
}

static void send_response(struct web *web, struct http_response *response)
{
	bool head = !strcmp(http_request(web->http)->method, "HEAD");
	struct mangled mangled;

	reply_add_headers(response);
	if (response->close)
		json_object_set_new(response->headers, "Connection", json_string("close"));
	mangled_init(&mangled);
	http_write(response, head, &mangled.bytes);
	mangled.at_once = mangled.bytes.size;
	mangled.after = response->close ? AFTER_CLOSE : AFTER_KEEP;
	reply_observe(web->talk, web->link, response);
	drip_begin(&web->drip, &mangled, NULL, NULL);
}

static void send_with_fault(struct web *web, const struct http_fault *row,
			    struct http_response *response)
{
	struct mangled mangled;

	reply_add_headers(response);
	mangled_init(&mangled);
	fault_http_write(web->talk->fault, row, response, &mangled);
	if (response->close && mangled.after == AFTER_KEEP)
		mangled.after = AFTER_CLOSE;
	if (fault_http_is_answer(row))
		reply_observe(web->talk, web->link, response);
	drip_begin(&web->drip, &mangled, fault_http_name(row), fault_http_done(row, response));
}

/* The fault that falls on this answer, if any; the service is asked unless something else answers
 * in its place. */
static const struct http_fault *respond(struct web *web, struct http_response *response)
{
	const struct http_request *request = http_request(web->http);
	const struct http_fault *row = due(web, MOMENT_INSTEAD);

	if (row) {
		fault_http_answer(web->talk->fault, row, request, response);
		return row;
	}
	bool stored = service_answer(web->talk->service, tls_link_peer(web->link)->connection,
				     request, response);
	row = stored ? due(web, MOMENT_STORED) : NULL;
	return row ? row : due(web, MOMENT_ANSWER);
}

static void answer(struct web *web)
{
	struct http_response response = { .close = !http_request(web->http)->keep_alive };

	timer_stop(web->late);
	reply_observe_request(web->talk, web->link, http_request(web->http));
	const struct http_fault *row = respond(web, &response);
	web->requests++;
	web->request_bytes = 0;
	if (row)
		send_with_fault(web, row, &response);
	else
		send_response(web, &response);
	http_response_done(&response);
}

/* The bytes of the agent so far are one piece. */
static void tell_raw(struct web *web)
{
	const struct buf *raw = http_raw(web->http);
	talk_plain(web->talk, web->link, true, raw->data, raw->size);
	http_raw_clear(web->http);
}

static void answer_bad(struct web *web, int status, const char *why)
{
	struct http_response response = { .close = true };

	timer_stop(web->late);
	talk_seen(web->talk, web->link, "http.malformed",
		  json_pack("{s:i, s:s}", "status", status, "why", why));
	service_refuse(&response, status, why);
	send_response(web, &response);
	http_response_done(&response);
}

static void too_late(void *arg)
{
	struct web *web = arg;

	tell_raw(web);
	answer_bad(web, 408, "the request did not come in time"); /* RFC 9110 15.5.9 */
}

/* A fault that strikes while the request is coming. Returns true if it did. */
static bool is_struck(struct web *web)
{
	const struct http_fault *row = due(web, MOMENT_COMING);
	struct mangled mangled;

	if (!row)
		return false;
	tell_raw(web);
	timer_stop(web->late);
	mangled_init(&mangled);
	mangled.after = fault_http_after(row);
	drip_begin(&web->drip, &mangled, fault_http_name(row), fault_http_done(row, NULL));
	return true;
}

static void act(struct web *web, enum http_event event)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

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
		answer_bad(web, http_status(web->http), http_why(web->http));
		break;
	}
}

static void take(struct web *web, const uint8_t *data, size_t size)
{
	while (size && !web->drip.over && !web->drip.busy) {
		size_t used;
		if (!web->request_bytes)
			timer_in(web->late, web->talk->request_ms);
		enum http_event event = http_feed(web->http, data, size, &used);
		data += used;
		size -= used;
		web->request_bytes += used;
		if (!is_struck(web))
			act(web, event);
	}
	/* RFC 9112 9.3.2: what was sent ahead is answered in order. */
	if (size && !web->drip.over && !buf_add(&web->waiting, data, size))
		tls_link_close(web->link);
}

/* A slow answer is out: what the client sent meanwhile comes next. */
static void go_on(void *arg)
{
	struct web *web = arg;
	struct buf waiting = web->waiting;

	buf_init(&web->waiting, HTTP_RAW_MAX);
	take(web, waiting.data, waiting.size);
	buf_done(&waiting);
}

struct web *web_new(const struct talk *talk, struct tls_link *link)
{
	struct web *web = alloc_zero(1, sizeof(*web));

	*web = (struct web){ .talk = talk, .link = link, .http = http_new() };
	web->late = timer_new(talk->loop, too_late, web);
	drip_init(&web->drip, talk, link, go_on, web);
	buf_init(&web->waiting, HTTP_RAW_MAX);
	return web;
}

void web_free(struct web *web)
{
	if (!web)
		return;
	http_free(web->http);
	drip_done(&web->drip);
	buf_done(&web->waiting);
	timer_free(web->late);
	free(web);
}

void web_data(struct web *web, const uint8_t *data, size_t size)
{
	tls_link_limit(web->link, WEB_IDLE_MS);
	take(web, data, size);
}
