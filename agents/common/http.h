/* http.h: HTTPS requests on the loop. The only user of libcurl. */
#ifndef AGENTS_COMMON_HTTP_H
#define AGENTS_COMMON_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/loop.h"

struct http;      /* opaque */
struct http_call; /* opaque: one request under way */

enum { HTTP_ANSWER_MAX = 256 * 1024, HTTP_TAG_MAX = 64 };

struct http_options {
	struct loop *loop;    /* borrowed */
	const char *ca;       /* PEM file that is trusted, nothing else; copied */
	const char *user;     /* copied */
	const char *password; /* copied; sent only where a request says so */
	int64_t timeout_ms;   /* of a whole request */
};

struct http_request {
	const char *method; /* "GET", "PUT", "POST" */
	const char *url;
	const char *body;            /* JSON text, NULL: none; borrowed until the answer */
	const char *idempotency_key; /* NULL: none */
	const char *known_tag;       /* the answer may be 304 if it has this tag; NULL, "": none */
	bool login;
};

struct http_answer {
	int status;             /* 0: there was no complete answer, see why */
	struct buf body;        /* borrowed for the call back */
	int64_t retry_after_ms; /* 0: not said */
	const char *why;        /* of status 0 */
	char tag[HTTP_TAG_MAX]; /* ETag without its quotes; "": none, or none that we understand */
	char configuration[HTTP_TAG_MAX]; /* ECSP-Configuration, likewise */
};

typedef void http_done(void *arg, const struct http_answer *answer);

struct http *http_new(const struct http_options *options, struct error *err);
void http_free(struct http *http); /* requests under way end without a call back */

/* done is called once, later, from the loop; never from inside http_send. */
struct http_call *http_send(struct http *http, const struct http_request *request, http_done *done,
			    void *arg);

bool http_busy(const struct http *http);

#endif
