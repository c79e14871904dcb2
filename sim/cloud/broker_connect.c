#include "base/cleanup.h"
#include "sim/cloud/broker_inside.h"

enum { NAME_MAX_SIZE = 64, CLIENT_MAX_SIZE = 128, SECRET_MAX_SIZE = 255 };

/* What is wrong with a CONNECT, in the words of either standard. */
struct refusal {
	uint8_t code_311, reason_5;
	const char *why;
};

static const struct refusal
	bad_version = { MQTT_BAD_VERSION, MQTT_UNSUPPORTED_VERSION, "MQTT 3.1.1 or 5 is expected" },
	bad_client = { MQTT_BAD_IDENTIFIER, MQTT_CLIENT_NOT_VALID,
		       "the client id is the agent id, or begins with it and a dot" },
	bad_login = { MQTT_BAD_LOGIN, MQTT_WRONG_LOGIN, "no or wrong login" },
	bad_method = { MQTT_NOT_AUTHORISED, MQTT_BAD_METHOD,
		       "enhanced authentication is not offered" },
	bad_will = { MQTT_NOT_AUTHORISED, MQTT_FORBIDDEN,
		     "not authorised to publish the will's topic" },
	full = { MQTT_UNAVAILABLE, MQTT_SERVER_BUSY, "too many sessions" };

uint16_t broker_receive_maximum(const struct broker *broker)
{
	const struct broker_limits *limits = broker->rules.limits;
	return limits && limits->receive_maximum && limits->receive_maximum < BROKER_RECEIVE
		       ? limits->receive_maximum
		       : BROKER_RECEIVE;
}

/* ---- who ---- */

static bool may_log_in(const struct broker *broker, const struct mqtt_connect *connect)
{
	if (!connect->has_user || !connect->has_password || connect->user.size > NAME_MAX_SIZE ||
	    connect->password.size > SECRET_MAX_SIZE)
		return false;
	if (connect->password.size && memchr(connect->password.data, 0, connect->password.size))
		return false;
	AUTO_FREE char *user = alloc_bytes(connect->user.data, connect->user.size);
	AUTO_FREE char *secret = alloc_bytes(connect->password.data, connect->password.size);
	return broker->rules.login(broker->rules.arg, user, secret);
}

/* The client id is the user name, which is the agent id; a second connection of the same agent adds
 * a dot and a name of its own. 5.0 lets the server make one up [MQTT-3.1.3-6]. */
static bool may_be_named(const struct mqtt_connect *connect)
{
	struct mqtt_bytes client = connect->client, user = connect->user;

	if (!client.size)
		return connect->level == MQTT_5;
	return client.size <= CLIENT_MAX_SIZE && client.size >= user.size &&
	       !memcmp(client.data, user.data, user.size) &&
	       (client.size == user.size || client.data[user.size] == '.');
}

/* NULL: nothing is wrong. */
static const struct refusal *judge(const struct broker *broker, const struct mqtt_packet *packet)
{
	const struct mqtt_connect *connect = &packet->connect;

	if (!mqtt_is(connect->protocol, "MQTT") ||
	    (connect->level != MQTT_311 && connect->level != MQTT_5))
		return &bad_version;
	if (mqtt_property_find(&packet->properties, MQTT_AUTH_METHOD))
		return &bad_method;
	if (!connect->client.size && connect->level == MQTT_311)
		return &bad_client; /* [MQTT-3.1.3-8] */
	if (!may_log_in(broker, connect))
		return &bad_login;
	if (!may_be_named(connect))
		return &bad_client;
	AUTO_FREE char *agent = alloc_bytes(connect->user.data, connect->user.size);
	if (connect->has_will && !broker_may_publish(connect->will.topic, agent))
		return &bad_will;
	return broker->session_count >= BROKER_SESSIONS_MAX ? &full : NULL;
}

static void refuse(struct broker_client *client, const struct refusal *refusal)
{
	struct mqtt_packet connack = {
		.type = MQTT_CONNACK,
		.reason = client->level == MQTT_5 ? refusal->reason_5 : refusal->code_311,
	};

	broker_explain(client, &connack, refusal->why);
	broker_send(client, &connack);
	broker_drop(client, refusal->why);
}

/* ---- the session ---- */

static char *name_of(struct broker *broker, const struct mqtt_connect *connect)
{
	if (connect->client.size)
		return alloc_bytes(connect->client.data, connect->client.size);
	return alloc_printf("%.*s.%llu", (int)connect->user.size, (const char *)connect->user.data,
			    (unsigned long long)++broker->names);
}

static struct session *enter(struct broker *broker, const char *agent, const char *name, bool clean)
{
	struct session *session = session_find(broker, agent, name);

	if (session && session->client) /* [MQTT-3.1.4-2], [MQTT-3.1.4-3] */
		broker_refuse(session->client, MQTT_TAKEN_OVER, "taken over");
	session = session_find(broker, agent, name);
	if (session && clean) {
		session_publish_will(broker, session);
		session_end(broker, session);
		session = NULL;
	}
	return session;
}

static void keep_will(struct broker *broker, struct session *session,
		      const struct mqtt_connect *connect)
{
	const struct mqtt_will *will = &connect->will;

	/* 3.1.3.2.2: a will that still waits is not sent when the client is back. */
	message_drop(session->will);
	session->will = NULL;
	if (!connect->has_will)
		return;
	AUTO_FREE char *topic = alloc_bytes(will->topic.data, will->topic.size);
	session->will = message_new(topic, will->message, &will->properties, broker_now(broker));
	session->will->qos = will->qos;
	session->will->retain = will->retain;
	session->will_delay_s = mqtt_property_number(&will->properties, MQTT_WILL_DELAY, 0);
}

static void take_limits(struct broker_client *client, const struct mqtt_properties *properties)
{
	client->terse = !mqtt_property_number(properties, MQTT_REQUEST_PROBLEM, 1);
	client->receive_maximum =
		(uint16_t)mqtt_property_number(properties, MQTT_RECEIVE_MAXIMUM, UINT16_MAX);
	client->maximum_packet = mqtt_property_number(properties, MQTT_MAXIMUM_PACKET, UINT32_MAX);
	client->alias_maximum = (uint16_t)mqtt_property_number(properties, MQTT_ALIAS_MAXIMUM, 0);
}

/* ---- the answer ---- */

static void add_keep_alive(const struct broker_limits *limits, uint16_t wished,
			   struct mqtt_properties *properties)
{
	if (limits->keep_alive && (!wished || wished > limits->keep_alive))
		mqtt_property_add_number(properties, MQTT_SERVER_KEEP_ALIVE, limits->keep_alive);
}

/* 3.2.2.3: what this server does otherwise than a client may expect. */
static void add_offer(const struct broker *broker, const struct mqtt_packet *connect,
		      struct mqtt_properties *properties)
{
	static const struct broker_limits usual;
	const struct broker_limits *limits = broker->rules.limits ? broker->rules.limits : &usual;

	mqtt_property_add_number(properties, MQTT_RECEIVE_MAXIMUM, broker_receive_maximum(broker));
	mqtt_property_add_number(properties, MQTT_MAXIMUM_PACKET,
				 limits->maximum_packet ? limits->maximum_packet : MQTT_PACKET_MAX);
	mqtt_property_add_number(properties, MQTT_ALIAS_MAXIMUM, BROKER_ALIASES);
	mqtt_property_add_number(properties, MQTT_SHARED_AVAILABLE, 0);
	add_keep_alive(limits, connect->connect.keep_alive, properties);
	if (limits->limit_qos)
		mqtt_property_add_number(properties, MQTT_MAXIMUM_QOS, limits->maximum_qos);
	if (limits->no_retain)
		mqtt_property_add_number(properties, MQTT_RETAIN_AVAILABLE, 0);
}

static void accept(struct broker_client *client, const struct mqtt_packet *connect, bool present)
{
	struct session *session = client->session;
	AUTO_FREE char *own = topic_make(session->agent, "/");
	struct mqtt_packet connack = { .type = MQTT_CONNACK, .session_present = present };

	if (client->level == MQTT_5) {
		add_offer(client->broker, connect, &connack.properties);
		if (!connect->connect.client.size)
			mqtt_property_add_text(&connack.properties, MQTT_ASSIGNED_CLIENT,
					       session->client_id);
		if (mqtt_property_number(&connect->properties, MQTT_REQUEST_RESPONSE, 0))
			mqtt_property_add_text(&connack.properties, MQTT_RESPONSE_INFORMATION, own);
	}
	broker_send(client, &connack);
}

/* 3.1.1 knows only for ever and as long as the connection. */
static uint32_t expiry_of(const struct mqtt_packet *packet)
{
	if (packet->connect.level == MQTT_5)
		return mqtt_property_number(&packet->properties, MQTT_SESSION_EXPIRY, 0);
	return packet->connect.clean ? 0 : BROKER_FOR_EVER;
}

void broker_connect(struct broker_client *client, const struct mqtt_packet *packet)
{
	struct broker *broker = client->broker;
	const struct mqtt_connect *connect = &packet->connect;

	client->level = connect->level < MQTT_5 ? MQTT_311 : MQTT_5;
	const struct refusal *refusal = judge(broker, packet);
	if (refusal) {
		refuse(client, refusal);
		return;
	}
	AUTO_FREE char *agent = alloc_bytes(connect->user.data, connect->user.size);
	AUTO_FREE char *name = name_of(broker, connect);
	struct session *session = enter(broker, agent, name, connect->clean);
	bool present = session;
	if (!session)
		session = session_new(broker, agent, name);
	session->expiry_s = expiry_of(packet);
	session->client = client;
	client->session = session;
	take_limits(client, &packet->properties);
	keep_will(broker, session, connect);
	accept(client, packet, present);
	deliver_again(session);
}
