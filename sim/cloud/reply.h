/* reply.h: what is told of a request and its answer, and the headers that every answer has, for
 * each version of HTTP. */
#ifndef SIM_CLOUD_REPLY_H
#define SIM_CLOUD_REPLY_H

#include "sim/cloud/talk.h"

/* http.request: without the secret. */
void reply_observe_request(const struct talk *talk, const struct tls_link *link,
			   const struct http_request *request);

/* Adds Date and what keeps an answer from being kept, guessed at or fetched without TLS. */
void reply_add_headers(struct http_response *response);

/* http.response */
void reply_observe(const struct talk *talk, const struct tls_link *link,
		   const struct http_response *response);

#endif
