#include "sim/cloud/broker.h"

#include "base/cleanup.h"
#include "sim/cloud/broker_inside.h"

struct broker *broker_new(const struct broker_rules *rules)
{
	struct broker *broker = alloc_zero(1, sizeof(*broker));
	broker->rules = *rules;
	return broker;
}

void broker_free(struct broker *broker)
{
	if (!broker)
		return;
	for (size_t i = 0; i < BROKER_BUCKETS; i++)
		while (broker->buckets[i])
			session_end(broker, broker->buckets[i]);
	retained_free(broker, NULL);
	free(broker);
}

uint64_t broker_now(const struct broker *broker)
{
	return broker->rules.now_ms(broker->rules.arg);
}

struct broker_client *broker_client_new(struct broker *broker, uint64_t connection,
					const struct broker_wire *wire)
{
	struct broker_client *client = alloc_zero(1, sizeof(*client));
	*client = (struct broker_client){
		.broker = broker,
		.wire = *wire,
		.connection = connection,
		.receive_maximum = UINT16_MAX,
		.maximum_packet = UINT32_MAX,
	};
	return client;
}

static void aliases_free(char **aliases)
{
	for (size_t i = 0; aliases && i < BROKER_ALIASES; i++)
		free(aliases[i]);
	free(aliases);
}

void broker_client_free(struct broker_client *client)
{
	if (!client)
		return;
	session_leave(client, false);
	aliases_free(client->aliases);
	aliases_free(client->our_aliases);
	free(client);
}

/* ---- saying ---- */

void broker_send(const struct broker_client *client, const struct mqtt_packet *packet)
{
	client->wire.send(client->wire.arg, packet);
}

void broker_explain(const struct broker_client *client, struct mqtt_packet *packet, const char *why)
{
	/* 3.1.2.11.7: on these two it may always stand. */
	bool always = packet->type == MQTT_CONNACK || packet->type == MQTT_DISCONNECT;

	if (why && client->level == MQTT_5 && (always || !client->terse))
		mqtt_property_add_text(&packet->properties, MQTT_REASON_STRING, why);
}

void broker_send_ack(const struct broker_client *client, enum mqtt_type type, uint16_t id,
		     uint8_t reason, const char *why)
{
	struct mqtt_packet packet = { .type = type, .id = id, .reason = reason };

	broker_explain(client, &packet, why);
	broker_send(client, &packet);
}

static void end(struct broker_client *client, const char *why, bool orderly)
{
	if (client->over)
		return;
	client->over = true;
	session_leave(client, orderly);
	client->wire.drop(client->wire.arg, why);
}

void broker_drop(struct broker_client *client, const char *why)
{
	end(client, why, false);
}

void broker_refuse(struct broker_client *client, uint8_t reason, const char *why)
{
	/* 3.1.1 has no way to tell; before CONNACK there is none either [MQTT-3.14.0-1]. */
	if (!client->over && client->session && client->level == MQTT_5)
		broker_send_ack(client, MQTT_DISCONNECT, 0, reason, why);
	end(client, why, false);
}

/* ---- hearing ---- */

static void take_disconnect(struct broker_client *client, const struct mqtt_packet *packet)
{
	const struct mqtt_property *expiry =
		mqtt_property_find(&packet->properties, MQTT_SESSION_EXPIRY);
	bool orderly = packet->reason == MQTT_SUCCESS;

	if (expiry && expiry->number && !client->session->expiry_s) {
		broker_refuse(client, MQTT_PROTOCOL_ERROR,
			      "a session expiry after one of 0 [3.14.2.2.2]");
		return;
	}
	if (expiry)
		client->session->expiry_s = expiry->number;
	end(client, "disconnected", orderly);
}

static void take_ack(struct broker_client *client, const struct mqtt_packet *packet)
{
	deliver_acknowledged(client->session, packet);
}

static void take_ping(struct broker_client *client, const struct mqtt_packet *packet)
{
	(void)packet;
	broker_send(client, &(struct mqtt_packet){ .type = MQTT_PINGRESP });
}

static void take_auth(struct broker_client *client, const struct mqtt_packet *packet)
{
	(void)packet;
	/* 4.12: only after a CONNECT with a method, which is refused. */
	broker_refuse(client, MQTT_PROTOCOL_ERROR, "AUTH without an authentication method [4.12]");
}

static void (*const takers[16])(struct broker_client *client, const struct mqtt_packet *packet) = {
	[MQTT_CONNECT] = broker_connect,
	[MQTT_PUBLISH] = broker_take_publish,
	[MQTT_PUBACK] = take_ack,
	[MQTT_PUBREC] = take_ack,
	[MQTT_PUBREL] = broker_take_pubrel,
	[MQTT_PUBCOMP] = take_ack,
	[MQTT_SUBSCRIBE] = broker_subscribe,
	[MQTT_UNSUBSCRIBE] = broker_unsubscribe,
	[MQTT_PINGREQ] = take_ping,
	[MQTT_DISCONNECT] = take_disconnect,
	[MQTT_AUTH] = take_auth,
};

void broker_receive(struct broker_client *client, const struct mqtt_packet *packet)
{
	if (client->over)
		return;
	if (packet->type != MQTT_CONNECT && !client->session)
		broker_drop(client, "no CONNECT first [MQTT-3.1.0-1]");
	else if (packet->type == MQTT_CONNECT && client->session)
		broker_refuse(client, MQTT_PROTOCOL_ERROR, "a second CONNECT [MQTT-3.1.0-2]");
	else if (!takers[packet->type & 15])
		broker_refuse(client, MQTT_PROTOCOL_ERROR, "a packet that no client sends");
	else
		takers[packet->type & 15](client, packet);
}

/* ---- for the service ---- */

bool broker_publish(struct broker *broker, const char *agent, const void *data, size_t size,
		    bool retain)
{
	AUTO_FREE char *topic = topic_make(agent, "/commands");
	struct mqtt_properties none = { .count = 0 };
	struct message *message =
		message_new(topic, (struct mqtt_bytes){ data, size }, &none, broker_now(broker));

	message->qos = 1;
	message->retain = retain;
	if (retain)
		retained_set(broker, message);
	bool delivered = broker_route(broker, agent, message, NULL) > 0;
	message_drop(message);
	return delivered || retain;
}

bool broker_subscribed(const struct broker *broker, const char *agent)
{
	AUTO_FREE char *topic = topic_make(agent, "/commands");

	for (const struct session *session = session_find(broker, agent, NULL); session;
	     session = session_next(session))
		for (const struct subscription *s = session->subscriptions; s; s = s->next)
			if (session->client && topic_matches(s->filter, topic))
				return true;
	return false;
}

void broker_forget(struct broker *broker, const char *agent)
{
	struct session *session;

	while ((session = session_find(broker, agent, NULL)))
		if (session->client)
			broker_drop(session->client, "the session was forgotten");
		else
			session_end(broker, session);
	retained_free(broker, agent);
}

void broker_end(struct broker *broker, const char *agent, const char *why)
{
	struct session *next;

	for (size_t i = 0; i < BROKER_BUCKETS; i++)
		for (struct session *session = broker->buckets[i]; session; session = next) {
			next = session->next;
			if (session->client && (!agent || !strcmp(session->agent, agent)))
				broker_refuse(session->client, MQTT_FORBIDDEN, why);
		}
}
