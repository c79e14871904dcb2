/* post.h: the MQTT conversation of one connection: bytes in, packets to the broker, packets out.
 * The faults of MQTT are read here. */
#ifndef SIM_CLOUD_POST_H
#define SIM_CLOUD_POST_H

#include "sim/cloud/talk.h"

struct post; /* opaque */

struct post *post_new(const struct talk *talk, struct tls_link *link); /* both borrowed */
void post_free(struct post *post);
void post_data(struct post *post, const uint8_t *data, size_t size);

#endif
