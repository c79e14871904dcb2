#include "base/cleanup.h"
#include "sim/cloud/broker_inside.h"
#include "sim/cloud/mqtt_wire.h"

static void drop(struct session *session, struct delivery **link)
{
	struct delivery *delivery = *link;

	*link = delivery->next;
	session->queued--;
	message_drop(delivery->message);
	free(delivery);
}

void deliver_forget(struct session *session)
{
	while (session->queue)
		drop(session, &session->queue);
}

bool deliver_queue(struct session *session, struct message *message, const struct delivery *how)
{
	struct delivery **end = &session->queue;

	if (session->queued >= BROKER_QUEUE_MAX)
		return false;
	struct delivery *delivery = alloc_zero(1, sizeof(*delivery));
	*delivery = *how;
	delivery->next = NULL;
	delivery->message = message_share(message);
	while (*end)
		end = &(*end)->next;
	*end = delivery;
	session->queued++;
	return true;
}

/* [MQTT-2.3.1-4], [MQTT-2.2.1-4]: none that is in use; the queue is far shorter than the
 * numbers. */
static uint16_t next_id(struct session *session)
{
	const struct delivery *delivery;

	do {
		if (!++session->last_id)
			session->last_id = 1;
		delivery = session->queue;
		while (delivery && delivery->id != session->last_id)
			delivery = delivery->next;
	} while (delivery);
	return session->last_id;
}

/* ---- one packet ---- */

/* 3.3.2.3.4: a topic is named once, and by a number from then on. */
static void use_alias(struct broker_client *client, struct mqtt_packet *packet)
{
	size_t i = 0, most = client->alias_maximum < BROKER_ALIASES ? client->alias_maximum
								    : BROKER_ALIASES;

	if (most && !client->our_aliases)
		client->our_aliases = alloc_zero(BROKER_ALIASES, sizeof(*client->our_aliases));
	while (i < most && client->our_aliases[i] &&
	       !mqtt_is(packet->topic, client->our_aliases[i]))
		i++;
	if (i == most)
		return;
	if (client->our_aliases[i])
		packet->topic.size = 0;
	else
		client->our_aliases[i] = alloc_bytes(packet->topic.data, packet->topic.size);
	mqtt_property_add_number(&packet->properties, MQTT_TOPIC_ALIAS, (uint32_t)i + 1);
}

/* [MQTT-3.3.2-6]: what is left of its time goes with the message. */
static void add_properties(struct broker_client *client, const struct delivery *delivery,
			   struct mqtt_packet *packet)
{
	const struct message *message = delivery->message;
	struct mqtt_cursor cursor = { message->properties, message->properties_size, MQTT_SOUND };

	mqtt_take_properties(&cursor, MQTT_PUBLISH, &packet->properties);
	if (message->expires_ms != UINT64_MAX) {
		uint64_t left_ms = message->expires_ms - broker_now(client->broker);
		mqtt_property_add_number(&packet->properties, MQTT_MESSAGE_EXPIRY,
					 (uint32_t)((left_ms + 999) / 1000));
	}
	for (size_t i = 0; i < delivery->match_count; i++)
		mqtt_property_add_number(&packet->properties, MQTT_SUBSCRIPTION_ID,
					 delivery->matches[i]);
}

/* [MQTT-3.1.2-24] */
static bool is_too_large(const struct broker_client *client, const struct mqtt_packet *packet)
{
	struct buf out;

	if (client->maximum_packet >= MQTT_PACKET_MAX)
		return false;
	buf_init(&out, MQTT_PACKET_MAX + 16);
	mqtt_write(packet, client->level, &out);
	bool large = out.failed || out.size > client->maximum_packet;
	buf_done(&out);
	return large;
}

/* Returns whether it was sent; if not, it never will be. */
static bool send(struct session *session, struct delivery *delivery)
{
	struct broker_client *client = session->client;
	const struct message *message = delivery->message;
	bool again = delivery->state == DELIVERY_SENT;
	struct mqtt_packet packet = {
		.type = MQTT_PUBLISH,
		.qos = delivery->qos,
		.dup = again && delivery->qos, /* [MQTT-3.3.1-1] */
		.retain = delivery->retain,
		.topic = { (const uint8_t *)message->topic, strlen(message->topic) },
		.payload = { (const uint8_t *)message->data, message->size },
	};

	if (!again && message->expires_ms <= broker_now(client->broker))
		return false; /* [MQTT-3.3.2-5] */
	if (delivery->qos && !delivery->id)
		delivery->id = next_id(session);
	packet.id = delivery->id;
	if (client->level == MQTT_5)
		add_properties(client, delivery, &packet);
	if (is_too_large(client, &packet))
		return false; /* [MQTT-3.1.2-25] */
	use_alias(client, &packet);
	delivery->state = DELIVERY_SENT;
	broker_send(client, &packet);
	return true;
}

/* ---- the queue ---- */

/* 4.9: messages of QoS 1 and 2 that are under way are at most what the client takes. */
static size_t under_way(const struct session *session)
{
	size_t count = 0;
	for (const struct delivery *delivery = session->queue; delivery; delivery = delivery->next)
		count += delivery->state != DELIVERY_WAITING;
	return count;
}

void deliver_flush(struct session *session)
{
	struct delivery **link = &session->queue;
	size_t busy = under_way(session);

	while (*link && session->client && !session->client->over) {
		struct delivery *delivery = *link;
		if (delivery->state != DELIVERY_WAITING) {
			link = &delivery->next;
			continue;
		}
		if (delivery->qos && busy >= session->client->receive_maximum)
			return;
		bool sent = send(session, delivery);
		if (!sent || !delivery->qos) {
			drop(session, link);
			continue;
		}
		busy++;
		link = &delivery->next;
	}
}

void deliver_again(struct session *session)
{
	for (struct delivery *delivery = session->queue; delivery; delivery = delivery->next) {
		if (delivery->state == DELIVERY_SENT)
			send(session, delivery);
		else if (delivery->state == DELIVERY_RELEASED)
			broker_send_ack(session->client, MQTT_PUBREL, delivery->id, MQTT_SUCCESS,
					NULL);
	}
	deliver_flush(session);
}

static struct delivery **find(struct session *session, uint16_t id)
{
	struct delivery **link = &session->queue;
	while (*link && ((*link)->id != id || (*link)->state == DELIVERY_WAITING))
		link = &(*link)->next;
	return link;
}

static void take_pubrec(struct session *session, struct delivery **link,
			const struct mqtt_packet *packet)
{
	bool known = *link && (*link)->qos == 2;

	if (packet->reason >= MQTT_UNSPECIFIED) { /* 4.3.3: the message is over */
		if (known)
			drop(session, link);
		return;
	}
	if (known)
		(*link)->state = DELIVERY_RELEASED;
	broker_send_ack(session->client, MQTT_PUBREL, packet->id,
			known ? MQTT_SUCCESS : MQTT_ID_NOT_FOUND, NULL);
}

void deliver_acknowledged(struct session *session, const struct mqtt_packet *packet)
{
	struct delivery **link = find(session, packet->id);

	if (packet->type == MQTT_PUBREC)
		take_pubrec(session, link, packet);
	else if (*link && packet->type == MQTT_PUBACK && (*link)->qos == 1)
		drop(session, link);
	else if (*link && packet->type == MQTT_PUBCOMP && (*link)->state == DELIVERY_RELEASED)
		drop(session, link);
	deliver_flush(session);
}
