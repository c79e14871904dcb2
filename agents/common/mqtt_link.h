/* mqtt_link.h: one attempt to connect and what follows. The only user of paho.
 *
 * paho's calls may block and its call backs come on threads of its own: mqtt_worker.h stands
 * between them and the loop. */
#ifndef AGENTS_COMMON_MQTT_LINK_H
#define AGENTS_COMMON_MQTT_LINK_H

#include "agents/common/mqtt.h"
#include "agents/common/mqtt_event.h"
#include "agents/common/mqtt_store.h"

struct mqtt_link; /* opaque */

struct mqtt_link_options {
	const struct mqtt_options *mqtt; /* borrowed until mqtt_link_free */
	struct mqtt_store *store;        /* borrowed until mqtt_link_free */
	int keep_alive_s;
	unsigned generation; /* of every event */
	/* Called on any thread. Of a message: the broker gets its PUBACK when this has returned. */
	void (*event)(void *arg, const struct mqtt_event *event);
	void *arg;
};

/* Begins to connect. All that fails is an event. */
struct mqtt_link *mqtt_link_new(const struct mqtt_link_options *options);
void mqtt_link_free(struct mqtt_link *link);
unsigned mqtt_link_generation(const struct mqtt_link *link);

void mqtt_link_subscribe(struct mqtt_link *link, const char *topic);
void mqtt_link_publish(struct mqtt_link *link, const char *topic, const char *data, size_t size,
		       int qos);
void mqtt_link_disconnect(struct mqtt_link *link, uint8_t reason);

#endif
