/* mqtt_store.h: what was published and not acknowledged, kept from one connection to the next: a
 * client that comes back to its session sends it again, with DUP and the same packet identifier
 * ([MQTT-4.4.0-1]).
 *
 * In memory: after a restart of the agent its ledger publishes the result anew. */
#ifndef AGENTS_COMMON_MQTT_STORE_H
#define AGENTS_COMMON_MQTT_STORE_H

#include <stddef.h>

struct mqtt_store; /* opaque; may be used on any thread */

struct mqtt_store *mqtt_store_new(void);
void mqtt_store_free(struct mqtt_store *store);

size_t mqtt_store_count(struct mqtt_store *store);

/* As paho wants it: an MQTTClient_persistence. Borrowed until mqtt_store_free. */
void *mqtt_store_persistence(struct mqtt_store *store);

#endif
