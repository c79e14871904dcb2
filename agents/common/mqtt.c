#include "agents/common/mqtt.h"

#include <stdlib.h>
#include <string.h>

#include "agents/common/mqtt_event.h"
#include "agents/common/mqtt_worker.h"
#include "base/buf.h"

/* LEAVING: DISCONNECT is on its way out, then down or back again; CLOSING: then nothing more.
 * FINISHING: it goes out when the publish under way is acknowledged, or soon. */
enum state { IDLE, CONNECTING, SUBSCRIBING, UP, LEAVING, FINISHING, CLOSING, CLOSED };

enum { LEAVE_MS = 1000, FINISH_MS = 500 };

struct mqtt {
	struct mqtt_options options;
	struct mqtt_worker *worker;
	enum state state;
	unsigned generation; /* of the attempt that counts; older events are stale */
	int keep_alive_s;    /* ours, or what the server wants instead */
	bool adapted;        /* came back for the sake of keep_alive_s, and was not up since */
	struct mqtt_offer offer;
	struct mqtt_end parting; /* when LEAVING: what is said of it, static; no words: come back */
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

static void go_down(struct mqtt *mqtt, enum mqtt_advice advice, const char *why)
{
	timer_stop(mqtt->deadline);
	mqtt->state = IDLE;
	call(mqtt, (struct mqtt_call){ .kind = MQTT_CALL_DROP });
	mqtt->generation++;
	mqtt->options.down(mqtt->options.arg, &(struct mqtt_end){ advice, why });
}

/* ---- leaving ---- */

static bool is_end(const struct mqtt_event *event)
{
	return event->kind == MQTT_DISCONNECTED || event->kind == MQTT_LOST ||
	       event->kind == MQTT_REFUSED;
}

static void leave(struct mqtt *mqtt, uint8_t reason, struct mqtt_end parting)
{
	mqtt->state = LEAVING;
	mqtt->parting = parting;
	timer_in(mqtt->deadline, LEAVE_MS);
	call(mqtt, (struct mqtt_call){ .kind = MQTT_CALL_DISCONNECT, .number = reason });
}

static void left(struct mqtt *mqtt)
{
	if (mqtt->parting.why)
		go_down(mqtt, mqtt->parting.advice, mqtt->parting.why);
	else
		mqtt_connect(mqtt);
}

/* [MQTT-3.2.2-21]: the server's keep alive is to be used. The library takes one in CONNECT alone,
 * so the client comes back with it; its session waits. */
static bool must_adapt(const struct mqtt *mqtt)
{
	int wanted = mqtt->offer.keep_alive_s;

	return wanted > 0 && wanted < mqtt->keep_alive_s;
}

static void adapt(struct mqtt *mqtt)
{
	static const struct mqtt_end restless = { MQTT_AGAIN, "the server's keep alive changes" };
	static const struct mqtt_end back = { 0 };
	bool again = mqtt->adapted;

	mqtt->keep_alive_s = mqtt->offer.keep_alive_s;
	mqtt->adapted = true;
	leave(mqtt, MQTT_REASON_NORMAL, again ? restless : back);
}

static void close_now(struct mqtt *mqtt)
{
	timer_stop(mqtt->deadline);
	mqtt->state = CLOSING;
	call(mqtt, (struct mqtt_call){ .kind = MQTT_CALL_DISCONNECT });
}

static void finish(struct mqtt *mqtt, const struct mqtt_event *event)
{
	if (event->kind == MQTT_PUBLISHED) {
		mqtt->options.published(mqtt->options.arg);
		close_now(mqtt);
	} else if (event->kind == MQTT_REJECTED) {
		close_now(mqtt);
	} else if (is_end(event)) {
		timer_stop(mqtt->deadline);
		mqtt->state = CLOSED;
	}
}

/* ---- what happens ---- */

static void deadline_passed(void *arg)
{
	struct mqtt *mqtt = arg;

	switch (mqtt->state) {
	case CONNECTING:
		go_down(mqtt, MQTT_SILENCE, "no answer to CONNECT in time");
		break;
	case SUBSCRIBING:
		go_down(mqtt, MQTT_SILENCE, "no answer to SUBSCRIBE in time");
		break;
	case UP:
		go_down(mqtt, MQTT_SILENCE, "no answer to PUBLISH in time");
		break;
	case LEAVING:
		left(mqtt);
		break;
	case FINISHING:
		close_now(mqtt);
		break;
	case IDLE:
	case CLOSING:
	case CLOSED:
		break;
	}
}

static void on_connected(struct mqtt *mqtt, const struct mqtt_offer *offer)
{
	mqtt->offer = *offer;
	if (must_adapt(mqtt)) {
		adapt(mqtt);
		return;
	}
	mqtt->state = SUBSCRIBING;
	start_deadline(mqtt);
	call(mqtt, (struct mqtt_call){ .kind = MQTT_CALL_SUBSCRIBE, .topic = mqtt->options.topic });
}

static void on_subscribed(struct mqtt *mqtt)
{
	mqtt->state = UP;
	mqtt->adapted = false;
	timer_stop(mqtt->deadline);
	if (mqtt->offer.resumed)
		start_deadline(mqtt);
	mqtt->options.up(mqtt->options.arg, mqtt->offer.resumed);
}

static void on_published(struct mqtt *mqtt)
{
	/* What was sent again may be acknowledged before SUBSCRIBE is. */
	mqtt->offer.resumed = false;
	if (mqtt->state == UP)
		timer_stop(mqtt->deadline);
	mqtt->options.published(mqtt->options.arg);
}

static void on_rejected(struct mqtt *mqtt, const struct mqtt_event *event)
{
	timer_stop(mqtt->deadline);
	mqtt->options.rejected(
		mqtt->options.arg,
		&(struct mqtt_end){ mqtt_reason_advice(event->reason), event->data });
}

static void handle(struct mqtt *mqtt, const struct mqtt_event *event)
{
	enum mqtt_advice advice = mqtt_reason_advice(event->reason);

	switch (event->kind) {
	case MQTT_CONNECTED:
		on_connected(mqtt, &event->offer);
		break;
	case MQTT_SUBSCRIBED:
		on_subscribed(mqtt);
		break;
	case MQTT_PUBLISHED:
		on_published(mqtt);
		break;
	case MQTT_REJECTED:
		on_rejected(mqtt, event);
		break;
	case MQTT_ARRIVED:
		break; /* on_event has it */
	case MQTT_BREACH:
		leave(mqtt, event->reason,
		      (struct mqtt_end){ MQTT_AGAIN, mqtt_reason_words(event->reason) });
		break;
	case MQTT_DISCONNECTED:
	case MQTT_LOST:
	case MQTT_REFUSED:
		go_down(mqtt, advice, event->data ? event->data : "disconnected");
		break;
	}
}

static void on_event(void *arg, const struct mqtt_event *event)
{
	struct mqtt *mqtt = arg;

	/* Whatever has become of the connection: it is acknowledged and will not come again. */
	if (event->kind == MQTT_ARRIVED)
		mqtt->options.message(mqtt->options.arg, event->topic, event->data, event->size);
	if (event->generation != mqtt->generation)
		return;
	switch (mqtt->state) {
	case IDLE:
	case CLOSED:
		break;
	case LEAVING:
		if (is_end(event))
			left(mqtt);
		break;
	case FINISHING:
		finish(mqtt, event);
		break;
	case CLOSING:
		if (is_end(event))
			mqtt->state = CLOSED;
		break;
	case CONNECTING:
	case SUBSCRIBING:
	case UP:
		handle(mqtt, event);
		break;
	}
}

/* ---- what is asked ---- */

void mqtt_connect(struct mqtt *mqtt)
{
	mqtt->state = CONNECTING;
	mqtt->generation++;
	start_deadline(mqtt);
	call(mqtt, (struct mqtt_call){ .kind = MQTT_CALL_CONNECT, .number = mqtt->keep_alive_s });
}

/* At most, of 5.0 with QoS 1: fixed header, topic, packet identifier, length of no properties. */
static size_t packet_size(const char *topic, size_t size)
{
	return 1 + 4 + 2 + strlen(topic) + 2 + 1 + size;
}

void mqtt_publish(struct mqtt *mqtt, const char *topic, const char *data, size_t size)
{
	static const struct mqtt_end too_large = { MQTT_HOPELESS, "larger than the server takes" };

	/* [MQTT-3.2.2-15] */
	if (mqtt->offer.maximum_packet && packet_size(topic, size) > mqtt->offer.maximum_packet) {
		mqtt->options.rejected(mqtt->options.arg, &too_large);
		return;
	}
	start_deadline(mqtt);
	call(mqtt, (struct mqtt_call){ .kind = MQTT_CALL_PUBLISH,
				       .number = mqtt->offer.maximum_qos,
				       .topic = topic,
				       .data = data,
				       .size = size });
}

void mqtt_close(struct mqtt *mqtt)
{
	bool publishes = mqtt->state == UP && timer_active(mqtt->deadline);

	timer_stop(mqtt->deadline);
	switch (mqtt->state) {
	case UP:
	case SUBSCRIBING:
		if (!publishes) {
			close_now(mqtt);
			break;
		}
		mqtt->state = FINISHING;
		timer_in(mqtt->deadline, FINISH_MS);
		break;
	case LEAVING:
		mqtt->state = CLOSING;
		break;
	case IDLE:
	case CONNECTING:
		mqtt->state = CLOSED;
		break;
	case FINISHING:
	case CLOSING:
	case CLOSED:
		break;
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
	mqtt->keep_alive_s = options->keep_alive_s;
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
