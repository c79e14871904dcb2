/* broker_inside.h: inside of the broker, for its own files. */
#ifndef SIM_CLOUD_BROKER_INSIDE_H
#define SIM_CLOUD_BROKER_INSIDE_H

#include "sim/cloud/broker.h"
#include "sim/cloud/topic.h"

enum {
	BROKER_ALIASES = 16, /* topic aliases each way on one connection */
	BROKER_RECEIVE = 64, /* receive maximum of the broker, when nothing else is said */
	BROKER_BUCKETS = 1024,
	BROKER_MATCHES = 8, /* subscription identifiers told with one message */
};

#define BROKER_FOR_EVER UINT32_MAX /* session expiry interval (3.1.2.11.2) */

/* What was published; shared by all that it waits for. */
struct message {
	unsigned users;
	char *topic;
	char *data;
	size_t size;
	uint8_t *properties; /* encoded: those that are passed on */
	size_t properties_size;
	uint64_t expires_ms; /* UINT64_MAX: never */
	uint8_t qos;
	bool retain;
};

enum delivery_state {
	DELIVERY_WAITING,
	DELIVERY_SENT,
	DELIVERY_RELEASED, /* QoS 2: PUBREC came, PUBCOMP is awaited */
};

struct delivery {
	struct delivery *next;
	struct message *message; /* a share of it */
	enum delivery_state state;
	uint16_t id; /* 0 until first sent, and with QoS 0 */
	uint8_t qos;
	bool retain;
	uint32_t matches[BROKER_MATCHES]; /* subscription identifiers */
	size_t match_count;
};

struct subscription {
	struct subscription *next;
	char *filter;
	uint8_t qos;
	bool no_local, as_published;
	uint32_t id; /* 0: none */
};

struct session {
	struct session *next; /* of its bucket */
	char *client_id, *agent;
	struct broker_client *client; /* NULL: away */
	uint32_t expiry_s, will_delay_s;
	uint64_t ends_ms; /* while away; UINT64_MAX: never */
	struct subscription *subscriptions;
	size_t subscription_count;
	struct delivery *queue; /* in the order of publishing */
	size_t queued;
	uint16_t last_id;
	/* QoS 2: ids whose PUBREL is awaited; BROKER_RECEIVE, NULL until the first */
	uint16_t *incoming;
	size_t incoming_count;
	struct message *will; /* of the connection, or of the last one until will_ms */
	uint64_t will_ms;
};

struct broker_client {
	struct broker *broker;
	struct broker_wire wire;
	uint64_t connection;
	uint8_t level;
	struct session *session; /* NULL: not connected in the sense of MQTT */
	bool over;               /* nothing more is read */
	bool terse;              /* request problem information was 0 */
	uint16_t receive_maximum;
	uint32_t maximum_packet;
	uint16_t alias_maximum;
	/* BROKER_ALIASES each; NULL until the first */
	char **aliases;     /* of the client */
	char **our_aliases; /* of the broker */
};

struct retained {
	struct retained *next;
	struct message *message;
};

struct broker {
	struct broker_rules rules;
	struct session *buckets[BROKER_BUCKETS];
	size_t session_count;
	struct retained *retained;
	size_t retained_count;
	uint64_t names; /* made up for clients without one */
};

/* broker.c */
void broker_send(const struct broker_client *client, const struct mqtt_packet *packet);
void broker_send_ack(const struct broker_client *client, enum mqtt_type type, uint16_t id,
		     uint8_t reason, const char *why);
void broker_drop(struct broker_client *client, const char *why); /* without a word */
/* Adds why as reason string where the client wants to read one. */
void broker_explain(const struct broker_client *client, struct mqtt_packet *packet,
		    const char *why);
uint64_t broker_now(const struct broker *broker);

/* broker_connect.c */
void broker_connect(struct broker_client *client, const struct mqtt_packet *packet);
uint16_t broker_receive_maximum(const struct broker *broker);

/* broker_session.c */
struct session *session_find(const struct broker *broker, const char *agent,
			     const char *client_id); /* client_id NULL: the first of the agent */
struct session *session_next(const struct session *session); /* of the same agent */
struct session *session_new(struct broker *broker, const char *agent, const char *client_id);
void session_end(struct broker *broker, struct session *session);
/* The connection is gone. The will is published unless it was orderly. */
void session_leave(struct broker_client *client, bool orderly);
void session_publish_will(struct broker *broker, struct session *session);

/* broker_message.c */
struct message *message_new(const char *topic, const struct mqtt_bytes payload,
			    const struct mqtt_properties *properties, uint64_t now_ms);
void message_drop(struct message *message); /* gives a share back */
struct message *message_share(struct message *message);

/* broker_publish.c */
void broker_take_publish(struct broker_client *client, const struct mqtt_packet *packet);
void broker_take_pubrel(struct broker_client *client, const struct mqtt_packet *packet);
/* To all sessions of the agent that subscribed; from is not told of its own where it does not want
 * to be. Returns how many got it; -1: one that should have it has too many waiting. */
int broker_route(struct broker *broker, const char *agent, struct message *message,
		 const struct session *from);
bool broker_may_publish(struct mqtt_bytes topic, const char *agent);

/* broker_retained.c */
void retained_set(struct broker *broker, struct message *message);
void retained_free(struct broker *broker, const char *agent); /* NULL: all */
void retained_deliver(struct broker *broker, struct session *session,
		      const struct subscription *subscription);

/* broker_subscribe.c */
void broker_subscribe(struct broker_client *client, const struct mqtt_packet *packet);
void broker_unsubscribe(struct broker_client *client, const struct mqtt_packet *packet);

/* broker_deliver.c */
bool deliver_queue(struct session *session, struct message *message,
		   const struct delivery *how); /* copies what is said there; false: full */
void deliver_flush(struct session *session);    /* sends what may be sent now */
void deliver_again(struct session *session);    /* after a reconnect [MQTT-4.4.0-1] */
void deliver_acknowledged(struct session *session, const struct mqtt_packet *packet);
void deliver_forget(struct session *session);

#endif
