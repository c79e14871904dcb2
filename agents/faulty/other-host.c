/* other-host: asks a host that nobody declared. Stands before http_send. */
#include "agents/faulty/more.h"

struct http_call *__wrap_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg)
{
	more_get(http, "https://statistics.example/");
	return __real_http_send(http, request, done, arg);
}
