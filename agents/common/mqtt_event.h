/* mqtt_event.h: what happens on one MQTT connection, and what is asked of it; both cross threads.
 */
#ifndef AGENTS_COMMON_MQTT_EVENT_H
#define AGENTS_COMMON_MQTT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	int number; /* CONNECT: keep alive in seconds; PUBLISH: QoS; DISCONNECT: reason */
	const char *topic;
	const char *data;
	size_t size;
};

enum mqtt_event_kind {
	MQTT_CONNECTED,
	MQTT_SUBSCRIBED,
	MQTT_PUBLISHED,
	MQTT_REJECTED, /* by PUBACK, with a reason */
	MQTT_ARRIVED,
	MQTT_BREACH,       /* the server broke a rule; reason: what it is to be told */
	MQTT_DISCONNECTED, /* as asked */
	MQTT_REFUSED,      /* by CONNACK or SUBACK, with a reason */
	MQTT_LOST,         /* with a reason if the server gave one, else 0 */
};

/* What a CONNACK of 5.0 says (3.2.2.3); of 3.1.1: as little as there is. */
struct mqtt_offer {
	int keep_alive_s;        /* to be used in place of the client's; 0: the client's */
	uint32_t maximum_packet; /* bytes; 0: any */
	int maximum_qos;
	bool resumed; /* what was not acknowledged on the last connection is sent again */
};

/* Texts are borrowed for the length of the call that hands it over. */
struct mqtt_event {
	enum mqtt_event_kind kind;
	unsigned generation;
	uint8_t reason;          /* mqtt_reason.h */
	struct mqtt_offer offer; /* of CONNECTED */
	const char *topic;       /* of a message */
	const char *data;        /* of a message, size bytes; else why, or NULL */
	size_t size;
};

#endif
