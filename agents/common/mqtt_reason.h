/* mqtt_reason.h: what a server's no means for a client: the reason codes of MQTT 5.0 (2.4), and the
 * return codes of 3.1.1 (3.2.2.3) as the ones they became. */
#ifndef AGENTS_COMMON_MQTT_REASON_H
#define AGENTS_COMMON_MQTT_REASON_H

#include <stdint.h>

enum {
	MQTT_REASON_NORMAL = 0x00,
	MQTT_REASON_UNSPECIFIED = 0x80, /* from here on: failures */
	MQTT_REASON_KEEP_ALIVE = 0x8D,
	MQTT_REASON_ALIAS_INVALID = 0x94,
	MQTT_REASON_TOO_LARGE = 0x95,
};

enum mqtt_advice {
	MQTT_SILENCE, /* nobody said no: nothing came, or the line broke */
	MQTT_AGAIN,   /* for the moment; the usual backoff is right */
	MQTT_SLOWER,  /* it is too much for the server, or it wants others first */
	MQTT_LOGIN,   /* not let in: ask whether the login still holds */
	MQTT_HOPELESS /* the same again will be refused again: as seldom as possible */
};

enum mqtt_advice mqtt_reason_advice(uint8_t reason);

/* In words; static. "a reason that there is not" for one that the standard has not. */
const char *mqtt_reason_words(uint8_t reason);

/* Of a CONNACK of 3.1.1: 1 to 5; others are a reason that there is not. */
uint8_t mqtt_reason_old(int code);

#endif
