/* endpoint.h: where HTTPS requests go (NET-2, NET-5): the configured host, nowhere else. */
#ifndef AGENTS_COMMON_ENDPOINT_H
#define AGENTS_COMMON_ENDPOINT_H

#include "agents/common/config.h"

extern const char *const endpoint_schemes; /* as curl wants them: "https" */

/* The configured URL and a path of up to three parts. Caller frees. */
char *endpoint_url(const struct config *config, const char *path, const char *id, const char *end);

#endif
