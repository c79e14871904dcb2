#include "agents/common/mqtt.h"

#include <stdlib.h>

#include "agents/common/mqtt_event.h"
#include "agents/common/mqtt_worker.h"
#include "base/buf.h"

enum state { IDLE, CONNECTING, SUBSCRIBING, UP, CLOSING, CLOSED };

struct mqtt {
	struct mqtt_options options;
	struct mqtt_worker *worker;
	enum state state;
	unsigned generation; /* of the attempt that counts; older events are stale */
	struct timer *deadline;
};

static void call(struct mqtt *mqtt, struct mqtt_call call)
{
	call.generation = mqtt->generation;
	mqtt_worker_call(mqtt->worker, &call);
}

static void start_deadline(struct mqtt *mqtt)
{
	timer_in(mqtt->deadline, (uint64_t)mqtt->options.deadline_ms);
}

static void go_down(struct mqtt *mqtt, bool refused, const char *why)
{
	timer_stop(mqtt->deadline);
	mqtt->state = IDLE;
	call(mqtt, (struct mqtt_call){ .kind = MQTT_CALL_DROP });
	mqtt->generation++;
	mqtt->options.down(mqtt->options.arg, refused, why);
}

static void deadline_passed(void *arg)
{
	struct mqtt *mqtt = arg;

	switch (mqtt->state) {
	case CONNECTING:
		go_down(mqtt, false, "no answer to CONNECT in time");
		break;
	case SUBSCRIBING:
		go_down(mqtt, false, "no answer to SUBSCRIBE in time");
		break;
	case UP:
		go_down(mqtt, false, "no answer to PUBLISH in time");
		break;
	case IDLE:
	case CLOSING:
	case CLOSED:
		break;
	}
}

static void handle(struct mqtt *mqtt, const struct mqtt_event *event)
{
	switch (event->kind) {
	case MQTT_CONNECTED:
		mqtt->state = SUBSCRIBING;
		start_deadline(mqtt);
		call(mqtt, (struct mqtt_call){ .kind = MQTT_CALL_SUBSCRIBE,
					       .topic = mqtt->options.topic });
		break;
	case MQTT_SUBSCRIBED:
		mqtt->state = UP;
		timer_stop(mqtt->deadline);
		mqtt->options.up(mqtt->options.arg);
		break;
	case MQTT_PUBLISHED:
		timer_stop(mqtt->deadline);
		mqtt->options.published(mqtt->options.arg);
		break;
	case MQTT_ARRIVED:
		mqtt->options.message(mqtt->options.arg, event->topic, event->data, event->size);
		break;
	case MQTT_DISCONNECTED:
	case MQTT_LOST:
		go_down(mqtt, false, event->data ? event->data : "disconnected");
		break;
	case MQTT_REFUSED:
		go_down(mqtt, true, event->data);
		break;
	}
}

static void on_event(void *arg, const struct mqtt_event *event)
{
	struct mqtt *mqtt = arg;

	if (event->generation != mqtt->generation || mqtt->state == IDLE || mqtt->state == CLOSED)
		return;
	if (mqtt->state != CLOSING)
		handle(mqtt, event);
	else if (event->kind == MQTT_DISCONNECTED || event->kind == MQTT_LOST ||
		 event->kind == MQTT_REFUSED)
		mqtt->state = CLOSED;
}

void mqtt_connect(struct mqtt *mqtt)
{
	mqtt->state = CONNECTING;
	mqtt->generation++;
	start_deadline(mqtt);
	call(mqtt, (struct mqtt_call){ .kind = MQTT_CALL_CONNECT });
}

void mqtt_publish(struct mqtt *mqtt, const char *topic, const char *data, size_t size)
{
	start_deadline(mqtt);
	call(mqtt, (struct mqtt_call){
			   .kind = MQTT_CALL_PUBLISH, .topic = topic, .data = data, .size = size });
}

void mqtt_close(struct mqtt *mqtt)
{
	timer_stop(mqtt->deadline);
	if (mqtt->state == SUBSCRIBING || mqtt->state == UP) {
		mqtt->state = CLOSING;
		call(mqtt, (struct mqtt_call){ .kind = MQTT_CALL_DISCONNECT });
	} else if (mqtt->state != CLOSING) {
		mqtt->state = CLOSED;
	}
}

bool mqtt_closed(struct mqtt *mqtt)
{
	return mqtt->state == CLOSED;
}

struct mqtt *mqtt_new(const struct mqtt_options *options, struct error *err)
{
	struct mqtt *mqtt = alloc_zero(1, sizeof(*mqtt));

	mqtt->options = *options;
	mqtt->worker = mqtt_worker_new(
		&(struct mqtt_worker_options){ .mqtt = options, .event = on_event, .arg = mqtt },
		err);
	if (!mqtt->worker) {
		free(mqtt);
		return NULL;
	}
	mqtt->deadline = timer_new(options->loop, deadline_passed, mqtt);
	return mqtt;
}

void mqtt_free(struct mqtt *mqtt)
{
	if (!mqtt)
		return;
	mqtt_worker_free(mqtt->worker);
	timer_free(mqtt->deadline);
	free(mqtt);
}
