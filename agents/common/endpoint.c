#include "agents/common/endpoint.h"

#include "base/buf.h"

const char *const endpoint_schemes = "https";

char *endpoint_url(const struct config *config, const char *path, const char *id, const char *end)
{
	return alloc_printf("%s%s%s%s", config->api, path, id, end);
}
