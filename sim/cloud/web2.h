/* web2.h: the HTTP/2 conversation of one connection: bytes in, requests to the service, answers
 * out. Faults that answer instead of the service apply; those that are bytes of HTTP/1.1 do not. */
#ifndef SIM_CLOUD_WEB2_H
#define SIM_CLOUD_WEB2_H

#include "sim/cloud/talk.h"

struct web2; /* opaque */

struct web2 *web2_new(const struct talk *talk, struct tls_link *link); /* both borrowed */
void web2_free(struct web2 *web2);
void web2_data(struct web2 *web2, const uint8_t *data, size_t size);

#endif
