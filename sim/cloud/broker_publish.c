#include "base/cleanup.h"
#include "ecsp/ecsp.h"
#include "sim/cloud/broker_inside.h"

/* ---- to whom ---- */

/* A subscription that matches adds to how the message goes to its session. */
static bool add_match(struct delivery *how, const struct subscription *subscription,
		      const struct message *message, bool own)
{
	if ((own && subscription->no_local) || !topic_matches(subscription->filter, message->topic))
		return false;
	uint8_t qos = subscription->qos < message->qos ? subscription->qos : message->qos;
	how->qos = qos > how->qos ? qos : how->qos;
	/* [MQTT-3.3.1-12], [MQTT-3.3.1-13] */
	how->retain |= subscription->as_published && message->retain;
	if (subscription->id && how->match_count < BROKER_MATCHES)
		how->matches[how->match_count++] = subscription->id;
	return true;
}

/* 3.3.5: overlapping subscriptions give one message with the highest QoS of all. Returns 1 queued,
 * 0 not subscribed, -1 full. */
static int route_to(struct session *session, struct message *message, const struct session *from)
{
	struct delivery how = { .state = DELIVERY_WAITING };
	bool matches = false;

	for (const struct subscription *s = session->subscriptions; s; s = s->next)
		matches |= add_match(&how, s, message, session == from);
	if (!matches || (!how.qos && !session->client))
		return 0;
	if (!deliver_queue(session, message, &how))
		return -1;
	deliver_flush(session);
	return 1;
}

int broker_route(struct broker *broker, const char *agent, struct message *message,
		 const struct session *from)
{
	struct session *next;
	int count = 0;

	for (struct session *session = session_find(broker, agent, NULL); session; session = next) {
		next = session_next(session);
		int routed = route_to(session, message, from);
		if (routed < 0)
			return -1;
		count += routed;
	}
	return count;
}

bool broker_may_publish(struct mqtt_bytes topic, const char *agent)
{
	return topic_is_of(topic, agent) && !topic_is(topic, agent, ECSP_TOPIC_COMMANDS);
}

/* ---- from a client ---- */

/* The topic that a packet means: its own, or one that its alias stands for. NULL: refused. */
static char *resolve_topic(struct broker_client *client, const struct mqtt_packet *packet)
{
	const struct mqtt_property *alias =
		mqtt_property_find(&packet->properties, MQTT_TOPIC_ALIAS);
	char *topic =
		packet->topic.size ? alloc_bytes(packet->topic.data, packet->topic.size) : NULL;

	if (!alias)
		return topic;
	if (!alias->number || alias->number > BROKER_ALIASES) { /* [MQTT-3.3.2-8], [MQTT-3.3.2-9] */
		free(topic);
		broker_refuse(client, MQTT_ALIAS_INVALID, "a topic alias that was not offered");
		return NULL;
	}
	if (!client->aliases)
		client->aliases = alloc_zero(BROKER_ALIASES, sizeof(*client->aliases));
	char **known = &client->aliases[alias->number - 1];
	if (topic) {
		free(*known);
		*known = alloc_text(topic);
	} else if (*known) {
		topic = alloc_text(*known);
	} else {
		broker_refuse(client, MQTT_PROTOCOL_ERROR, "a topic alias without a topic");
	}
	return topic;
}

/* Answers a QoS 1 or 2 publication with a reason; with QoS 0, and in 3.1.1, which has no reasons,
 * a refusal is the end of the connection (3.3.5). */
static void answer(struct broker_client *client, const struct mqtt_packet *packet, uint8_t reason,
		   const char *why)
{
	bool refused = reason >= MQTT_UNSPECIFIED;

	if (refused && (client->level != MQTT_5 || !packet->qos))
		broker_refuse(client, reason, why);
	else if (packet->qos)
		broker_send_ack(client, packet->qos == 2 ? MQTT_PUBREC : MQTT_PUBACK, packet->id,
				reason, refused ? why : NULL);
}

/* What CONNACK has ruled out (3.2.2.3.4, 3.2.2.3.5); true: it was refused. */
static bool breaks_limits(struct broker_client *client, const struct mqtt_packet *packet)
{
	const struct broker_limits *limits = client->broker->rules.limits;

	if (!limits || client->level != MQTT_5)
		return false;
	if (limits->limit_qos && packet->qos > limits->maximum_qos) {
		broker_refuse(client, MQTT_QOS_NOT_SUPPORTED, "a QoS above the maximum");
		return true;
	}
	if (limits->no_retain && packet->retain) {
		broker_refuse(client, MQTT_RETAIN_NOT_SUPPORTED, "retain is not available");
		return true;
	}
	return false;
}

static void publish(struct broker_client *client, const char *topic,
		    const struct mqtt_packet *packet)
{
	struct broker *broker = client->broker;
	struct session *session = client->session;
	AUTO_FREE char *agent = alloc_text(session->agent);
	struct message *message =
		message_new(topic, packet->payload, &packet->properties, broker_now(broker));

	message->qos = packet->qos;
	message->retain = packet->retain;
	if (topic_is((struct mqtt_bytes){ (const uint8_t *)topic, strlen(topic) }, agent,
		     ECSP_TOPIC_RESULTS))
		broker->rules.result(broker->rules.arg, client->connection, agent,
				     packet->payload.data, packet->payload.size);
	if (message->retain)
		retained_set(broker, message);
	broker_route(broker, agent, message, session);
	message_drop(message);
}

static size_t find_incoming(const struct session *session, uint16_t id)
{
	size_t i = 0;
	while (i < session->incoming_count && session->incoming[i] != id)
		i++;
	return i;
}

/* 4.3.3, method B: passed on at once, known by its identifier until PUBREL. False: nothing more is
 * to be done. */
static bool keep_incoming(struct broker_client *client, const struct mqtt_packet *packet)
{
	struct session *session = client->session;

	if (find_incoming(session, packet->id) < session->incoming_count) {
		broker_send_ack(client, MQTT_PUBREC, packet->id, MQTT_SUCCESS, NULL);
		return false;
	}
	if (session->incoming_count >= broker_receive_maximum(client->broker)) {
		broker_refuse(client, MQTT_RECEIVE_MAXIMUM_EXCEEDED,
			      "more under way than the receive maximum [MQTT-3.3.4-7]");
		return false;
	}
	if (!session->incoming)
		session->incoming = alloc_zero(BROKER_RECEIVE, sizeof(*session->incoming));
	session->incoming[session->incoming_count++] = packet->id;
	return true;
}

void broker_take_publish(struct broker_client *client, const struct mqtt_packet *packet)
{
	AUTO_FREE char *topic = resolve_topic(client, packet);

	if (!topic || breaks_limits(client, packet))
		return;
	struct mqtt_bytes bytes = { (const uint8_t *)topic, strlen(topic) };
	if (!broker_may_publish(bytes, client->session->agent)) {
		answer(client, packet, MQTT_FORBIDDEN, "not authorised to publish on this topic");
		return;
	}
	if (packet->qos == 2 && !keep_incoming(client, packet))
		return;
	publish(client, topic, packet);
	answer(client, packet, MQTT_SUCCESS, NULL);
}

void broker_take_pubrel(struct broker_client *client, const struct mqtt_packet *packet)
{
	struct session *session = client->session;
	size_t i = find_incoming(session, packet->id);
	bool known = i < session->incoming_count;

	if (known)
		session->incoming[i] = session->incoming[--session->incoming_count];
	broker_send_ack(client, MQTT_PUBCOMP, packet->id, known ? MQTT_SUCCESS : MQTT_ID_NOT_FOUND,
			NULL);
}
