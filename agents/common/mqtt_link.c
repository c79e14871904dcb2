#include "agents/common/mqtt_link.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "agents/common/paho.h"
#include "agents/common/tls_policy.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "ecsp/ecsp.h"

struct mqtt_link {
	struct mqtt_link_options options;
	MQTTAsync handle;
};

static void put_event(struct mqtt_link *link, struct mqtt_event event)
{
	event.generation = link->options.generation;
	link->options.event(link->options.arg, &event);
}

static void put_kind(struct mqtt_link *link, enum mqtt_event_kind kind)
{
	put_event(link, (struct mqtt_event){ .kind = kind });
}

static void put_failure(struct mqtt_link *link, enum mqtt_event_kind kind, const char *why)
{
	put_event(link, (struct mqtt_event){ .kind = kind, .data = why, .size = strlen(why) });
}

static void on_connected(void *arg, MQTTAsync_successData *data)
{
	(void)data;
	put_kind(arg, MQTT_CONNECTED);
}

static void on_connect_failed(void *arg, MQTTAsync_failureData *data)
{
	const char *why = data && data->message ? data->message : "connect failed";

	/* CONNACK codes 1 to 5 (MQTT 3.1.1, 3.2.2.3): the server was reached and said no. */
	bool refused = data && data->code >= 1 && data->code <= 5;
	put_failure(arg, refused ? MQTT_REFUSED : MQTT_LOST, why);
}

static void on_subscribed(void *arg, MQTTAsync_successData *data)
{
	/* 0x80 in SUBACK: failure (MQTT 3.1.1, 3.9.3) */
	if (data && data->alt.qos != 1)
		put_failure(arg, MQTT_REFUSED, "subscription refused");
	else
		put_kind(arg, MQTT_SUBSCRIBED);
}

static void on_subscribe_failed(void *arg, MQTTAsync_failureData *data)
{
	(void)data;
	put_failure(arg, MQTT_REFUSED, "subscription refused");
}

static void on_published(void *arg, MQTTAsync_successData *data)
{
	(void)data;
	put_kind(arg, MQTT_PUBLISHED);
}

static void on_publish_failed(void *arg, MQTTAsync_failureData *data)
{
	(void)data;
	put_failure(arg, MQTT_LOST, "publish failed");
}

static void on_disconnected(void *arg, MQTTAsync_successData *data)
{
	(void)data;
	put_kind(arg, MQTT_DISCONNECTED);
}

static void on_disconnect_failed(void *arg, MQTTAsync_failureData *data)
{
	(void)data;
	put_kind(arg, MQTT_DISCONNECTED);
}

static void on_lost(void *arg, char *cause)
{
	put_failure(arg, MQTT_LOST, cause ? cause : "connection lost");
}

static int on_message(void *arg, char *topic, int topic_size, MQTTAsync_message *message)
{
	AUTO_FREE char *name =
		topic_size > 0 ? alloc_bytes(topic, (size_t)topic_size) : alloc_text(topic);
	size_t size = message->payloadlen > 0 ? (size_t)message->payloadlen : 0;

	if (size <= MQTT_MESSAGE_MAX)
		put_event(arg, (struct mqtt_event){ .kind = MQTT_ARRIVED,
						    .topic = name,
						    .data = message->payload,
						    .size = size });
	MQTTAsync_freeMessage(&message);
	MQTTAsync_free(topic);
	return 1;
}

static int create(struct mqtt_link *link)
{
	const struct mqtt_options *options = link->options.mqtt;
	MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer;
	AUTO_FREE char *server = alloc_printf("ssl://%s", options->url + strlen("mqtts://"));

	create.MQTTVersion = MQTTVERSION_3_1_1;
	return MQTTAsync_createWithOptions(&link->handle, server, options->client,
					   MQTTCLIENT_PERSISTENCE_NONE, NULL, &create);
}

static int start_connect(struct mqtt_link *link)
{
	static const unsigned char alpn[] = "\x04" ECSP_ALPN_MQTT;
	const struct mqtt_options *options = link->options.mqtt;
	MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
	MQTTAsync_connectOptions connect = MQTTAsync_connectOptions_initializer;

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

static void check(struct mqtt_link *link, int status)
{
	if (status != MQTTASYNC_SUCCESS)
		put_failure(link, MQTT_LOST, MQTTAsync_strerror(status));
}

/* Once a process: a second call would make paho's locks anew, under the threads that wait on them.
 */
static void init_library(void)
{
	MQTTAsync_init_options init = MQTTAsync_init_options_initializer;

	/* OpenSSL is set up already, with the floor of tls_library.c. */
	init.do_openssl_init = 0;
	MQTTAsync_global_init(&init);
}

struct mqtt_link *mqtt_link_new(const struct mqtt_link_options *options)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct mqtt_link *link = alloc_zero(1, sizeof(*link));

	pthread_once(&once, init_library);
	link->options = *options;
	int status = create(link);
	if (status == MQTTASYNC_SUCCESS)
		status = start_connect(link);
	check(link, status);
	return link;
}

void mqtt_link_free(struct mqtt_link *link)
{
	if (!link)
		return;
	MQTTAsync_destroy(&link->handle);
	free(link);
}

unsigned mqtt_link_generation(const struct mqtt_link *link)
{
	return link->options.generation;
}

void mqtt_link_subscribe(struct mqtt_link *link, const char *topic)
{
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;

	response.onSuccess = on_subscribed;
	response.onFailure = on_subscribe_failed;
	response.context = link;
	check(link, MQTTAsync_subscribe(link->handle, topic, 1, &response));
}

void mqtt_link_publish(struct mqtt_link *link, const char *topic, const char *data, size_t size)
{
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;

	response.onSuccess = on_published;
	response.onFailure = on_publish_failed;
	response.context = link;
	check(link, MQTTAsync_send(link->handle, topic, (int)size, data, 1, 0, &response));
}

void mqtt_link_disconnect(struct mqtt_link *link)
{
	MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;

	options.timeout = 500;
	options.onSuccess = on_disconnected;
	options.onFailure = on_disconnect_failed;
	options.context = link;
	if (MQTTAsync_disconnect(link->handle, &options) != MQTTASYNC_SUCCESS)
		put_kind(link, MQTT_DISCONNECTED);
}
