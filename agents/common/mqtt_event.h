/* mqtt_event.h: what happens on one MQTT connection, and what is asked of it; both cross threads.
 */
#ifndef AGENTS_COMMON_MQTT_EVENT_H
#define AGENTS_COMMON_MQTT_EVENT_H

#include <stddef.h>

enum mqtt_call_kind {
	MQTT_CALL_CONNECT,
	MQTT_CALL_SUBSCRIBE,
	MQTT_CALL_PUBLISH,
	MQTT_CALL_DROP,
	MQTT_CALL_DISCONNECT,
};

/* generation: of the attempt to connect that it belongs to. */
struct mqtt_call {
	enum mqtt_call_kind kind;
	unsigned generation;
	const char *topic;
	const char *data;
	size_t size;
};

enum mqtt_event_kind {
	MQTT_CONNECTED,
	MQTT_SUBSCRIBED,
	MQTT_PUBLISHED,
	MQTT_ARRIVED,
	MQTT_DISCONNECTED, /* as asked */
	MQTT_REFUSED,      /* by CONNACK or SUBACK */
	MQTT_LOST,
};

/* Texts are borrowed for the length of the call that hands it over. */
struct mqtt_event {
	enum mqtt_event_kind kind;
	unsigned generation;
	const char *topic; /* of a message */
	const char *data;  /* of a message, size bytes; else why, or NULL */
	size_t size;
};

#endif
