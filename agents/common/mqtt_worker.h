/* mqtt_worker.h: paho's calls, which may block, are made on a thread (mqtt_desk.h), and call backs
 * on any thread become events on the loop. */
#ifndef AGENTS_COMMON_MQTT_WORKER_H
#define AGENTS_COMMON_MQTT_WORKER_H

#include "agents/common/mqtt.h"
#include "agents/common/mqtt_event.h"

struct mqtt_worker; /* opaque */

struct mqtt_worker_options {
	const struct mqtt_options *mqtt; /* copied; has the loop */
	/* On the loop. Of a message: the broker gets its PUBACK when this has returned. */
	void (*event)(void *arg, const struct mqtt_event *event);
	void *arg;
};

struct mqtt_worker *mqtt_worker_new(const struct mqtt_worker_options *options, struct error *err);

/* Nothing is called back after it. */
void mqtt_worker_free(struct mqtt_worker *worker);

/* One after another; copied. One of another generation than the last CONNECT's does nothing. */
void mqtt_worker_call(struct mqtt_worker *worker, const struct mqtt_call *call);

#endif
