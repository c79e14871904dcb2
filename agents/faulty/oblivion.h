/* oblivion.h: for faulty agents that keep nothing of what they published from one MQTT connection
 * to the next. Stands before mqtt_store_persistence. */
#ifndef AGENTS_FAULTY_OBLIVION_H
#define AGENTS_FAULTY_OBLIVION_H

#include "agents/common/mqtt_store.h"
#include "agents/common/paho.h"

/* The linker (--wrap) puts the second in the place of the first. */
void *__real_mqtt_store_persistence(struct mqtt_store *store);
void *__wrap_mqtt_store_persistence(struct mqtt_store *store);

/* Calls that were not made yet are not taken, as before. */
static inline int oblivion_put(void *handle, char *key, int count, char *parts[], int sizes[])
{
	(void)handle;
	(void)count;
	(void)parts;
	(void)sizes;
	return key[0] == 'c' ? MQTTCLIENT_PERSISTENCE_ERROR : 0;
}

void *__wrap_mqtt_store_persistence(struct mqtt_store *store)
{
	MQTTClient_persistence *table = __real_mqtt_store_persistence(store);

	table->pput = oblivion_put;
	return table;
}

#endif
