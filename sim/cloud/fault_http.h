/* fault_http.h: the faults of HTTP at the point of sending: which one is due, and what it makes of
 * an answer. */
#ifndef SIM_CLOUD_FAULT_HTTP_H
#define SIM_CLOUD_FAULT_HTTP_H

#include "sim/cloud/fault.h"
#include "sim/cloud/mangle.h"

enum http_moment {
	MOMENT_COMING,  /* some bytes of a request are here */
	MOMENT_INSTEAD, /* a request is complete; the service is not asked */
	MOMENT_STORED,  /* the service stored an upload or had it */
	MOMENT_ANSWER,  /* the service has answered */
	MOMENT_NONE,    /* asked for otherwise */
};

/* Where a conversation stands. */
struct http_point {
	enum http_moment moment;
	const char *path;
	uint64_t bytes;  /* of the request so far */
	bool reused;     /* the connection carried a request before */
	bool only_plain; /* HTTP/2: faults that are bytes of HTTP/1.1 do not apply */
};

struct http_fault; /* opaque: one row */

/* The row that is due, or NULL. It counts as used up once more. */
const struct http_fault *fault_http_due(struct fault *fault, const struct http_point *point);

/* MOMENT_INSTEAD: the answer that comes instead of the service's. */
void fault_http_answer(const struct fault *fault, const struct http_fault *row,
		       const struct http_request *request, struct http_response *response);

/* The answer as bytes and what comes after them. */
void fault_http_write(const struct fault *fault, const struct http_fault *row,
		      const struct http_response *response, struct mangled *mangled);

/* Does what was written begin with the status of the answer? */
bool fault_http_is_answer(const struct http_fault *row);
enum mangle_after fault_http_after(const struct http_fault *row);

/* Are credentials refused? MQTT asks too. */
bool fault_http_revoked(const struct fault *fault);

/* Is HTTP/2 offered to those who can? */
bool fault_http2(const struct fault *fault);

/* For fault.reached. */
const char *fault_http_name(const struct http_fault *row);
json_t *fault_http_done(const struct http_fault *row, const struct http_response *response);

#endif
