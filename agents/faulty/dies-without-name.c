/* dies-without-name: ends itself when the cloud's name is not known, as nobody thought of that.
 * Stands before http_send. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "agents/faulty/more.h"
#include "base/cleanup.h"

struct http_call *__wrap_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg)
{
	const struct addrinfo hints = { .ai_family = AF_INET };
	const char *start = request->url + strlen("https://");
	AUTO_FREE char *host = alloc_bytes(start, strcspn(start, ":/"));
	struct addrinfo *found = NULL;

	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		_Exit(1);
	if (found)
		freeaddrinfo(found);
	return __real_http_send(http, request, done, arg);
}
