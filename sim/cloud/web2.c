#include "sim/cloud/web2.h"

#include "base/buf.h"
#include "sim/cloud/fault_http.h"
#include "sim/cloud/http2.h"
#include "sim/cloud/reply.h"

enum { WEB2_IDLE_MS = 120000 };

struct web2 {
	const struct talk *talk;
	struct tls_link *link;
	struct http2 *http2;
};

static const struct http_fault *respond(struct web2 *web2, const struct http_request *request,
					struct http_response *response)
{
	struct fault *fault = web2->talk->fault;
	const struct http_fault *row =
		fault_http_due(fault, &(struct http_point){ .moment = MOMENT_INSTEAD,
							    .path = buf_text(&request->path),
							    .only_plain = true });
	if (row)
		fault_http_answer(fault, row, request, response);
	else
		service_answer(web2->talk->service, tls_link_peer(web2->link)->connection, request,
			       response);
	return row;
}

static void on_request(void *arg, int32_t stream, const struct http_request *request, int status)
{
	struct web2 *web2 = arg;
	struct http_response response = { 0 };
	const struct http_fault *row = NULL;

	reply_observe_request(web2->talk, web2->link, request);
	if (status)
		service_refuse(&response, status, "too large");
	else
		row = respond(web2, request, &response);
	reply_add_headers(&response);
	reply_observe(web2->talk, web2->link, &response);
	http2_respond(web2->http2, stream, &response, !strcmp(request->method, "HEAD"));
	if (row)
		tls_link_witness(web2->link, fault_http_name(row), fault_http_done(row, &response));
	http_response_done(&response);
}

static void write_out(void *arg, const void *data, size_t size)
{
	struct web2 *web2 = arg;
	talk_write(web2->talk, web2->link, data, size);
}

struct web2 *web2_new(const struct talk *talk, struct tls_link *link)
{
	struct web2 *web2 = alloc_zero(1, sizeof(*web2));

	web2->talk = talk;
	web2->link = link;
	web2->http2 = http2_new(&(struct http2_events){ on_request, write_out, web2 });
	return web2;
}

void web2_free(struct web2 *web2)
{
	if (!web2)
		return;
	http2_free(web2->http2);
	free(web2);
}

void web2_data(struct web2 *web2, const uint8_t *data, size_t size)
{
	const char *why = NULL;

	tls_link_limit(web2->link, WEB2_IDLE_MS);
	talk_plain(web2->talk, web2->link, true, data, size);
	if (http2_feed(web2->http2, data, size, &why))
		return;
	if (why)
		talk_seen(web2->talk, web2->link, "http.malformed",
			  json_pack("{s:i, s:s}", "status", 400, "why", why));
	tls_link_close(web2->link);
}
