/* other-path: asks the cloud for what the contract does not know. Stands before http_send. */
#include "agents/faulty/more.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"

struct http_call *__wrap_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg)
{
	const char *host = request->url + strlen("https://");
	AUTO_FREE char *url =
		alloc_printf("https://%.*s/v1/statistics", (int)strcspn(host, "/"), host);

	more_get(http, url);
	return __real_http_send(http, request, done, arg);
}
