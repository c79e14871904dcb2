#include "base/cleanup.h"
#include "sim/cloud/broker_inside.h"

static size_t bucket_of(const char *agent)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	for (; *agent; agent++)
		hash = (hash ^ (uint8_t)*agent) * 16777619u;
	return hash % BROKER_BUCKETS;
}

static struct session *first_of(struct session *session, const char *agent, const char *client_id)
{
	for (; session; session = session->next)
		if (!strcmp(session->agent, agent) &&
		    (!client_id || !strcmp(session->client_id, client_id)))
			return session;
	return NULL;
}

struct session *session_find(const struct broker *broker, const char *agent, const char *client_id)
{
	return first_of(broker->buckets[bucket_of(agent)], agent, client_id);
}

struct session *session_next(const struct session *session)
{
	return first_of(session->next, session->agent, NULL);
}

struct session *session_new(struct broker *broker, const char *agent, const char *client_id)
{
	struct session *session = alloc_zero(1, sizeof(*session));
	struct session **bucket = &broker->buckets[bucket_of(agent)];

	session->agent = alloc_text(agent);
	session->client_id = alloc_text(client_id);
	session->ends_ms = UINT64_MAX;
	session->next = *bucket;
	*bucket = session;
	broker->session_count++;
	return session;
}

void session_end(struct broker *broker, struct session *session)
{
	struct session **link = &broker->buckets[bucket_of(session->agent)];

	while (*link != session)
		link = &(*link)->next;
	*link = session->next;
	broker->session_count--;
	deliver_forget(session);
	while (session->subscriptions) {
		struct subscription *next = session->subscriptions->next;
		free(session->subscriptions->filter);
		free(session->subscriptions);
		session->subscriptions = next;
	}
	message_drop(session->will);
	free(session->incoming);
	free(session->client_id);
	free(session->agent);
	free(session);
}

void session_publish_will(struct broker *broker, struct session *session)
{
	struct message *will = session->will;

	session->will = NULL;
	if (!will)
		return;
	if (will->retain)
		retained_set(broker, will);
	broker_route(broker, session->agent, will, session);
	message_drop(will);
}

static uint64_t in_seconds(const struct broker *broker, uint32_t seconds)
{
	return broker_now(broker) + seconds * (uint64_t)1000;
}

static void wake(const struct broker *broker, uint64_t at_ms)
{
	if (at_ms != UINT64_MAX)
		broker->rules.wake(broker->rules.arg, at_ms);
}

/* 3.1.3.2.2: the will goes out after its delay or with the session, whichever is first. */
static void leave_will(struct broker *broker, struct session *session)
{
	if (!session->will_delay_s || !session->expiry_s) {
		session_publish_will(broker, session);
		return;
	}
	session->will_ms = in_seconds(broker, session->will_delay_s);
	wake(broker, session->will_ms);
}

void session_leave(struct broker_client *client, bool orderly)
{
	struct broker *broker = client->broker;
	struct session *session = client->session;

	if (!session)
		return;
	client->session = NULL;
	session->client = NULL;
	session->ends_ms = session->expiry_s == BROKER_FOR_EVER
				   ? UINT64_MAX
				   : in_seconds(broker, session->expiry_s);
	if (orderly) {
		message_drop(session->will);
		session->will = NULL;
	}
	if (session->will)
		leave_will(broker, session);
	/* [MQTT-3.1.2-6], [MQTT-3.1.2-23]: without an expiry it lasts as long as the connection. */
	if (!session->expiry_s)
		session_end(broker, session);
	else
		wake(broker, session->ends_ms);
}

static void tick(struct broker *broker, struct session *session, uint64_t now_ms)
{
	bool ends = session->ends_ms <= now_ms;

	if (session->client)
		return;
	if (session->will && (ends || session->will_ms <= now_ms))
		session_publish_will(broker, session);
	else if (session->will)
		wake(broker, session->will_ms);
	if (ends)
		session_end(broker, session);
	else
		wake(broker, session->ends_ms);
}

void broker_tick(struct broker *broker)
{
	uint64_t now_ms = broker_now(broker);
	struct session *next;

	for (size_t i = 0; i < BROKER_BUCKETS; i++)
		for (struct session *session = broker->buckets[i]; session; session = next) {
			next = session->next;
			tick(broker, session, now_ms);
		}
}
