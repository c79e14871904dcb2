/* mqtt.h: MQTT 3.1.1 as bytes: what clients send is read, what a server sends is written. Pure.
 *
 * References in brackets are the numbered statements of the OASIS standard. */
#ifndef SIM_CLOUD_MQTT_H
#define SIM_CLOUD_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { MQTT_PACKET_MAX = 256 << 10, MQTT_FILTERS_MAX = 32 };

enum mqtt_type {
	MQTT_CONNECT = 1,
	MQTT_CONNACK,
	MQTT_PUBLISH,
	MQTT_PUBACK,
	MQTT_PUBREC,
	MQTT_PUBREL,
	MQTT_PUBCOMP,
	MQTT_SUBSCRIBE,
	MQTT_SUBACK,
	MQTT_UNSUBSCRIBE,
	MQTT_UNSUBACK,
	MQTT_PINGREQ,
	MQTT_PINGRESP,
	MQTT_DISCONNECT,
};

enum mqtt_connect_code {
	MQTT_ACCEPTED,
	MQTT_BAD_VERSION,
	MQTT_BAD_IDENTIFIER,
	MQTT_UNAVAILABLE,
	MQTT_BAD_LOGIN,
	MQTT_NOT_AUTHORISED,
};

enum { MQTT_SUBSCRIPTION_REFUSED = 0x80 };

/* Borrowed bytes; text has been checked to be UTF-8 without NUL. */
struct mqtt_bytes {
	const uint8_t *data;
	size_t size;
};

struct mqtt_connect {
	struct mqtt_bytes protocol;
	uint8_t level;
	bool clean, has_will, has_user, has_password;
	uint16_t keep_alive; /* seconds; 0: none */
	struct mqtt_bytes client, will_topic, will_message, user, password;
};

struct mqtt_filter {
	struct mqtt_bytes topic;
	uint8_t qos; /* wished for; in an answer: granted, or MQTT_SUBSCRIPTION_REFUSED */
};

struct mqtt_packet {
	enum mqtt_type type;
	bool dup, retain, session_present;
	uint8_t qos;
	uint8_t code; /* CONNACK */
	uint16_t id;
	struct mqtt_bytes topic, payload;
	struct mqtt_filter filters[MQTT_FILTERS_MAX]; /* SUBSCRIBE, UNSUBSCRIBE, SUBACK */
	size_t filter_count;
	struct mqtt_connect connect;
};

/* Size of the packet that begins here; 0: more bytes are needed to tell; -EPROTO: no packet;
 * -EMSGSIZE: larger than MQTT_PACKET_MAX. */
long mqtt_size(const uint8_t *data, size_t size);

/* Reads one whole packet as a client may send it. The packet borrows from data. Returns NULL, or
 * why it is malformed. */
const char *mqtt_read(const uint8_t *data, size_t size, struct mqtt_packet *packet);

/* Appends a packet as a server sends it: CONNACK, PUBLISH, PUBACK, SUBACK, UNSUBACK, PINGRESP. */
void mqtt_write(const struct mqtt_packet *packet, struct buf *out);

const char *mqtt_type_name(enum mqtt_type type); /* lower case: "connect" */
bool mqtt_is(struct mqtt_bytes bytes, const char *text);

#endif
