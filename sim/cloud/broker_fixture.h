/* broker_fixture.h: a broker and clients that remember what it said to them. For tests alone. */
#ifndef SIM_CLOUD_BROKER_FIXTURE_H
#define SIM_CLOUD_BROKER_FIXTURE_H

#include "base/cleanup.h"
#include "base/test.h"
#include "sim/cloud/broker.h"

enum { SAID_MAX = 16, TEXT_MAX = 64 };

/* One client: remembers what the broker said to it. */
struct end {
	struct broker_client *client;
	struct mqtt_packet said[SAID_MAX];
	char payload[SAID_MAX][TEXT_MAX], topic[SAID_MAX][TEXT_MAX];
	int count;
	const char *dropped;
};

static struct broker *broker;
static char last_result[TEXT_MAX];
static int results;

static void hear(void *arg, const struct mqtt_packet *packet)
{
	struct end *end = arg;
	ck_assert_int_lt(end->count, SAID_MAX);
	snprintf(end->payload[end->count], TEXT_MAX, "%.*s", (int)packet->payload.size,
		 packet->payload.data ? (const char *)packet->payload.data : "");
	snprintf(end->topic[end->count], TEXT_MAX, "%.*s", (int)packet->topic.size,
		 packet->topic.data ? (const char *)packet->topic.data : "");
	end->said[end->count++] = *packet;
}

static void feel_drop(void *arg, const char *why)
{
	struct end *end = arg;
	end->dropped = why;
}

static bool log_in(void *arg, const char *user, const char *secret)
{
	(void)arg;
	return (!strcmp(user, "a") || !strcmp(user, "b")) && !strcmp(secret, "s");
}

static void take_result(void *arg, uint64_t connection, const char *agent, const void *data,
			size_t size)
{
	(void)arg;
	(void)connection;
	results++;
	snprintf(last_result, sizeof(last_result), "%s:%.*s", agent, (int)size, (const char *)data);
}

static struct mqtt_bytes bytes(const char *text)
{
	return (struct mqtt_bytes){ (const uint8_t *)text, strlen(text) };
}

static inline void open_end(struct end *end)
{
	struct broker_wire wire = { hear, feel_drop, end };
	*end = (struct end){ .client = broker_client_new(broker, 1, &wire) };
}

static struct broker_limits limits;
static uint64_t now;
static uint64_t woken_at;

static uint64_t now_ms(void *arg)
{
	(void)arg;
	return now;
}

static void wake(void *arg, uint64_t at_ms)
{
	(void)arg;
	woken_at = at_ms;
}

static inline void connect_as(struct end *end, const char *client, const char *user,
			      const char *secret, bool clean)
{
	struct mqtt_packet packet = {
		.type = MQTT_CONNECT,
		.connect = { .protocol = bytes("MQTT"),
			     .level = 4,
			     .clean = clean,
			     .has_user = true,
			     .has_password = true,
			     .client = bytes(client),
			     .user = bytes(user),
			     .password = bytes(secret) },
	};
	open_end(end);
	broker_receive(end->client, &packet);
}

static inline void subscribe(struct end *end, const char *topic, uint8_t qos)
{
	struct mqtt_packet packet = { .type = MQTT_SUBSCRIBE, .id = 1, .filter_count = 1 };
	packet.filters[0] = (struct mqtt_filter){ bytes(topic), qos };
	broker_receive(end->client, &packet);
}

static inline void publish(struct end *end, const char *topic, uint8_t qos)
{
	struct mqtt_packet packet = {
		.type = MQTT_PUBLISH,
		.qos = qos,
		.id = qos ? 9 : 0,
		.topic = bytes(topic),
		.payload = bytes("done"),
	};
	broker_receive(end->client, &packet);
}

static inline void acknowledge(struct end *end, uint16_t id)
{
	broker_receive(end->client, &(struct mqtt_packet){ .type = MQTT_PUBACK, .id = id });
}

static inline const struct mqtt_packet *last(const struct end *end)
{
	ck_assert_int_gt(end->count, 0);
	return &end->said[end->count - 1];
}

static inline void setup(void)
{
	limits = (struct broker_limits){ 0 };
	broker = broker_new(&(struct broker_rules){ .login = log_in,
						    .result = take_result,
						    .now_ms = now_ms,
						    .wake = wake,
						    .limits = &limits });
	results = 0;
	now = 1000;
	woken_at = 0;
}

static inline void close_end(struct end *end)
{
	broker_client_free(end->client);
	end->client = NULL;
}

/* ---- 5.0 ---- */

#define OWN(tail) "ecsp/v1/agents/a/" tail

/* A CONNECT of agent "a" by 5.0, to be changed before it is sent. */
static inline struct mqtt_packet connect_5(const char *client, bool clean)
{
	return (struct mqtt_packet){
		.type = MQTT_CONNECT,
		.connect = { .protocol = bytes("MQTT"),
			     .level = MQTT_5,
			     .clean = clean,
			     .has_user = true,
			     .has_password = true,
			     .client = bytes(client),
			     .user = bytes("a"),
			     .password = bytes("s") },
	};
}

static inline void add(struct mqtt_packet *packet, enum mqtt_property_id id, uint32_t number)
{
	mqtt_property_add_number(&packet->properties, id, number);
}

static inline void send_to_broker(struct end *end, const struct mqtt_packet *packet)
{
	broker_receive(end->client, packet);
}

static inline void open_with(struct end *end, const struct mqtt_packet *connect)
{
	open_end(end);
	broker_receive(end->client, connect);
}

/* Connected by 5.0 with a session that lasts. */
static inline void connect_lasting(struct end *end, const char *client)
{
	struct mqtt_packet connect = connect_5(client, false);
	add(&connect, MQTT_SESSION_EXPIRY, 60);
	open_with(end, &connect);
	ck_assert_int_eq(end->said[0].type, MQTT_CONNACK);
	ck_assert_uint_eq(end->said[0].reason, MQTT_SUCCESS);
}

static inline int count_said(const struct end *end, enum mqtt_type type)
{
	int count = 0;
	for (int i = 0; i < end->count; i++)
		count += end->said[i].type == type;
	return count;
}

static inline uint32_t number_of(const struct mqtt_packet *packet, enum mqtt_property_id id)
{
	return mqtt_property_number(&packet->properties, id, UINT32_MAX);
}

static inline void publish_text(struct end *end, const char *topic, uint8_t qos, bool retain,
				const char *text)
{
	send_to_broker(end, &(struct mqtt_packet){ .type = MQTT_PUBLISH,
						   .qos = qos,
						   .id = qos ? 9 : 0,
						   .retain = retain,
						   .topic = bytes(topic),
						   .payload = bytes(text) });
}

static inline void teardown(void)
{
	broker_free(broker);
}

#endif
