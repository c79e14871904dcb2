#include "base/cleanup.h"
#include "sim/cloud/broker_inside.h"

static struct subscription **find(struct session *session, struct mqtt_bytes filter)
{
	struct subscription **link = &session->subscriptions;
	while (*link && !mqtt_is(filter, (*link)->filter))
		link = &(*link)->next;
	return link;
}

/* Why a filter is refused, as 5.0 says it; MQTT_SUCCESS: it is not. */
static uint8_t judge(const struct session *session, struct mqtt_bytes filter)
{
	if (topic_is_shared(filter))
		return MQTT_SHARED_NOT_SUPPORTED;
	if (!topic_is_of(filter, session->agent))
		return MQTT_FORBIDDEN;
	if (session->subscription_count >= BROKER_SUBSCRIPTIONS_MAX)
		return MQTT_QUOTA_EXCEEDED;
	return MQTT_SUCCESS;
}

/* [MQTT-3.8.4-3]: a second subscription with the same filter takes the place of the first. */
static struct subscription *enter(struct session *session, const struct mqtt_filter *filter,
				  bool *first)
{
	struct subscription **link = find(session, filter->topic);

	*first = !*link;
	if (*first) {
		*link = alloc_zero(1, sizeof(**link));
		(*link)->filter = alloc_bytes(filter->topic.data, filter->topic.size);
		session->subscription_count++;
	}
	(*link)->qos = filter->qos;
	(*link)->no_local = filter->no_local;
	(*link)->as_published = filter->as_published;
	return *link;
}

/* Returns the code for SUBACK. */
static uint8_t subscribe(struct broker_client *client, const struct mqtt_filter *filter,
			 uint32_t id)
{
	struct session *session = client->session;
	uint8_t reason = judge(session, filter->topic);
	bool first;

	if (reason)
		return client->level == MQTT_5 ? reason : MQTT_SUBSCRIPTION_REFUSED;
	struct subscription *subscription = enter(session, filter, &first);
	subscription->id = id;
	/* 3.8.3.1: 0 always, 1 if it is new, 2 never */
	if (!filter->retain_handling || (filter->retain_handling == 1 && first))
		retained_deliver(client->broker, session, subscription);
	return filter->qos;
}

void broker_subscribe(struct broker_client *client, const struct mqtt_packet *packet)
{
	uint32_t id = mqtt_property_number(&packet->properties, MQTT_SUBSCRIPTION_ID, 0);
	struct mqtt_packet answer = { .type = MQTT_SUBACK,
				      .id = packet->id,
				      .filter_count = packet->filter_count };

	for (size_t i = 0; i < packet->filter_count; i++) {
		answer.filters[i] = packet->filters[i];
		answer.filters[i].reason = subscribe(client, &packet->filters[i], id);
	}
	broker_send(client, &answer);
	deliver_flush(client->session);
}

static uint8_t unsubscribe(struct session *session, struct mqtt_bytes filter)
{
	struct subscription **link = find(session, filter);
	struct subscription *gone = *link;

	if (!gone)
		return MQTT_NO_SUBSCRIPTION;
	*link = gone->next;
	session->subscription_count--;
	free(gone->filter);
	free(gone);
	return MQTT_SUCCESS;
}

void broker_unsubscribe(struct broker_client *client, const struct mqtt_packet *packet)
{
	struct mqtt_packet answer = { .type = MQTT_UNSUBACK,
				      .id = packet->id,
				      .filter_count = packet->filter_count };

	for (size_t i = 0; i < packet->filter_count; i++) {
		answer.filters[i] = packet->filters[i];
		answer.filters[i].reason = unsubscribe(client->session, packet->filters[i].topic);
	}
	broker_send(client, &answer);
}
