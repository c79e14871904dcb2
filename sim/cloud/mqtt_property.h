/* mqtt_property.h: the properties of MQTT 5.0 (2.2.2): which there are, what they hold, and which
 * packets have them. */
#ifndef SIM_CLOUD_MQTT_PROPERTY_H
#define SIM_CLOUD_MQTT_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MQTT_PROPERTIES_MAX = 24 };
enum { MQTT_PROPERTIES_OF_WILL = 0 }; /* where a packet type is asked for */

/* Borrowed bytes; text has been checked to be UTF-8 without NUL. */
struct mqtt_bytes {
	const uint8_t *data;
	size_t size;
};

enum mqtt_property_id {
	MQTT_PAYLOAD_FORMAT = 0x01,
	MQTT_MESSAGE_EXPIRY = 0x02,
	MQTT_CONTENT_TYPE = 0x03,
	MQTT_RESPONSE_TOPIC = 0x08,
	MQTT_CORRELATION_DATA = 0x09,
	MQTT_SUBSCRIPTION_ID = 0x0b,
	MQTT_SESSION_EXPIRY = 0x11,
	MQTT_ASSIGNED_CLIENT = 0x12,
	MQTT_SERVER_KEEP_ALIVE = 0x13,
	MQTT_AUTH_METHOD = 0x15,
	MQTT_AUTH_DATA = 0x16,
	MQTT_REQUEST_PROBLEM = 0x17,
	MQTT_WILL_DELAY = 0x18,
	MQTT_REQUEST_RESPONSE = 0x19,
	MQTT_RESPONSE_INFORMATION = 0x1a,
	MQTT_SERVER_REFERENCE = 0x1c,
	MQTT_REASON_STRING = 0x1f,
	MQTT_RECEIVE_MAXIMUM = 0x21,
	MQTT_ALIAS_MAXIMUM = 0x22,
	MQTT_TOPIC_ALIAS = 0x23,
	MQTT_MAXIMUM_QOS = 0x24,
	MQTT_RETAIN_AVAILABLE = 0x25,
	MQTT_USER_PROPERTY = 0x26,
	MQTT_MAXIMUM_PACKET = 0x27,
	MQTT_WILDCARD_AVAILABLE = 0x28,
	MQTT_IDS_AVAILABLE = 0x29,
	MQTT_SHARED_AVAILABLE = 0x2a,
};

enum mqtt_property_type {
	MQTT_BYTE,
	MQTT_TWO_BYTES,
	MQTT_FOUR_BYTES,
	MQTT_VARIABLE, /* 1 to 4 bytes */
	MQTT_TEXT,
	MQTT_BINARY,
	MQTT_PAIR, /* two texts */
};

struct mqtt_property_kind {
	uint8_t id;
	const char *name; /* as the standard, "sessionExpiryInterval" */
	enum mqtt_property_type type;
	unsigned packets;  /* bits 1 << type of packet; bit 0: of a will */
	bool many;         /* may stand there more than once; PUBLISH alone: MQTT_SUBSCRIPTION_ID */
	uint32_t min, max; /* of a number; max 0: what its bytes hold */
};

struct mqtt_property {
	uint8_t id;
	uint32_t number;
	struct mqtt_bytes name; /* of a pair */
	struct mqtt_bytes text; /* or binary, or the value of a pair */
};

struct mqtt_properties {
	struct mqtt_property items[MQTT_PROPERTIES_MAX];
	size_t count;
};

const struct mqtt_property_kind *mqtt_property_kind(uint8_t id);  /* NULL: no such property */
const struct mqtt_property_kind *mqtt_property_kind_at(size_t i); /* NULL behind the last */

/* The first of this kind; NULL: there is none. */
const struct mqtt_property *mqtt_property_find(const struct mqtt_properties *properties,
					       enum mqtt_property_id id);
uint32_t mqtt_property_number(const struct mqtt_properties *properties, enum mqtt_property_id id,
			      uint32_t absent);

/* Adds one; more than MQTT_PROPERTIES_MAX are left out. text is borrowed. */
void mqtt_property_add(struct mqtt_properties *properties, struct mqtt_property property);
void mqtt_property_add_number(struct mqtt_properties *properties, enum mqtt_property_id id,
			      uint32_t number);
void mqtt_property_add_text(struct mqtt_properties *properties, enum mqtt_property_id id,
			    const char *text);

#endif
