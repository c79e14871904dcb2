#include "agents/common/mqtt_store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "agents/common/paho.h"
#include "base/buf.h"

struct packet {
	struct packet *next;
	char *key;
	struct buf bytes;
};

struct mqtt_store {
	MQTTClient_persistence table;
	pthread_mutex_t lock; /* for all below */
	struct packet *packets;
};

enum { PACKET_MAX = 1 << 20 };

static bool is_sent_publish(const char *key)
{
	return strncmp(key, "s-", 2) == 0 || strncmp(key, "s5-", 3) == 0;
}

/* paho stores the calls it was given and has not made yet as well, and forgets them when that
 * worked. Those are not kept: whoever made them makes them again. */
static bool is_call(const char *key)
{
	return strncmp(key, "c-", 2) == 0 || strncmp(key, "c5-", 3) == 0;
}

static struct packet **find(struct mqtt_store *store, const char *key)
{
	struct packet **at = &store->packets;

	while (*at && strcmp((*at)->key, key) != 0)
		at = &(*at)->next;
	return at;
}

static void take_out(struct packet **at)
{
	struct packet *packet = *at;

	if (!packet)
		return;
	*at = packet->next;
	buf_done(&packet->bytes);
	free(packet->key);
	free(packet);
}

static int on_open(void **handle, const char *client, const char *server, void *context)
{
	(void)client;
	(void)server;
	*handle = context;
	return 0;
}

static int on_close(void *handle)
{
	(void)handle;
	return 0;
}

static int on_put(void *handle, char *key, int count, char *parts[], int sizes[])
{
	struct mqtt_store *store = handle;

	if (!is_sent_publish(key))
		return is_call(key) ? MQTTCLIENT_PERSISTENCE_ERROR : 0;
	struct packet *packet = alloc_zero(1, sizeof(*packet));
	packet->key = alloc_text(key);
	buf_init(&packet->bytes, PACKET_MAX);
	for (int i = 0; i < count; i++)
		buf_add(&packet->bytes, parts[i], (size_t)sizes[i]);
	pthread_mutex_lock(&store->lock);
	take_out(find(store, key));
	packet->next = store->packets;
	store->packets = packet;
	pthread_mutex_unlock(&store->lock);
	return 0;
}

/* paho frees what it is given, with its own counting. */
static char *copy_for_paho(const void *data, size_t size)
{
	char *copy = MQTTAsync_malloc(size);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	return copy;
}

static int on_get(void *handle, char *key, char **data, int *size)
{
	struct mqtt_store *store = handle;
	int status = MQTTCLIENT_PERSISTENCE_ERROR;

	pthread_mutex_lock(&store->lock);
	const struct packet *packet = *find(store, key);
	if (packet) {
		*size = (int)packet->bytes.size;
		*data = copy_for_paho(packet->bytes.data, packet->bytes.size);
		status = 0;
	}
	pthread_mutex_unlock(&store->lock);
	return status;
}

static int on_remove(void *handle, char *key)
{
	struct mqtt_store *store = handle;

	pthread_mutex_lock(&store->lock);
	take_out(find(store, key));
	pthread_mutex_unlock(&store->lock);
	return 0;
}

static size_t count_packets(const struct mqtt_store *store)
{
	size_t count = 0;

	for (const struct packet *packet = store->packets; packet; packet = packet->next)
		count++;
	return count;
}

static int on_keys(void *handle, char ***keys, int *count)
{
	struct mqtt_store *store = handle;
	int i = 0;

	*keys = NULL;
	pthread_mutex_lock(&store->lock);
	*count = (int)count_packets(store);
	if (*count && !(*keys = MQTTAsync_malloc((size_t)*count * sizeof(char *))))
		abort();
	for (const struct packet *packet = store->packets; packet; packet = packet->next)
		(*keys)[i++] = copy_for_paho(packet->key, strlen(packet->key) + 1);
	pthread_mutex_unlock(&store->lock);
	return 0;
}

static int on_clear(void *handle)
{
	struct mqtt_store *store = handle;

	pthread_mutex_lock(&store->lock);
	while (store->packets)
		take_out(&store->packets);
	pthread_mutex_unlock(&store->lock);
	return 0;
}

static int on_contains(void *handle, char *key)
{
	struct mqtt_store *store = handle;

	pthread_mutex_lock(&store->lock);
	bool found = *find(store, key);
	pthread_mutex_unlock(&store->lock);
	return found ? 0 : MQTTCLIENT_PERSISTENCE_ERROR;
}

struct mqtt_store *mqtt_store_new(void)
{
	struct mqtt_store *store = alloc_zero(1, sizeof(*store));

	pthread_mutex_init(&store->lock, NULL);
	/* By place: one of its members has the name of a call that is forbidden here. */
	store->table = (MQTTClient_persistence){ store,     on_open, on_close, on_put,     on_get,
						 on_remove, on_keys, on_clear, on_contains };
	return store;
}

void mqtt_store_free(struct mqtt_store *store)
{
	if (!store)
		return;
	on_clear(store);
	pthread_mutex_destroy(&store->lock);
	free(store);
}

size_t mqtt_store_count(struct mqtt_store *store)
{
	pthread_mutex_lock(&store->lock);
	size_t count = count_packets(store);
	pthread_mutex_unlock(&store->lock);
	return count;
}

void *mqtt_store_persistence(struct mqtt_store *store)
{
	return &store->table;
}
