#include "base/cleanup.h"
#include "sim/cloud/broker_inside.h"

static void drop(struct broker *broker, struct retained **link)
{
	struct retained *retained = *link;

	*link = retained->next;
	broker->retained_count--;
	message_drop(retained->message);
	free(retained);
}

/* [MQTT-3.3.1-5] to [MQTT-3.3.1-7] of 5.0, -5, -10 and -11 of 3.1.1: one for each topic; an empty
 * one removes it. */
void retained_set(struct broker *broker, struct message *message)
{
	struct retained **link = &broker->retained;

	while (*link && strcmp((*link)->message->topic, message->topic) != 0)
		link = &(*link)->next;
	if (*link)
		drop(broker, link);
	if (!message->size || broker->retained_count >= BROKER_RETAINED_MAX)
		return;
	struct retained *retained = alloc_zero(1, sizeof(*retained));
	retained->message = message_share(message);
	retained->next = broker->retained;
	broker->retained = retained;
	broker->retained_count++;
}

void retained_free(struct broker *broker, const char *agent)
{
	struct retained **link = &broker->retained;

	while (*link) {
		const char *topic = (*link)->message->topic;
		struct mqtt_bytes bytes = { (const uint8_t *)topic, strlen(topic) };
		if (!agent || topic_is_of(bytes, agent))
			drop(broker, link);
		else
			link = &(*link)->next;
	}
}

void retained_deliver(struct broker *broker, struct session *session,
		      const struct subscription *subscription)
{
	for (struct retained *retained = broker->retained; retained; retained = retained->next) {
		struct message *message = retained->message;
		uint8_t qos = message->qos < subscription->qos ? message->qos : subscription->qos;
		struct delivery how = { .qos = qos,
					.retain = true }; /* 3.3.1.3; [MQTT-3.3.1-8] of 3.1.1 */

		if (!topic_matches(subscription->filter, message->topic))
			continue;
		if (subscription->id)
			how.matches[how.match_count++] = subscription->id;
		deliver_queue(session, message, &how);
	}
}
