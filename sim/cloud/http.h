/* http.h: HTTP/1.1 as bytes: requests read from them, responses turned into them. No socket, no
 * meaning. The only user of llhttp here. */
#ifndef SIM_CLOUD_HTTP_H
#define SIM_CLOUD_HTTP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	HTTP_HEAD_MAX = 16384, /* names and values of one request */
	HTTP_HEADERS_MAX = 64,
	HTTP_PATH_MAX = 2048,
	HTTP_BODY_MAX = 1 << 20,
	HTTP_RAW_MAX = 4 << 20, /* as sent: with head and chunk marks */
	HTTP_METHOD_MAX = 16,
	HTTP_DATE_MAX = 32,
};

struct http_header {
	char *name;  /* lower case; owned */
	char *value; /* in the same memory */
};

struct http_request {
	char method[HTTP_METHOD_MAX];
	struct buf path; /* the request target as sent */
	struct http_header headers[HTTP_HEADERS_MAX];
	size_t header_count;
	struct buf body;
	bool has_body;   /* a length or chunks were declared */
	bool keep_alive; /* the client expects to go on */
};

/* First value, or NULL. name in lower case. */
const char *http_header(const struct http_request *request, const char *name);

/* For readers of other versions. */
void http_request_init(struct http_request *request);
void http_request_done(struct http_request *request);

/* Adds a header; the name is made lower case. False when there are too many. */
bool http_request_add(struct http_request *request, const char *name, size_t name_size,
		      const void *value, size_t value_size);

enum http_event {
	HTTP_NEEDS_MORE,     /* all bytes taken, no request yet */
	HTTP_WANTS_CONTINUE, /* as HTTP_NEEDS_MORE, and the client waits for 100 Continue */
	HTTP_HAS_REQUEST,
	HTTP_IS_BAD, /* answer http_status() and close */
};

struct http; /* opaque: reads the requests of one connection */

struct http *http_new(void);
void http_free(struct http *http);

/* Takes *used bytes. After HTTP_HAS_REQUEST call http_next before feeding again; after HTTP_IS_BAD
 * feed no more. */
enum http_event http_feed(struct http *http, const void *data, size_t size, size_t *used);
void http_next(struct http *http);

/* Valid after HTTP_HAS_REQUEST until http_next. After HTTP_IS_BAD: what was read so far. */
const struct http_request *http_request(const struct http *http);
int http_status(const struct http *http);      /* after HTTP_IS_BAD: 400, 413, 414, 417, 431, 505 */
const char *http_why(const struct http *http); /* after HTTP_IS_BAD */

/* The bytes as sent since the last http_raw_clear. */
const struct buf *http_raw(const struct http *http);
void http_raw_clear(struct http *http);

struct http_response {
	int status;
	json_t *headers; /* owned; name: text; Content-Length is added */
	char *body;      /* owned; may be NULL */
	size_t body_size;
	bool close; /* the connection ends after it */
};

void http_response_done(struct http_response *response);
void http_write(const struct http_response *response, bool without_body, struct buf *out);

/* The parts of it, for answers that are put together otherwise. without: a header that is left out,
 * or NULL. The empty line after the headers is not written. */
void http_write_status(int status, struct buf *out);
void http_write_headers(const json_t *headers, const char *without, struct buf *out);

/* A moment as RFC 9110 5.6.7 writes it. Returns date. */
const char *http_date(int64_t ns, char date[HTTP_DATE_MAX]);

#endif
