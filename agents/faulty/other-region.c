/* other-region: also asks the server that is nobody's region. Stands before http_send. */
#include "agents/faulty/more.h"
#include "ecsp/ecsp.h"

struct http_call *__wrap_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg)
{
	more_get(http, "https://api.ecsp.example" ECSP_PATH_CERTIFICATE);
	return __real_http_send(http, request, done, arg);
}
