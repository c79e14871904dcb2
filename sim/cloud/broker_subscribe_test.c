#include "sim/cloud/broker_fixture.h"

static void subscribe_with(struct end *end, struct mqtt_filter filter, uint32_t id)
{
	struct mqtt_packet packet = { .type = MQTT_SUBSCRIBE, .id = 1, .filter_count = 1 };

	packet.filters[0] = filter;
	if (id)
		add(&packet, MQTT_SUBSCRIPTION_ID, id);
	send_to_broker(end, &packet);
}

static void connect_clean(struct end *end, const char *client)
{
	struct mqtt_packet connect = connect_5(client, true);
	open_with(end, &connect);
}

START_TEST(what_is_retained_comes_with_the_subscription)
{
	struct end a;

	setup();
	connect_clean(&a, "a");
	publish_text(&a, OWN("state"), 1, true, "on");
	publish_text(&a, OWN("other"), 1, true, "x");
	subscribe(&a, OWN("state"), 1);
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 1);
	ck_assert(last(&a)->retain);
	ck_assert_str_eq(a.payload[a.count - 1], "on");
	publish_text(&a, OWN("state"), 1, true, "");
	ck_assert(!last(&a)->retain || last(&a)->type == MQTT_PUBACK);
	close_end(&a);
	connect_clean(&a, "a");
	subscribe(&a, OWN("state"), 1);
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 0);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(retain_handling_chooses_when_it_comes)
{
	struct end a;
	struct mqtt_filter filter = { .topic = bytes(OWN("state")), .retain_handling = 2 };

	setup();
	connect_clean(&a, "a");
	publish_text(&a, OWN("state"), 0, true, "on");
	subscribe_with(&a, filter, 0);
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 0);
	filter.retain_handling = 1;
	subscribe_with(&a, filter, 0);
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 0);
	filter.retain_handling = 0;
	subscribe_with(&a, filter, 0);
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 1);
	filter.topic = bytes(OWN("+"));
	filter.retain_handling = 1;
	subscribe_with(&a, filter, 0);
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 2);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(no_local_and_retain_as_published_are_kept)
{
	struct end a, other;
	struct mqtt_filter filter = { .topic = bytes(OWN("state")),
				      .no_local = true,
				      .as_published = true };

	setup();
	connect_clean(&a, "a");
	connect_clean(&other, "a.other");
	subscribe_with(&a, filter, 0);
	publish_text(&a, OWN("state"), 0, false, "mine");
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 0);
	publish_text(&other, OWN("state"), 0, true, "yours");
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 1);
	ck_assert(last(&a)->retain);
	close_end(&a);
	close_end(&other);
	teardown();
}
END_TEST

START_TEST(overlapping_subscriptions_give_one_message_with_all_identifiers)
{
	struct end a;
	struct mqtt_filter filter = { .topic = bytes(OWN("#")), .qos = 0 };

	setup();
	connect_clean(&a, "a");
	subscribe_with(&a, filter, 5);
	filter.topic = bytes(OWN("commands"));
	filter.qos = 1;
	subscribe_with(&a, filter, 7);
	broker_publish(broker, "a", "go", 2, false);
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 1);
	ck_assert_uint_eq(last(&a)->qos, 1);
	ck_assert_uint_eq(last(&a)->properties.count, 2);
	ck_assert_uint_eq(last(&a)->properties.items[0].number, 5);
	ck_assert_uint_eq(last(&a)->properties.items[1].number, 7);
	close_end(&a);
	teardown();
}
END_TEST

static void expect_granted(struct end *end, const char *topic, uint8_t reason)
{
	subscribe(end, topic, 1);
	ck_assert_int_eq(last(end)->type, MQTT_SUBACK);
	ck_assert_msg(last(end)->filters[0].reason == reason, "%s: 0x%02x", topic,
		      last(end)->filters[0].reason);
}

START_TEST(a_refused_filter_is_answered_with_its_reason)
{
	struct end a;

	setup();
	connect_clean(&a, "a");
	expect_granted(&a, OWN("commands"), MQTT_GRANTED_1);
	expect_granted(&a, "ecsp/v1/agents/b/commands", MQTT_FORBIDDEN);
	expect_granted(&a, "#", MQTT_FORBIDDEN);
	expect_granted(&a, "$share/g/ecsp/v1/agents/a/commands", MQTT_SHARED_NOT_SUPPORTED);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(an_end_of_a_subscription_is_answered_for_each_filter)
{
	struct end a;
	struct mqtt_packet packet = { .type = MQTT_UNSUBSCRIBE, .id = 3, .filter_count = 2 };

	setup();
	connect_clean(&a, "a");
	subscribe(&a, OWN("commands"), 1);
	packet.filters[0].topic = bytes(OWN("commands"));
	packet.filters[1].topic = bytes(OWN("commands"));
	send_to_broker(&a, &packet);
	ck_assert_int_eq(last(&a)->type, MQTT_UNSUBACK);
	ck_assert_uint_eq(last(&a)->filters[0].reason, MQTT_SUCCESS);
	ck_assert_uint_eq(last(&a)->filters[1].reason, MQTT_NO_SUBSCRIPTION);
	ck_assert(!broker_publish(broker, "a", "go", 2, false));
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(a_retained_command_comes_again_with_every_subscription)
{
	struct end a;

	setup();
	connect_lasting(&a, "a");
	subscribe(&a, OWN("commands"), 1);
	ck_assert(broker_publish(broker, "a", "go", 2, true));
	ck_assert(!last(&a)->retain);
	acknowledge(&a, last(&a)->id);
	subscribe(&a, OWN("commands"), 1);
	ck_assert(last(&a)->retain);
	ck_assert_str_eq(a.payload[a.count - 1], "go");
	close_end(&a);
	teardown();
}
END_TEST

TEST_MAIN("sim.cloud.broker_subscribe", what_is_retained_comes_with_the_subscription,
	  retain_handling_chooses_when_it_comes, no_local_and_retain_as_published_are_kept,
	  overlapping_subscriptions_give_one_message_with_all_identifiers,
	  a_refused_filter_is_answered_with_its_reason,
	  an_end_of_a_subscription_is_answered_for_each_filter,
	  a_retained_command_comes_again_with_every_subscription)
