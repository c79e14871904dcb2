#include "sim/cloud/reply.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/wall.h"

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

void reply_observe_request(const struct talk *talk, const struct tls_link *link,
			   const struct http_request *request)
{
	const struct tls_peer *peer = tls_link_peer(link);
	char user[SERVICE_NAME_MAX];

	service_user(request, user);
	talk_seen(talk, link, "http.request",
		  json_pack("{s:o, s:s, s:o, s:o, s:I, s:o, s:o}", "sni",
			    *peer->sni ? text(peer->sni) : json_null(), "method", request->method,
			    "path", text(buf_text(&request->path)), "headers",
			    observed_headers(request), "size", (json_int_t)request->body.size,
			    "user", *user ? json_string(user) : json_null(), "body",
			    observed_body(&request->body)));
}

void reply_add_headers(struct http_response *response)
{
	static const struct {
		const char *name, *value;
	} rows[] = {
		{ "Strict-Transport-Security", "max-age=31536000" }, /* RFC 6797 */
		{ "X-Content-Type-Options", "nosniff" },
		{ "Cache-Control", "no-store" }, /* RFC 9111 5.2.2.5 */
	};
	char date[HTTP_DATE_MAX];

	if (!response->headers)
		response->headers = json_object();
	json_object_set_new(response->headers, "Date", json_string(http_date(wall_now(), date)));
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		json_object_set_new(response->headers, rows[i].name, json_string(rows[i].value));
}

void reply_observe(const struct talk *talk, const struct tls_link *link,
		   const struct http_response *response)
{
	talk_seen(
		talk, link, "http.response",
		json_pack("{s:i, s:O}", "status", response->status, "headers", response->headers));
}
