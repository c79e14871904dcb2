/* broken-json: sends a brace too many. Stands before http_send. */
#include "agents/faulty/more.h"

#include "base/buf.h"

struct http_call *__wrap_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg)
{
	static char *body; /* borrowed by http until the answer, and there is one at a time */
	struct http_request other = *request;

	if (!request->idempotency_key)
		return __real_http_send(http, request, done, arg);
	free(body);
	body = alloc_printf("%s}", request->body);
	other.body = body;
	return __real_http_send(http, &other, done, arg);
}
