/* broker.h: the MQTT broker: sessions, delivery and who may do what. Packets in, packets out; no
 * socket, and no clock but the one it is given.
 *
 * Everything of an agent stands below ecsp/v1/agents/{agent}/: it may subscribe and publish there
 * and nowhere else, and only the service publishes commands. So a message concerns the sessions of
 * one agent alone. 3.1.1 and 5.0, QoS 0 to 2; no shared subscriptions, no enhanced
 * authentication. */
#ifndef SIM_CLOUD_BROKER_H
#define SIM_CLOUD_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cloud/broker_limits.h"
#include "sim/cloud/mqtt.h"

enum {
	BROKER_SESSIONS_MAX = 16384,
	BROKER_QUEUE_MAX = 256,        /* messages waiting for one session */
	BROKER_SUBSCRIPTIONS_MAX = 64, /* of one session */
	BROKER_RETAINED_MAX = 4096,
};

struct broker;        /* opaque */
struct broker_client; /* one connection; opaque */

/* What the broker needs from outside. */
struct broker_rules {
	bool (*login)(void *arg, const char *user, const char *secret);
	/* A message on an agent's results topic; stored when this returns. */
	void (*result)(void *arg, uint64_t connection, const char *agent, const void *data,
		       size_t size);
	uint64_t (*now_ms)(void *arg);           /* monotonic */
	void (*wake)(void *arg, uint64_t at_ms); /* broker_tick is wanted then, or sooner */
	const struct broker_limits *limits;      /* borrowed; NULL: the usual ones */
	void *arg;
};

/* What it needs from a connection. */
struct broker_wire {
	void (*send)(void *arg, const struct mqtt_packet *packet);
	/* The connection is to be ended; broker_client_free follows later. */
	void (*drop)(void *arg, const char *why);
	void *arg;
};

struct broker *broker_new(const struct broker_rules *rules);
void broker_free(struct broker *broker); /* all clients have been freed */

struct broker_client *broker_client_new(struct broker *broker, uint64_t connection,
					const struct broker_wire *wire);
void broker_client_free(struct broker_client *client); /* the connection is gone */

void broker_receive(struct broker_client *client, const struct mqtt_packet *packet);

/* Ends the connection; a client of 5.0 that is connected is told the reason first. */
void broker_refuse(struct broker_client *client, uint8_t reason, const char *why);

/* Wills and sessions whose time has come. */
void broker_tick(struct broker *broker);

/* Publishes a command with QoS 1: delivers at least once, now or when the agent is back. False if
 * it never subscribed, or has too many waiting. data is copied. retain: also to who subscribes
 * later; then never false. */
bool broker_publish(struct broker *broker, const char *agent, const void *data, size_t size,
		    bool retain);

/* Ends the agent's connection, if it has one; NULL: everybody's. */
void broker_end(struct broker *broker, const char *agent, const char *why);

bool broker_subscribed(const struct broker *broker, const char *agent);

/* Ends the connections of an agent, and loses its sessions and what was retained for it. */
void broker_forget(struct broker *broker, const char *agent);

#endif
