/* no-server-name: opens TLS by address, so without a server name. Stands before http_send. */
#include "agents/faulty/more.h"

#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"

struct http_call *__wrap_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg)
{
	const struct addrinfo hints = { .ai_family = AF_INET };
	const char *start = request->url + strlen("https://");
	AUTO_FREE char *host = alloc_bytes(start, strcspn(start, ":/"));
	struct addrinfo *found;

	if (getaddrinfo(host, NULL, &hints, &found) == 0) {
		const struct sockaddr_in *address = (const struct sockaddr_in *)found->ai_addr;
		char text[IPV4_TEXT_MAX];
		AUTO_FREE char *url =
			alloc_printf("https://%s/v1/certificate",
				     ipv4_format(ntohl(address->sin_addr.s_addr), text));
		more_get(http, url);
		freeaddrinfo(found);
	}
	return __real_http_send(http, request, done, arg);
}
