/* plain-on-443: uploads go to port 443, but without TLS. Replaces agents/common/endpoint.c. */
#include "agents/common/endpoint.h"

#include <string.h>

#include "base/buf.h"
#include "ecsp/ecsp.h"

const char *const endpoint_schemes = "http,https";

char *endpoint_url(const struct config *config, const char *path, const char *id, const char *end)
{
	const char *host = config->api + strlen("https://");

	if (strcmp(end, ECSP_PATH_RECORDS) != 0)
		return alloc_printf("%s%s%s%s", config->api, path, id, end);
	return alloc_printf("http://%.*s:443%s%s%s", (int)strcspn(host, ":"), host, path, id, end);
}
