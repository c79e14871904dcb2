#include "sim/cloud/broker.h"

#include "base/cleanup.h"
#include "ecsp/ecsp.h"

enum { NAME_MAX_SIZE = 64, SECRET_MAX_SIZE = 255 };

/* Waits for its PUBACK. */
struct message {
	struct message *next;
	uint16_t id;
	bool sent;
	char *data;
	size_t size;
};

struct session {
	struct session *next;
	char *agent;
	struct broker_client *client; /* NULL: away */
	bool clean;
	bool subscribed;
	uint8_t qos; /* granted */
	uint16_t last_id;
	struct message *queue;
	size_t queued;
};

struct broker_client {
	struct broker *broker;
	struct broker_wire wire;
	uint64_t connection;
	struct session *session; /* NULL: not connected in the sense of MQTT */
	bool over;               /* nothing more is read */
};

struct broker {
	struct broker_rules rules;
	struct session *sessions;
	size_t session_count;
};

struct broker *broker_new(const struct broker_rules *rules)
{
	struct broker *broker = alloc_zero(1, sizeof(*broker));
	broker->rules = *rules;
	return broker;
}

static struct session *find_session(const struct broker *broker, const char *agent)
{
	for (struct session *session = broker->sessions; session; session = session->next)
		if (!strcmp(session->agent, agent))
			return session;
	return NULL;
}

static void drop_messages(struct session *session)
{
	while (session->queue) {
		struct message *message = session->queue;
		session->queue = message->next;
		free(message->data);
		free(message);
	}
	session->queued = 0;
}

static void end_session(struct broker *broker, struct session *session)
{
	struct session **link = &broker->sessions;
	while (*link != session)
		link = &(*link)->next;
	*link = session->next;
	broker->session_count--;
	drop_messages(session);
	free(session->agent);
	free(session);
}

void broker_free(struct broker *broker)
{
	if (!broker)
		return;
	while (broker->sessions)
		end_session(broker, broker->sessions);
	free(broker);
}

struct broker_client *broker_client_new(struct broker *broker, uint64_t connection,
					const struct broker_wire *wire)
{
	struct broker_client *client = alloc_zero(1, sizeof(*client));
	*client =
		(struct broker_client){ .broker = broker, .wire = *wire, .connection = connection };
	return client;
}

/* [MQTT-3.1.2-6]: a clean session lasts as long as the connection. */
static void leave_session(struct broker_client *client)
{
	struct session *session = client->session;
	if (!session)
		return;
	client->session = NULL;
	session->client = NULL;
	if (session->clean)
		end_session(client->broker, session);
}

void broker_client_free(struct broker_client *client)
{
	if (!client)
		return;
	leave_session(client);
	free(client);
}

static void drop(struct broker_client *client, const char *why)
{
	if (client->over)
		return;
	client->over = true;
	leave_session(client);
	client->wire.drop(client->wire.arg, why);
}

static void send_id(const struct broker_client *client, enum mqtt_type type, uint16_t id)
{
	struct mqtt_packet packet = { .type = type, .id = id };
	client->wire.send(client->wire.arg, &packet);
}

static char *topic_of(const char *agent, const char *tail)
{
	return alloc_printf("%s%s%s", ECSP_TOPIC_PREFIX, agent, tail);
}

static void deliver(struct session *session, struct message *message)
{
	AUTO_FREE char *topic = topic_of(session->agent, ECSP_TOPIC_COMMANDS);
	struct mqtt_packet packet = {
		.type = MQTT_PUBLISH,
		.qos = session->qos,
		.dup = message->sent && session->qos, /* [MQTT-3.3.1-1] */
		.id = message->id,
		.topic = { (const uint8_t *)topic, strlen(topic) },
		.payload = { (const uint8_t *)message->data, message->size },
	};
	message->sent = true;
	session->client->wire.send(session->client->wire.arg, &packet);
}

static void forget(struct session *session, uint16_t id)
{
	for (struct message **link = &session->queue; *link; link = &(*link)->next) {
		struct message *message = *link;
		if (message->id != id || !message->sent)
			continue;
		*link = message->next;
		session->queued--;
		free(message->data);
		free(message);
		return;
	}
}

/* [MQTT-4.4.0-1]: what was not acknowledged goes again, in the order it went first. */
static void deliver_all(struct session *session)
{
	struct message *next;

	for (struct message *message = session->queue; message; message = next) {
		next = message->next;
		deliver(session, message);
		if (!session->qos)
			forget(session, message->id);
	}
}

static void connack(const struct broker_client *client, uint8_t code, bool present)
{
	struct mqtt_packet packet = {
		.type = MQTT_CONNACK,
		.code = code,
		.session_present = present,
	};
	client->wire.send(client->wire.arg, &packet);
}

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

static enum mqtt_connect_code judge_connect(const struct broker *broker,
					    const struct mqtt_connect *connect)
{
	if (!mqtt_is(connect->protocol, "MQTT") || connect->level != 4)
		return MQTT_BAD_VERSION;
	if (!connect->client.size || connect->client.size > NAME_MAX_SIZE)
		return MQTT_BAD_IDENTIFIER;
	if (!may_log_in(broker, connect))
		return MQTT_BAD_LOGIN;
	if (connect->client.size != connect->user.size ||
	    memcmp(connect->client.data, connect->user.data, connect->user.size))
		return MQTT_BAD_IDENTIFIER; /* client id = user name = agent id */
	if (connect->has_will)
		return MQTT_NOT_AUTHORISED; /* no topic of ours is for a will */
	if (broker->session_count >= BROKER_SESSIONS_MAX)
		return MQTT_UNAVAILABLE;
	return MQTT_ACCEPTED;
}

static struct session *enter_session(struct broker *broker, const char *agent, bool clean,
				     bool *present)
{
	struct session *session = find_session(broker, agent);

	if (session && session->client)
		drop(session->client, "taken over"); /* [MQTT-3.1.4-2] */
	session = find_session(broker, agent);
	if (session && clean) {
		end_session(broker, session);
		session = NULL;
	}
	*present = session;
	if (!session) {
		session = alloc_zero(1, sizeof(*session));
		session->agent = alloc_text(agent);
		session->next = broker->sessions;
		broker->sessions = session;
		broker->session_count++;
	}
	session->clean = clean;
	return session;
}

static void receive_connect(struct broker_client *client, const struct mqtt_packet *packet)
{
	const struct mqtt_connect *connect = &packet->connect;
	enum mqtt_connect_code code = judge_connect(client->broker, connect);
	bool present;

	if (code != MQTT_ACCEPTED) {
		connack(client, (uint8_t)code, false);
		drop(client, "CONNECT refused");
		return;
	}
	AUTO_FREE char *agent = alloc_bytes(connect->client.data, connect->client.size);
	client->session = enter_session(client->broker, agent, connect->clean, &present);
	client->session->client = client;
	connack(client, MQTT_ACCEPTED, present);
	deliver_all(client->session);
}

static void receive_publish(struct broker_client *client, const struct mqtt_packet *packet)
{
	const char *agent = client->session->agent;
	const struct broker_rules *rules = &client->broker->rules;
	AUTO_FREE char *results = topic_of(agent, ECSP_TOPIC_RESULTS);

	if (packet->qos == 2) {
		drop(client, "QoS 2 is not offered");
		return;
	}
	if (!mqtt_is(packet->topic, results)) {
		/* 3.1.1 has no way to refuse a PUBLISH but the end of the connection (3.3.5). */
		drop(client, "not authorised to publish on this topic");
		return;
	}
	rules->result(rules->arg, client->connection, agent, packet->payload.data,
		      packet->payload.size);
	if (packet->qos)
		send_id(client, MQTT_PUBACK, packet->id);
}

static void receive_subscribe(struct broker_client *client, const struct mqtt_packet *packet)
{
	struct session *session = client->session;
	AUTO_FREE char *commands = topic_of(session->agent, ECSP_TOPIC_COMMANDS);
	struct mqtt_packet answer = *packet;

	answer.type = MQTT_SUBACK;
	for (size_t i = 0; i < packet->filter_count; i++) {
		struct mqtt_filter *filter = &answer.filters[i];
		if (!mqtt_is(filter->topic, commands)) {
			filter->qos = MQTT_SUBSCRIPTION_REFUSED;
			continue;
		}
		filter->qos = filter->qos ? 1 : 0;
		session->qos = filter->qos;
		session->subscribed = true;
	}
	client->wire.send(client->wire.arg, &answer);
}

static void receive_unsubscribe(struct broker_client *client, const struct mqtt_packet *packet)
{
	AUTO_FREE char *commands = topic_of(client->session->agent, ECSP_TOPIC_COMMANDS);

	for (size_t i = 0; i < packet->filter_count; i++)
		if (mqtt_is(packet->filters[i].topic, commands))
			client->session->subscribed = false;
	send_id(client, MQTT_UNSUBACK, packet->id);
}

void broker_receive(struct broker_client *client, const struct mqtt_packet *packet)
{
	if (client->over)
		return;
	if ((packet->type == MQTT_CONNECT) == (client->session != NULL)) {
		drop(client, client->session ? "a second CONNECT [MQTT-3.1.0-2]"
					     : "no CONNECT first [MQTT-3.1.0-1]");
		return;
	}
	switch (packet->type) {
	case MQTT_CONNECT:
		receive_connect(client, packet);
		break;
	case MQTT_PUBLISH:
		receive_publish(client, packet);
		break;
	case MQTT_PUBACK:
		forget(client->session, packet->id);
		break;
	case MQTT_SUBSCRIBE:
		receive_subscribe(client, packet);
		break;
	case MQTT_UNSUBSCRIBE:
		receive_unsubscribe(client, packet);
		break;
	case MQTT_PINGREQ:
		send_id(client, MQTT_PINGRESP, 0);
		break;
	case MQTT_DISCONNECT:
		drop(client, "disconnected");
		break;
	case MQTT_PUBREC:
	case MQTT_PUBREL:
	case MQTT_PUBCOMP:
	case MQTT_CONNACK:
	case MQTT_SUBACK:
	case MQTT_UNSUBACK:
	case MQTT_PINGRESP:
		drop(client, "a packet that has no place here");
		break;
	}
}

/* [MQTT-2.3.1-4]: none that is in use; the queue is far shorter than the numbers. */
static uint16_t next_id(struct session *session)
{
	const struct message *message;

	do {
		if (!++session->last_id)
			session->last_id = 1;
		message = session->queue;
		while (message && message->id != session->last_id)
			message = message->next;
	} while (message);
	return session->last_id;
}

bool broker_publish(struct broker *broker, const char *agent, const void *data, size_t size)
{
	struct session *session = find_session(broker, agent);

	if (!session || !session->subscribed || session->queued >= BROKER_QUEUE_MAX)
		return false;
	struct message *message = alloc_zero(1, sizeof(*message));
	message->id = next_id(session);
	message->data = alloc_bytes(data, size);
	message->size = size;
	struct message **link = &session->queue;
	while (*link)
		link = &(*link)->next;
	*link = message;
	session->queued++;
	if (session->client) {
		deliver(session, message);
		if (!session->qos)
			forget(session, message->id);
	}
	return true;
}

bool broker_subscribed(const struct broker *broker, const char *agent)
{
	const struct session *session = find_session(broker, agent);
	return session && session->client && session->subscribed;
}

void broker_end(struct broker *broker, const char *agent, const char *why)
{
	for (struct session *session = broker->sessions, *next; session; session = next) {
		next = session->next;
		if (session->client && (!agent || !strcmp(session->agent, agent)))
			drop(session->client, why);
	}
}
