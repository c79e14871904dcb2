#include "agents/common/mqtt.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "agents/common/paho.h"
#include "agents/common/tls_policy.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "ecsp/ecsp.h"

enum state { IDLE, CONNECTING, SUBSCRIBING, UP, CLOSING, CLOSED };
enum work_kind {
	WORK_CONNECT,
	WORK_SUBSCRIBE,
	WORK_PUBLISH,
	WORK_DROP,
	WORK_DISCONNECT,
	WORK_STOP
};
enum event_kind { CONNECTED, SUBSCRIBED, PUBLISHED, ARRIVED, DISCONNECTED, REFUSED, LOST };

/* For the worker. */
struct work {
	struct work *next;
	enum work_kind kind;
	unsigned generation;
	char *topic, *data;
	size_t size;
};

/* For the loop. */
struct event {
	struct event *next;
	enum event_kind kind;
	unsigned generation;
	char *topic, *data; /* of a message; data: why, otherwise */
	size_t size;
};

/* One attempt to connect and what follows; paho's call backs hold it. Owned by the worker. */
struct link {
	struct mqtt *mqtt;
	MQTTAsync handle;
	unsigned generation;
};

struct mqtt {
	struct mqtt_options options;
	char *server;
	enum state state;    /* loop only, as is all down to lock */
	unsigned generation; /* of the attempt that counts; older events are stale */
	bool publishing;
	struct watch *watch;
	struct timer *deadline;
	int wake_fd;
	pthread_t worker;
	struct link *link; /* worker only */

	pthread_mutex_t lock; /* for all below */
	pthread_cond_t work_there, event_taken;
	struct work *work, **work_end;
	struct event *events, **events_end;
	uint64_t arrived, taken; /* messages, so that a call back can wait for the loop */
};

/* ---- worker and paho's threads ---- */

static void put_event(struct link *link, struct event event, const char *topic, const void *data,
		      size_t size)
{
	struct mqtt *mqtt = link->mqtt;
	struct event *copy = alloc_zero(1, sizeof(*copy));
	uint64_t one = 1;

	*copy = event;
	copy->generation = link->generation;
	copy->topic = alloc_text(topic);
	copy->data = data ? alloc_bytes(data, size) : NULL;
	copy->size = size;
	pthread_mutex_lock(&mqtt->lock);
	*mqtt->events_end = copy;
	mqtt->events_end = &copy->next;
	pthread_mutex_unlock(&mqtt->lock);
	if (write(mqtt->wake_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		abort(); /* an eventfd takes any count */
}

static void put_failure(struct link *link, enum event_kind kind, const char *why)
{
	put_event(link, (struct event){ .kind = kind }, NULL, why, strlen(why));
}

static void on_connected(void *arg, MQTTAsync_successData *data)
{
	(void)data;
	put_event(arg, (struct event){ .kind = CONNECTED }, NULL, NULL, 0);
}

static void on_connect_failed(void *arg, MQTTAsync_failureData *data)
{
	const char *why = data && data->message ? data->message : "connect failed";

	/* CONNACK codes 1 to 5 (MQTT 3.1.1, 3.2.2.3): the server was reached and said no. */
	bool refused = data && data->code >= 1 && data->code <= 5;
	put_failure(arg, refused ? REFUSED : LOST, why);
}

static void on_subscribed(void *arg, MQTTAsync_successData *data)
{
	/* 0x80 in SUBACK: failure (MQTT 3.1.1, 3.9.3) */
	if (data && data->alt.qos != 1)
		put_failure(arg, REFUSED, "subscription refused");
	else
		put_event(arg, (struct event){ .kind = SUBSCRIBED }, NULL, NULL, 0);
}

static void on_subscribe_failed(void *arg, MQTTAsync_failureData *data)
{
	(void)data;
	put_failure(arg, REFUSED, "subscription refused");
}

static void on_published(void *arg, MQTTAsync_successData *data)
{
	(void)data;
	put_event(arg, (struct event){ .kind = PUBLISHED }, NULL, NULL, 0);
}

static void on_publish_failed(void *arg, MQTTAsync_failureData *data)
{
	(void)data;
	put_failure(arg, LOST, "publish failed");
}

static void on_disconnected(void *arg, MQTTAsync_successData *data)
{
	(void)data;
	put_event(arg, (struct event){ .kind = DISCONNECTED }, NULL, NULL, 0);
}

static void on_disconnect_failed(void *arg, MQTTAsync_failureData *data)
{
	(void)data;
	put_event(arg, (struct event){ .kind = DISCONNECTED }, NULL, NULL, 0);
}

static void on_lost(void *arg, char *cause)
{
	put_failure(arg, LOST, cause ? cause : "connection lost");
}

/* Waits until the loop has kept the message: paho acknowledges it after this returns. */
static bool wait_taken(struct mqtt *mqtt)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 2;
	pthread_mutex_lock(&mqtt->lock);
	uint64_t mine = ++mqtt->arrived;
	int status = 0;
	while (mqtt->taken < mine && status == 0)
		status = pthread_cond_timedwait(&mqtt->event_taken, &mqtt->lock, &until);
	bool taken = mqtt->taken >= mine;
	pthread_mutex_unlock(&mqtt->lock);
	return taken;
}

static int on_message(void *arg, char *topic, int topic_size, MQTTAsync_message *message)
{
	struct link *link = arg;
	AUTO_FREE char *name =
		topic_size > 0 ? alloc_bytes(topic, (size_t)topic_size) : alloc_text(topic);
	size_t size = message->payloadlen > 0 ? (size_t)message->payloadlen : 0;

	if (size <= MQTT_MESSAGE_MAX) {
		put_event(link, (struct event){ .kind = ARRIVED }, name, message->payload, size);
		wait_taken(link->mqtt);
	}
	MQTTAsync_freeMessage(&message);
	MQTTAsync_free(topic);
	return 1;
}

static void link_drop(struct mqtt *mqtt)
{
	if (!mqtt->link)
		return;
	MQTTAsync_destroy(&mqtt->link->handle);
	free(mqtt->link);
	mqtt->link = NULL;
}

static int paho_connect(struct link *link)
{
	static const unsigned char alpn[] = "\x04" ECSP_ALPN_MQTT;
	const struct mqtt_options *options = &link->mqtt->options;
	MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer;
	MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
	MQTTAsync_connectOptions connect = MQTTAsync_connectOptions_initializer;

	create.MQTTVersion = MQTTVERSION_3_1_1;
	int status = MQTTAsync_createWithOptions(&link->handle, link->mqtt->server, options->client,
						 MQTTCLIENT_PERSISTENCE_NONE, NULL, &create);
	if (status != MQTTASYNC_SUCCESS)
		return status;
	MQTTAsync_setCallbacks(link->handle, link, on_lost, on_message, NULL);
	tls.trustStore = options->trust;
	tls.disableDefaultTrustStore = 1;
	tls.enableServerCertAuth = tls_mqtt.check_certificate;
	tls.verify = tls_mqtt.check_name;
	tls.protos = alpn;
	tls.protos_len = sizeof(alpn) - 1;
	connect.ssl = &tls;
	connect.MQTTVersion = MQTTVERSION_3_1_1;
	connect.cleansession = 0;
	connect.keepAliveInterval = options->keep_alive_s;
	connect.connectTimeout = (int)(options->deadline_ms / 1000 + 2);
	connect.username = options->client;
	connect.password = options->password;
	connect.onSuccess = on_connected;
	connect.onFailure = on_connect_failed;
	connect.context = link;
	return MQTTAsync_connect(link->handle, &connect);
}

static void work_connect(struct mqtt *mqtt, const struct work *work)
{
	link_drop(mqtt);
	mqtt->link = alloc_zero(1, sizeof(*mqtt->link));
	mqtt->link->mqtt = mqtt;
	mqtt->link->generation = work->generation;
	int status = paho_connect(mqtt->link);
	if (status != MQTTASYNC_SUCCESS)
		put_failure(mqtt->link, LOST, MQTTAsync_strerror(status));
}

static void work_subscribe(struct mqtt *mqtt, const struct work *work)
{
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;

	response.onSuccess = on_subscribed;
	response.onFailure = on_subscribe_failed;
	response.context = mqtt->link;
	int status = MQTTAsync_subscribe(mqtt->link->handle, work->topic, 1, &response);
	if (status != MQTTASYNC_SUCCESS)
		put_failure(mqtt->link, LOST, MQTTAsync_strerror(status));
}

static void work_publish(struct mqtt *mqtt, const struct work *work)
{
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;

	response.onSuccess = on_published;
	response.onFailure = on_publish_failed;
	response.context = mqtt->link;
	int status = MQTTAsync_send(mqtt->link->handle, work->topic, (int)work->size, work->data, 1,
				    0, &response);
	if (status != MQTTASYNC_SUCCESS)
		put_failure(mqtt->link, LOST, MQTTAsync_strerror(status));
}

static void work_disconnect(struct mqtt *mqtt)
{
	MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;

	options.timeout = 500;
	options.onSuccess = on_disconnected;
	options.onFailure = on_disconnect_failed;
	options.context = mqtt->link;
	if (MQTTAsync_disconnect(mqtt->link->handle, &options) != MQTTASYNC_SUCCESS)
		put_event(mqtt->link, (struct event){ .kind = DISCONNECTED }, NULL, NULL, 0);
}

static struct work *next_work(struct mqtt *mqtt)
{
	pthread_mutex_lock(&mqtt->lock);
	while (!mqtt->work)
		pthread_cond_wait(&mqtt->work_there, &mqtt->lock);
	struct work *work = mqtt->work;
	mqtt->work = work->next;
	if (!mqtt->work)
		mqtt->work_end = &mqtt->work;
	pthread_mutex_unlock(&mqtt->lock);
	return work;
}

static void do_work(struct mqtt *mqtt, const struct work *work)
{
	bool current = mqtt->link && mqtt->link->generation == work->generation;

	switch (work->kind) {
	case WORK_CONNECT:
		work_connect(mqtt, work);
		break;
	case WORK_SUBSCRIBE:
		if (current)
			work_subscribe(mqtt, work);
		break;
	case WORK_PUBLISH:
		if (current)
			work_publish(mqtt, work);
		break;
	case WORK_DISCONNECT:
		if (current)
			work_disconnect(mqtt);
		break;
	case WORK_DROP:
	case WORK_STOP:
		link_drop(mqtt);
		break;
	}
}

static void *worker_run(void *arg)
{
	struct mqtt *mqtt = arg;
	bool stop = false;

	while (!stop) {
		struct work *work = next_work(mqtt);
		do_work(mqtt, work);
		stop = work->kind == WORK_STOP;
		free(work->topic);
		free(work->data);
		free(work);
	}
	return NULL;
}

/* ---- loop ---- */

static void give_work(struct mqtt *mqtt, enum work_kind kind, const char *topic, const char *data,
		      size_t size)
{
	struct work *work = alloc_zero(1, sizeof(*work));

	work->kind = kind;
	work->generation = mqtt->generation;
	work->topic = alloc_text(topic);
	work->data = data ? alloc_bytes(data, size) : NULL;
	work->size = size;
	pthread_mutex_lock(&mqtt->lock);
	*mqtt->work_end = work;
	mqtt->work_end = &work->next;
	pthread_cond_signal(&mqtt->work_there);
	pthread_mutex_unlock(&mqtt->lock);
}

static void start_deadline(struct mqtt *mqtt)
{
	timer_in(mqtt->deadline, (uint64_t)mqtt->options.deadline_ms);
}

static void go_down(struct mqtt *mqtt, bool refused, const char *why)
{
	timer_stop(mqtt->deadline);
	mqtt->state = IDLE;
	mqtt->publishing = false;
	give_work(mqtt, WORK_DROP, NULL, NULL, 0);
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

static void handle(struct mqtt *mqtt, const struct event *event)
{
	if (event->generation != mqtt->generation || mqtt->state == IDLE || mqtt->state == CLOSED)
		return;
	if (mqtt->state == CLOSING) {
		if (event->kind == DISCONNECTED || event->kind == LOST || event->kind == REFUSED)
			mqtt->state = CLOSED;
		return;
	}
	switch (event->kind) {
	case CONNECTED:
		mqtt->state = SUBSCRIBING;
		start_deadline(mqtt);
		give_work(mqtt, WORK_SUBSCRIBE, mqtt->options.topic, NULL, 0);
		break;
	case SUBSCRIBED:
		mqtt->state = UP;
		timer_stop(mqtt->deadline);
		mqtt->options.up(mqtt->options.arg);
		break;
	case PUBLISHED:
		mqtt->publishing = false;
		timer_stop(mqtt->deadline);
		mqtt->options.published(mqtt->options.arg);
		break;
	case ARRIVED:
		mqtt->options.message(mqtt->options.arg, event->topic, event->data, event->size);
		break;
	case DISCONNECTED:
	case LOST:
		go_down(mqtt, false, event->data ? event->data : "disconnected");
		break;
	case REFUSED:
		go_down(mqtt, true, event->data);
		break;
	}
}

static struct event *take_event(struct mqtt *mqtt)
{
	pthread_mutex_lock(&mqtt->lock);
	struct event *event = mqtt->events;
	if (event) {
		mqtt->events = event->next;
		if (!mqtt->events)
			mqtt->events_end = &mqtt->events;
	}
	pthread_mutex_unlock(&mqtt->lock);
	return event;
}

static void mark_taken(struct mqtt *mqtt)
{
	pthread_mutex_lock(&mqtt->lock);
	mqtt->taken++;
	pthread_cond_broadcast(&mqtt->event_taken);
	pthread_mutex_unlock(&mqtt->lock);
}

static void free_event(struct event *event)
{
	free(event->topic);
	free(event->data);
	free(event);
}

static void woken(void *arg, unsigned flags)
{
	struct mqtt *mqtt = arg;
	uint64_t count;
	struct event *event;

	(void)flags;
	if (read(mqtt->wake_fd, &count, sizeof(count)) < 0 && errno != EAGAIN && errno != EINTR)
		abort(); /* ours alone */
	while ((event = take_event(mqtt))) {
		handle(mqtt, event);
		if (event->kind == ARRIVED)
			mark_taken(mqtt);
		free_event(event);
	}
}

void mqtt_connect(struct mqtt *mqtt)
{
	mqtt->state = CONNECTING;
	mqtt->generation++;
	start_deadline(mqtt);
	give_work(mqtt, WORK_CONNECT, NULL, NULL, 0);
}

void mqtt_publish(struct mqtt *mqtt, const char *topic, const char *data, size_t size)
{
	mqtt->publishing = true;
	start_deadline(mqtt);
	give_work(mqtt, WORK_PUBLISH, topic, data, size);
}

void mqtt_close(struct mqtt *mqtt)
{
	timer_stop(mqtt->deadline);
	if (mqtt->state == SUBSCRIBING || mqtt->state == UP) {
		mqtt->state = CLOSING;
		give_work(mqtt, WORK_DISCONNECT, NULL, NULL, 0);
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
	MQTTAsync_init_options init = MQTTAsync_init_options_initializer;
	struct mqtt *mqtt = alloc_zero(1, sizeof(*mqtt));
	pthread_condattr_t monotonic;

	/* OpenSSL is set up already, with the floor of tls_library.c. */
	init.do_openssl_init = 0;
	MQTTAsync_global_init(&init);
	mqtt->options = *options;
	mqtt->server = alloc_printf("ssl://%s", options->url + strlen("mqtts://"));
	mqtt->events_end = &mqtt->events;
	mqtt->work_end = &mqtt->work;
	mqtt->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&mqtt->lock, NULL);
	pthread_cond_init(&mqtt->work_there, NULL);
	/* Somebody may set the calendar while it waits. */
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&mqtt->event_taken, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (mqtt->wake_fd < 0 || pthread_create(&mqtt->worker, NULL, worker_run, mqtt) != 0) {
		error_set(err, EAGAIN, "mqtt: cannot start its thread");
		if (mqtt->wake_fd >= 0)
			close(mqtt->wake_fd);
		free(mqtt->server);
		free(mqtt);
		return NULL;
	}
	mqtt->deadline = timer_new(options->loop, deadline_passed, mqtt);
	mqtt->watch = watch_new(options->loop, mqtt->wake_fd, LOOP_READ, woken, mqtt);
	return mqtt;
}

/* paho may sit in a name lookup that nothing ends; then its thread is left to the end of the
 * process, which is near, and so is what it may still touch. */
static bool join_worker(struct mqtt *mqtt)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 1;
	return pthread_clockjoin_np(mqtt->worker, NULL, CLOCK_MONOTONIC, &until) == 0;
}

void mqtt_free(struct mqtt *mqtt)
{
	struct event *event;

	if (!mqtt)
		return;
	give_work(mqtt, WORK_STOP, NULL, NULL, 0);
	mark_taken(mqtt);
	watch_free(mqtt->watch);
	timer_free(mqtt->deadline);
	if (!join_worker(mqtt))
		return;
	while ((event = take_event(mqtt)))
		free_event(event);
	close(mqtt->wake_fd);
	pthread_cond_destroy(&mqtt->event_taken);
	pthread_cond_destroy(&mqtt->work_there);
	pthread_mutex_destroy(&mqtt->lock);
	free(mqtt->server);
	free(mqtt);
}
