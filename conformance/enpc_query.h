/* enpc_query.h: asks a real printer on UDP 3289 what it says about itself. */
#ifndef CONFORMANCE_ENPC_QUERY_H
#define CONFORMANCE_ENPC_QUERY_H

#include <jansson.h>
#include <stdint.h>

#include "base/error.h"

/* Replies by function ("02-0000"), payloads in hex; empty when nobody answers. NULL if host has no
 * IPv4 address. Caller owns. */
json_t *enpc_query(const char *host, uint16_t port, int64_t timeout_ms, struct error *err);

#endif
