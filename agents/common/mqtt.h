/* mqtt.h: one MQTT connection over TLS on the loop, 3.1.1 or 5.0: its state and its deadlines.
 *
 * The library below never reports a missing CONNACK, SUBACK or PUBACK in good time, so the
 * deadlines are kept here. The session outlives the connection: what was published and not
 * acknowledged is sent again by the next one, and never twice on one. */
#ifndef AGENTS_COMMON_MQTT_H
#define AGENTS_COMMON_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/common/mqtt_reason.h"
#include "base/error.h"
#include "base/loop.h"

struct mqtt; /* opaque */

enum { MQTT_MESSAGE_MAX = 256 * 1024 };

enum mqtt_version { MQTT_3_1_1, MQTT_5_0 };

struct mqtt_end {
	enum mqtt_advice advice;
	const char *why; /* in words; borrowed for the length of the call */
};

struct mqtt_options {
	struct loop *loop;  /* borrowed */
	const char *url;    /* "mqtts://host:port"; this and all texts: borrowed until mqtt_free */
	const char *trust;  /* PEM file, nothing else is trusted */
	const char *client; /* client id and user name */
	const char *password;
	const char *topic;   /* subscribed with QoS 1 */
	int64_t deadline_ms; /* for each of CONNECT, SUBSCRIBE, PUBLISH */
	int keep_alive_s;
	enum mqtt_version version;
	/* Connected and subscribed; resumed: a publish of the last connection is still under way.
	 */
	void (*up)(void *arg, bool resumed);
	void (*down)(void *arg, const struct mqtt_end *end);
	/* The broker gets its PUBACK when this has returned. */
	void (*message)(void *arg, const char *topic, const char *data, size_t size);
	void (*published)(void *arg); /* PUBACK for the one under way */
	/* The one under way was not taken, the connection stays. Never in 3.1.1. */
	void (*rejected)(void *arg, const struct mqtt_end *end);
	void *arg;
};

struct mqtt *mqtt_new(const struct mqtt_options *options, struct error *err);
void mqtt_free(struct mqtt *mqtt);

/* Ends in up or down. Only while not connected. */
void mqtt_connect(struct mqtt *mqtt);

/* One at a time, QoS 1 if the server takes it, only while up; ends in published, rejected (perhaps
 * before this returns) or down. The data is copied. */
void mqtt_publish(struct mqtt *mqtt, const char *topic, const char *data, size_t size);

/* Says DISCONNECT, when the publish under way is acknowledged or soon; nothing but published and
 * message is called back after it. closed becomes true when it is out. */
void mqtt_close(struct mqtt *mqtt);
bool mqtt_closed(struct mqtt *mqtt);

#endif
