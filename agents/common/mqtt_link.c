#include "agents/common/mqtt_link.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "agents/common/paho.h"
#include "agents/common/tls_policy.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "ecsp/ecsp.h"

enum {
	SESSION_S = 7 * 24 * 3600, /* commands of a week wait for an agent that is switched off */
	RECEIVE_MAXIMUM = 16,
	PACKET_MAX = MQTT_MESSAGE_MAX + 4096, /* a message with its topic and properties */
};

struct mqtt_link {
	struct mqtt_link_options options;
	MQTTAsync handle;
	bool restored; /* a publish of an earlier connection is waiting to be sent again */
	bool resumed;  /* and the session is there for it */
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

static void put_failure(struct mqtt_link *link, enum mqtt_event_kind kind, uint8_t reason,
			const char *why)
{
	put_event(link, (struct mqtt_event){
				.kind = kind, .reason = reason, .data = why, .size = strlen(why) });
}

static void put_reason(struct mqtt_link *link, enum mqtt_event_kind kind, uint8_t reason)
{
	put_failure(link, kind, reason, mqtt_reason_words(reason));
}

static bool is_failure(int code)
{
	return code >= MQTT_REASON_UNSPECIFIED && code <= 0xFF;
}

/* ---- 3.1.1 ---- */

static void on_connected(void *arg, MQTTAsync_successData *data)
{
	struct mqtt_link *link = arg;

	link->resumed = link->restored && data && data->alt.connect.sessionPresent;
	put_event(link,
		  (struct mqtt_event){ .kind = MQTT_CONNECTED,
				       .offer = { .maximum_qos = 1, .resumed = link->resumed } });
}

static void on_connect_failed(void *arg, MQTTAsync_failureData *data)
{
	/* CONNACK codes 1 to 5 (MQTT 3.1.1, 3.2.2.3): the server was reached and said no. */
	if (data && data->code >= 1 && data->code <= 5)
		put_reason(arg, MQTT_REFUSED, mqtt_reason_old(data->code));
	else
		put_failure(arg, MQTT_LOST, 0,
			    data && data->message ? data->message : "connect failed");
}

enum { SUBSCRIPTION_REFUSED = 0x80 }; /* in SUBACK (MQTT 3.1.1, 3.9.3) */

static void on_subscribed(void *arg, MQTTAsync_successData *data)
{
	if (data && data->alt.qos != 1)
		put_failure(arg, MQTT_REFUSED, MQTT_REASON_UNSPECIFIED, "subscription refused");
	else
		put_kind(arg, MQTT_SUBSCRIBED);
}

/* Only the server can refuse; a connection that broke meanwhile is told in the same way. */
static void on_subscribe_failed(void *arg, MQTTAsync_failureData *data)
{
	if (data && data->code == SUBSCRIPTION_REFUSED)
		put_failure(arg, MQTT_REFUSED, MQTT_REASON_UNSPECIFIED, "subscription refused");
	else
		put_failure(arg, MQTT_LOST, 0, "subscription failed");
}

static void on_published(void *arg, MQTTAsync_successData *data)
{
	(void)data;
	put_kind(arg, MQTT_PUBLISHED);
}

static void on_publish_failed(void *arg, MQTTAsync_failureData *data)
{
	(void)data;
	put_failure(arg, MQTT_LOST, 0, "publish failed");
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

/* ---- 5.0 ---- */

static int64_t number_of(MQTTProperties *properties, enum MQTTPropertyCodes code, int64_t otherwise)
{
	return MQTTProperties_hasProperty(properties, code)
		       ? MQTTProperties_getNumericValue(properties, code)
		       : otherwise;
}

static void on_connected5(void *arg, MQTTAsync_successData5 *data)
{
	struct mqtt_link *link = arg;
	MQTTProperties *with = &data->properties;

	link->resumed = link->restored && data->alt.connect.sessionPresent;
	put_event(link,
		  (struct mqtt_event){
			  .kind = MQTT_CONNECTED,
			  .offer = {
				  .keep_alive_s = (int)number_of(
					  with, MQTTPROPERTY_CODE_SERVER_KEEP_ALIVE, 0),
				  .maximum_packet = (uint32_t)number_of(
					  with, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, 0),
				  .maximum_qos =
					  number_of(with, MQTTPROPERTY_CODE_MAXIMUM_QOS, 1) ? 1 : 0,
				  .resumed = link->resumed,
			  } });
}

static void on_connect_failed5(void *arg, MQTTAsync_failureData5 *data)
{
	if (is_failure(data->code))
		put_reason(arg, MQTT_REFUSED, (uint8_t)data->code);
	else
		put_failure(arg, MQTT_LOST, 0, data->message ? data->message : "connect failed");
}

static void on_subscribed5(void *arg, MQTTAsync_successData5 *data)
{
	(void)data;
	put_kind(arg, MQTT_SUBSCRIBED);
}

static void on_subscribe_failed5(void *arg, MQTTAsync_failureData5 *data)
{
	if (is_failure((int)data->reasonCode))
		put_reason(arg, MQTT_REFUSED, (uint8_t)data->reasonCode);
	else
		put_failure(arg, MQTT_LOST, 0, "subscription failed");
}

static void on_published5(void *arg, MQTTAsync_successData5 *data)
{
	(void)data;
	put_kind(arg, MQTT_PUBLISHED);
}

static void on_publish_failed5(void *arg, MQTTAsync_failureData5 *data)
{
	if (is_failure((int)data->reasonCode))
		put_reason(arg, MQTT_REJECTED, (uint8_t)data->reasonCode);
	else
		put_failure(arg, MQTT_LOST, 0, "publish failed");
}

static void on_disconnected5(void *arg, MQTTAsync_successData5 *data)
{
	(void)data;
	put_kind(arg, MQTT_DISCONNECTED);
}

static void on_disconnect_failed5(void *arg, MQTTAsync_failureData5 *data)
{
	(void)data;
	put_kind(arg, MQTT_DISCONNECTED);
}

/* The server's own DISCONNECT. */
static void on_told_to_go(void *arg, MQTTProperties *properties, enum MQTTReasonCodes reason)
{
	MQTTProperty *where =
		MQTTProperties_getProperty(properties, MQTTPROPERTY_CODE_SERVER_REFERENCE);
	AUTO_FREE char *why =
		where ? alloc_printf("%s: %.*s; not followed", mqtt_reason_words((uint8_t)reason),
				     where->value.data.len, where->value.data.data)
		      : alloc_text(mqtt_reason_words((uint8_t)reason));

	put_failure(arg, MQTT_LOST, (uint8_t)reason, why);
}

/* ---- both ---- */

static void on_lost(void *arg, char *cause)
{
	put_failure(arg, MQTT_LOST, 0, cause ? cause : "connection lost");
}

/* Of a publish that an earlier connection made, paho tells the acknowledgement in this way alone,
 * without its reason. */
static void on_delivered(void *arg, MQTTAsync_token token)
{
	struct mqtt_link *link = arg;

	(void)token;
	if (!link->resumed)
		return;
	link->resumed = false;
	put_kind(link, MQTT_PUBLISHED);
}

/* What no server may send that was told our limits in CONNECT; of 3.1.1 nobody was told any. */
static uint8_t breach_of(const struct mqtt_link *link, MQTTAsync_message *message)
{
	if (link->options.mqtt->version == MQTT_3_1_1)
		return 0;
	if (MQTTProperties_hasProperty(&message->properties, MQTTPROPERTY_CODE_TOPIC_ALIAS))
		return MQTT_REASON_ALIAS_INVALID; /* [MQTT-3.1.2-27] */
	return message->payloadlen > MQTT_MESSAGE_MAX ? MQTT_REASON_TOO_LARGE : 0;
}

static int on_message(void *arg, char *topic, int topic_size, MQTTAsync_message *message)
{
	struct mqtt_link *link = arg;
	AUTO_FREE char *name =
		topic_size > 0 ? alloc_bytes(topic, (size_t)topic_size) : alloc_text(topic);
	size_t size = message->payloadlen > 0 ? (size_t)message->payloadlen : 0;
	uint8_t breach = breach_of(link, message);

	if (breach)
		put_reason(link, MQTT_BREACH, breach);
	else if (size <= MQTT_MESSAGE_MAX)
		put_event(link, (struct mqtt_event){ .kind = MQTT_ARRIVED,
						     .topic = name,
						     .data = message->payload,
						     .size = size });
	MQTTAsync_freeMessage(&message);
	MQTTAsync_free(topic);
	return 1;
}

/* ---- calls ---- */

static int create(struct mqtt_link *link)
{
	const struct mqtt_options *options = link->options.mqtt;
	MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer;
	AUTO_FREE char *server = alloc_printf("ssl://%s", options->url + strlen("mqtts://"));

	create.MQTTVersion = options->version == MQTT_5_0 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
	return MQTTAsync_createWithOptions(&link->handle, server, options->client,
					   MQTTCLIENT_PERSISTENCE_USER,
					   mqtt_store_persistence(link->options.store), &create);
}

static void add_number(MQTTProperties *properties, enum MQTTPropertyCodes code, unsigned value)
{
	MQTTProperty property = { .identifier = code };

	/* Their types in the standard: two bytes, else four. */
	if (code == MQTTPROPERTY_CODE_RECEIVE_MAXIMUM)
		property.value.integer2 = (unsigned short)value;
	else
		property.value.integer4 = value;
	MQTTProperties_add(properties, &property);
}

/* No topic alias: zero are allowed to the server when nothing is said (3.1.2.11.5). */
static void set_limits(MQTTProperties *properties)
{
	add_number(properties, MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL, SESSION_S);
	add_number(properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, RECEIVE_MAXIMUM);
	add_number(properties, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, PACKET_MAX);
}

static void set_callbacks(struct mqtt_link *link, MQTTAsync_connectOptions *connect)
{
	connect->context = link;
	if (link->options.mqtt->version == MQTT_5_0) {
		connect->onSuccess5 = on_connected5;
		connect->onFailure5 = on_connect_failed5;
	} else {
		connect->onSuccess = on_connected;
		connect->onFailure = on_connect_failed;
	}
	MQTTAsync_setCallbacks(link->handle, link, on_lost, on_message, on_delivered);
	MQTTAsync_setDisconnected(link->handle, link, on_told_to_go);
}

static MQTTAsync_connectOptions connect_options(const struct mqtt_link *link,
						MQTTProperties *properties)
{
	static const MQTTAsync_connectOptions old = MQTTAsync_connectOptions_initializer;
	static const MQTTAsync_connectOptions new = MQTTAsync_connectOptions_initializer5;
	const struct mqtt_options *options = link->options.mqtt;
	MQTTAsync_connectOptions connect = options->version == MQTT_5_0 ? new : old;

	connect.MQTTVersion = options->version == MQTT_5_0 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
	connect.cleansession = 0;
	connect.cleanstart = 0;
	connect.keepAliveInterval = link->options.keep_alive_s;
	connect.connectTimeout = (int)(options->deadline_ms / 1000 + 2);
	connect.username = options->client;
	connect.password = options->password;
	if (options->version == MQTT_5_0) {
		set_limits(properties);
		connect.connectProperties = properties;
	}
	return connect;
}

static int start_connect(struct mqtt_link *link)
{
	static const unsigned char alpn[] = "\x04" ECSP_ALPN_MQTT;
	MQTTProperties properties = MQTTProperties_initializer;
	MQTTAsync_connectOptions connect = connect_options(link, &properties);
	MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;

	tls.trustStore = link->options.mqtt->trust;
	tls.disableDefaultTrustStore = 1;
	tls.enableServerCertAuth = tls_mqtt.check_certificate;
	tls.verify = tls_mqtt.check_name;
	tls.protos = alpn;
	tls.protos_len = sizeof(alpn) - 1;
	connect.ssl = &tls;
	set_callbacks(link, &connect);
	int status = MQTTAsync_connect(link->handle, &connect);
	MQTTProperties_free(&properties);
	return status;
}

static void check(struct mqtt_link *link, int status)
{
	if (status != MQTTASYNC_SUCCESS)
		put_failure(link, MQTT_LOST, 0, MQTTAsync_strerror(status));
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
	link->restored = mqtt_store_count(options->store);
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

static MQTTAsync_responseOptions response_options(struct mqtt_link *link)
{
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;

	response.context = link;
	return response;
}

void mqtt_link_subscribe(struct mqtt_link *link, const char *topic)
{
	MQTTAsync_responseOptions response = response_options(link);

	if (link->options.mqtt->version == MQTT_5_0) {
		response.onSuccess5 = on_subscribed5;
		response.onFailure5 = on_subscribe_failed5;
	} else {
		response.onSuccess = on_subscribed;
		response.onFailure = on_subscribe_failed;
	}
	check(link, MQTTAsync_subscribe(link->handle, topic, 1, &response));
}

void mqtt_link_publish(struct mqtt_link *link, const char *topic, const char *data, size_t size,
		       int qos)
{
	MQTTAsync_responseOptions response = response_options(link);

	if (link->options.mqtt->version == MQTT_5_0) {
		response.onSuccess5 = on_published5;
		response.onFailure5 = on_publish_failed5;
	} else {
		response.onSuccess = on_published;
		response.onFailure = on_publish_failed;
	}
	check(link, MQTTAsync_send(link->handle, topic, (int)size, data, qos, 0, &response));
}

void mqtt_link_disconnect(struct mqtt_link *link, uint8_t reason)
{
	static const MQTTAsync_disconnectOptions old = MQTTAsync_disconnectOptions_initializer;
	static const MQTTAsync_disconnectOptions new = MQTTAsync_disconnectOptions_initializer5;
	bool is_new = link->options.mqtt->version == MQTT_5_0;
	MQTTAsync_disconnectOptions options = is_new ? new : old;

	/* paho looks for the end of what is under way every 3 s only; who calls has waited. */
	options.timeout = 0;
	options.context = link;
	options.reasonCode = (enum MQTTReasonCodes)reason;
	if (is_new) {
		options.onSuccess5 = on_disconnected5;
		options.onFailure5 = on_disconnect_failed5;
	} else {
		options.onSuccess = on_disconnected;
		options.onFailure = on_disconnect_failed;
	}
	if (MQTTAsync_disconnect(link->handle, &options) != MQTTASYNC_SUCCESS)
		put_kind(link, MQTT_DISCONNECTED);
}
