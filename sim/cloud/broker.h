/* broker.h: the MQTT broker: sessions, delivery and who may do what. Packets in, packets out; no
 * socket, no clock.
 *
 * An agent may subscribe its own commands topic and publish on its own results topic, nothing
 * else, and no wildcard. QoS 0 and 1. */
#ifndef SIM_CLOUD_BROKER_H
#define SIM_CLOUD_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cloud/mqtt.h"

enum { BROKER_SESSIONS_MAX = 16384, BROKER_QUEUE_MAX = 256 };

struct broker;        /* opaque */
struct broker_client; /* one connection; opaque */

/* What the broker needs from outside. */
struct broker_rules {
	bool (*login)(void *arg, const char *user, const char *secret);
	/* A message on an agent's results topic; stored when this returns. */
	void (*result)(void *arg, uint64_t connection, const char *agent, const void *data,
		       size_t size);
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

/* Delivers at least once, now or when the agent is back. False if it never subscribed, or has too
 * many waiting. data is copied. */
bool broker_publish(struct broker *broker, const char *agent, const void *data, size_t size);

/* Ends the agent's connection, if it has one; NULL: everybody's. */
void broker_end(struct broker *broker, const char *agent, const char *why);

bool broker_subscribed(const struct broker *broker, const char *agent);

#endif
