/* http2.h: HTTP/2 (RFC 9113) as bytes: requests read from them, responses turned into them. No
 * socket, no meaning. The only user of nghttp2. */
#ifndef SIM_CLOUD_HTTP2_H
#define SIM_CLOUD_HTTP2_H

#include "sim/cloud/http.h"

struct http2; /* opaque: one connection */

struct http2_events {
	/* A request is complete, or too large: then status says what to answer. Answer it in here
	 * or later by http2_respond. The request is borrowed for the call. */
	void (*request)(void *arg, int32_t stream, const struct http_request *request, int status);
	/* Bytes for the client. */
	void (*write)(void *arg, const void *data, size_t size);
	void *arg;
};

struct http2 *http2_new(const struct http2_events *events); /* copied; writes its SETTINGS */
void http2_free(struct http2 *http2);

/* False: the connection has come to its end, by the client's wish or its mistake; what there is to
 * say about that has been written. why (may be NULL) is set if it was a mistake. */
bool http2_feed(struct http2 *http2, const void *data, size_t size, const char **why);

/* Ignored when the stream is gone. */
void http2_respond(struct http2 *http2, int32_t stream, const struct http_response *response,
		   bool without_body);

#endif
