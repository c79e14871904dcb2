#include "agents/common/mqtt_store.h"

#include <string.h>

#include "agents/common/paho.h"
#include "base/test.h"

static struct mqtt_store *store;
static MQTTClient_persistence *table;
static void *handle;

/* paho counts its memory only while it has a client; this one never connects. */
static MQTTAsync client;

static void begin(void)
{
	MQTTAsync_create(&client, "tcp://localhost", "id", MQTTCLIENT_PERSISTENCE_NONE, NULL);
	store = mqtt_store_new();
	table = mqtt_store_persistence(store);
	handle = table->context; /* what opening it gives */
}

static void end(void)
{
	mqtt_store_free(store);
	MQTTAsync_destroy(&client);
}

/* paho's types have no const. */
static int put(const char *key, const char *head, const char *tail)
{
	char *parts[] = { (char *)head, (char *)tail };
	int sizes[] = { (int)strlen(head), (int)strlen(tail) };

	return table->pput(handle, (char *)key, 2, parts, sizes);
}

START_TEST(a_packet_is_kept_whole_until_it_is_removed)
{
	char *data;
	int size;

	begin();
	ck_assert_int_eq(put("s-7", "head", "tail"), 0);
	ck_assert_uint_eq(mqtt_store_count(store), 1);
	ck_assert_int_eq(table->pcontainskey(handle, (char *)"s-7"), 0);
	ck_assert_int_eq(table->pget(handle, (char *)"s-7", &data, &size), 0);
	ck_assert_int_eq(size, 8);
	ck_assert_int_eq(memcmp(data, "headtail", 8), 0);
	MQTTAsync_free(data);
	ck_assert_int_eq(table->premove(handle, (char *)"s-7"), 0);
	ck_assert_uint_eq(mqtt_store_count(store), 0);
	ck_assert_int_ne(table->pget(handle, (char *)"s-7", &data, &size), 0);
	end();
}
END_TEST

START_TEST(the_same_key_once_more_replaces)
{
	char **keys;
	int count;

	begin();
	put("s5-1", "a", "b");
	put("s5-1", "c", "d");
	put("s5-2", "e", "f");
	ck_assert_int_eq(table->pkeys(handle, &keys, &count), 0);
	ck_assert_int_eq(count, 2);
	for (int i = 0; i < count; i++)
		MQTTAsync_free(keys[i]);
	MQTTAsync_free(keys);
	end();
}
END_TEST

START_TEST(calls_that_were_not_made_are_not_kept_and_paho_is_told_so)
{
	begin();
	ck_assert_int_ne(put("c-1", "a", "b"), 0);
	ck_assert_int_ne(put("c5-1", "a", "b"), 0);
	ck_assert_int_eq(put("r-1", "a", "b"), 0);
	ck_assert_uint_eq(mqtt_store_count(store), 0);
	end();
}
END_TEST

TEST_MAIN("agents.common.mqtt_store", a_packet_is_kept_whole_until_it_is_removed,
	  the_same_key_once_more_replaces,
	  calls_that_were_not_made_are_not_kept_and_paho_is_told_so)
