/* mqtt_reason.h: the reason codes of MQTT 5.0 (2.4): numbers, names, and which packets have them.
 */
#ifndef SIM_CLOUD_MQTT_REASON_H
#define SIM_CLOUD_MQTT_REASON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mqtt_reason {
	MQTT_SUCCESS = 0x00, /* also: normal disconnection, granted QoS 0 */
	MQTT_GRANTED_1 = 0x01,
	MQTT_GRANTED_2 = 0x02,
	MQTT_DISCONNECT_WITH_WILL = 0x04,
	MQTT_NO_SUBSCRIBERS = 0x10,
	MQTT_NO_SUBSCRIPTION = 0x11,
	MQTT_CONTINUE_AUTHENTICATION = 0x18,
	MQTT_REAUTHENTICATE = 0x19,
	MQTT_UNSPECIFIED = 0x80, /* from here on: failures */
	MQTT_MALFORMED = 0x81,
	MQTT_PROTOCOL_ERROR = 0x82,
	MQTT_IMPLEMENTATION_ERROR = 0x83,
	MQTT_UNSUPPORTED_VERSION = 0x84,
	MQTT_CLIENT_NOT_VALID = 0x85,
	MQTT_WRONG_LOGIN = 0x86,
	MQTT_FORBIDDEN = 0x87, /* not authorized */
	MQTT_SERVER_UNAVAILABLE = 0x88,
	MQTT_SERVER_BUSY = 0x89,
	MQTT_BANNED = 0x8a,
	MQTT_SHUTTING_DOWN = 0x8b,
	MQTT_BAD_METHOD = 0x8c,
	MQTT_KEEP_ALIVE_TIMEOUT = 0x8d,
	MQTT_TAKEN_OVER = 0x8e,
	MQTT_FILTER_INVALID = 0x8f,
	MQTT_TOPIC_INVALID = 0x90,
	MQTT_ID_IN_USE = 0x91,
	MQTT_ID_NOT_FOUND = 0x92,
	MQTT_RECEIVE_MAXIMUM_EXCEEDED = 0x93,
	MQTT_ALIAS_INVALID = 0x94,
	MQTT_PACKET_TOO_LARGE = 0x95,
	MQTT_RATE_TOO_HIGH = 0x96,
	MQTT_QUOTA_EXCEEDED = 0x97,
	MQTT_ADMINISTRATIVE = 0x98,
	MQTT_PAYLOAD_INVALID = 0x99,
	MQTT_RETAIN_NOT_SUPPORTED = 0x9a,
	MQTT_QOS_NOT_SUPPORTED = 0x9b,
	MQTT_USE_ANOTHER_SERVER = 0x9c,
	MQTT_SERVER_MOVED = 0x9d,
	MQTT_SHARED_NOT_SUPPORTED = 0x9e,
	MQTT_CONNECTION_RATE = 0x9f,
	MQTT_CONNECT_TIME = 0xa0,
	MQTT_IDS_NOT_SUPPORTED = 0xa1,
	MQTT_WILDCARDS_NOT_SUPPORTED = 0xa2,
};

/* type: enum mqtt_type. May such a packet carry this code? */
bool mqtt_reason_fits(uint8_t reason, unsigned type);

const char *mqtt_reason_name(uint8_t reason); /* "quota-exceeded"; NULL: no such code */
int mqtt_reason_find(const char *name);       /* -1: no such name */

#endif
