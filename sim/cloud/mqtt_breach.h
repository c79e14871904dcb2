/* mqtt_breach.h: how bytes can break MQTT, each with the statement of either standard that it
 * breaks and the reason code that 5.0 answers with. */
#ifndef SIM_CLOUD_MQTT_BREACH_H
#define SIM_CLOUD_MQTT_BREACH_H

#include <stddef.h>
#include <stdint.h>

enum mqtt_breach {
	MQTT_SOUND,
	MQTT_CUT_SHORT,
	MQTT_LEFT_OVER,
	MQTT_LENGTH_ENDLESS,
	MQTT_LENGTH_PADDED,
	MQTT_TOO_LARGE,
	MQTT_TYPE_RESERVED,
	MQTT_WRONG_SIDE,
	MQTT_FLAGS_RESERVED,
	MQTT_TEXT_BAD,
	MQTT_TEXT_NUL,
	MQTT_CONNECT_RESERVED,
	MQTT_WILL_FLAGS,
	MQTT_WILL_QOS,
	MQTT_PASSWORD_ALONE,
	MQTT_CONNACK_FLAGS,
	MQTT_CONNACK_PRESENT,
	MQTT_QOS_3,
	MQTT_DUP_QOS_0,
	MQTT_TOPIC_EMPTY,
	MQTT_TOPIC_WILDCARD,
	MQTT_ID_ZERO,
	MQTT_SUBSCRIBE_EMPTY,
	MQTT_UNSUBSCRIBE_EMPTY,
	MQTT_FILTER_EMPTY,
	MQTT_FILTER_WILDCARD,
	MQTT_FILTERS_MANY,
	MQTT_OPTIONS_RESERVED,
	MQTT_OPTIONS_SHARED,
	MQTT_OPTIONS_RETAIN,
	MQTT_GRANTED_BAD,
	MQTT_REASON_BAD,
	MQTT_PROPERTY_UNKNOWN,
	MQTT_PROPERTY_PLACE,
	MQTT_PROPERTY_TWICE,
	MQTT_PROPERTY_VALUE,
	MQTT_PROPERTIES_MANY,
	MQTT_AUTH_ALONE,
	MQTT_BREACH_COUNT,
};

enum { MQTT_BREACH_TEXT_MAX = 128 };

/* "packet identifier 0 [MQTT-2.3.1-1]", as this protocol level says it. Returns text. */
const char *mqtt_breach_text(enum mqtt_breach breach, uint8_t level,
			     char text[MQTT_BREACH_TEXT_MAX]);

uint8_t mqtt_breach_reason(enum mqtt_breach breach); /* of a DISCONNECT of 5.0 */

#endif
