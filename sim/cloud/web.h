/* web.h: the HTTP conversation of one connection: bytes in, requests to the service, answers out.
 * The faults of answers are read here. */
#ifndef SIM_CLOUD_WEB_H
#define SIM_CLOUD_WEB_H

#include "sim/cloud/talk.h"

struct web; /* opaque */

struct web *web_new(const struct talk *talk, struct tls_link *link); /* both borrowed */
void web_free(struct web *web);
void web_data(struct web *web, const uint8_t *data, size_t size);

#endif
