/* mqtt.h: MQTT 3.1.1 and 5.0 as bytes: every packet of either side is read and written. Pure.
 *
 * References in brackets are the numbered statements of the OASIS standards. */
#ifndef SIM_CLOUD_MQTT_H
#define SIM_CLOUD_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sim/cloud/mqtt_breach.h"
#include "sim/cloud/mqtt_property.h"
#include "sim/cloud/mqtt_reason.h"

enum { MQTT_311 = 4, MQTT_5 = 5 }; /* protocol levels */
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
	MQTT_AUTH, /* 5.0 only */
};

enum mqtt_connect_code { /* CONNACK of 3.1.1; 5.0 has reasons */
			 MQTT_ACCEPTED,
			 MQTT_BAD_VERSION,
			 MQTT_BAD_IDENTIFIER,
			 MQTT_UNAVAILABLE,
			 MQTT_BAD_LOGIN,
			 MQTT_NOT_AUTHORISED,
};

enum { MQTT_SUBSCRIPTION_REFUSED = 0x80 };

struct mqtt_will {
	struct mqtt_bytes topic, message;
	uint8_t qos;
	bool retain;
	struct mqtt_properties properties;
};

struct mqtt_connect {
	struct mqtt_bytes protocol;
	uint8_t level;
	bool clean; /* 5.0: clean start */
	bool has_will, has_user, has_password;
	uint16_t keep_alive; /* seconds; 0: none */
	struct mqtt_bytes client, user, password;
	struct mqtt_will will;
};

struct mqtt_filter {
	struct mqtt_bytes topic;
	uint8_t qos;                 /* wished for */
	bool no_local, as_published; /* 5.0 */
	uint8_t retain_handling;     /* 5.0: 0 send, 1 send if new, 2 do not send */
	uint8_t reason;              /* SUBACK: QoS granted, or what is wrong; UNSUBACK */
};

struct mqtt_packet {
	enum mqtt_type type;
	bool dup, retain, session_present;
	uint8_t qos;
	/* CONNACK (3.1.1: enum mqtt_connect_code), PUBACK to PUBCOMP, DISCONNECT, AUTH */
	uint8_t reason;
	uint16_t id;
	struct mqtt_bytes topic, payload;
	struct mqtt_filter filters[MQTT_FILTERS_MAX]; /* SUBSCRIBE to UNSUBACK */
	size_t filter_count;
	struct mqtt_properties properties; /* 5.0 */
	struct mqtt_connect connect;
};

/* Size of the packet that begins here; 0: more bytes are needed to tell; -EPROTO: no packet;
 * -EMSGSIZE: larger than MQTT_PACKET_MAX. */
long mqtt_size(const uint8_t *data, size_t size);

/* Reads one whole packet of a connection of this protocol level; a CONNECT says its own. The packet
 * borrows from data. */
enum mqtt_breach mqtt_read(const uint8_t *data, size_t size, uint8_t level,
			   struct mqtt_packet *packet);

/* Appends a packet as this protocol level writes it. Properties, reasons and options are left out
 * at 3.1.1. */
void mqtt_write(const struct mqtt_packet *packet, uint8_t level, struct buf *out);

bool mqtt_is_from_client(enum mqtt_type type);   /* may a client send such a packet? */
const char *mqtt_type_name(enum mqtt_type type); /* lower case: "connect" */
bool mqtt_is(struct mqtt_bytes bytes, const char *text);

#endif
