/* more.h: for faulty agents that send a request more than they should. Stands before http_send. */
#ifndef AGENTS_FAULTY_MORE_H
#define AGENTS_FAULTY_MORE_H

#include "agents/common/http.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct http_call *__real_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg);
struct http_call *__wrap_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg);

static inline void more_done(void *arg, const struct http_answer *answer)
{
	(void)arg;
	(void)answer;
}

static inline void more_get(struct http *http, const char *url)
{
	__real_http_send(http, &(struct http_request){ .method = "GET", .url = url }, more_done,
			 NULL);
}

#endif
