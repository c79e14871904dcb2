#include "sim/cloud/broker_fixture.h"

static void ack(struct end *end, enum mqtt_type type, uint16_t id)
{
	send_to_broker(end, &(struct mqtt_packet){ .type = type, .id = id });
}

START_TEST(a_message_of_qos_2_goes_out_in_four_steps)
{
	struct end a, other;

	setup();
	connect_lasting(&a, "a");
	connect_lasting(&other, "a.other");
	subscribe(&a, OWN("state"), 2);
	publish_text(&other, OWN("state"), 2, false, "on");
	ck_assert_int_eq(last(&other)->type, MQTT_PUBREC);
	ck_assert_uint_eq(last(&a)->qos, 2);
	uint16_t id = last(&a)->id;
	ack(&a, MQTT_PUBREC, id);
	ck_assert_int_eq(last(&a)->type, MQTT_PUBREL);
	ck_assert_uint_eq(last(&a)->id, id);
	ack(&a, MQTT_PUBCOMP, id);
	ack(&a, MQTT_PUBREC, id);
	ck_assert_uint_eq(last(&a)->reason, MQTT_ID_NOT_FOUND);
	close_end(&a);
	close_end(&other);
	teardown();
}
END_TEST

START_TEST(a_message_of_qos_2_that_comes_twice_is_passed_on_once)
{
	struct end a;

	setup();
	connect_as(&a, "a", "a", "s", true);
	publish(&a, OWN("results"), 2);
	publish(&a, OWN("results"), 2);
	ck_assert_int_eq(results, 1);
	ck_assert_int_eq(count_said(&a, MQTT_PUBREC), 2);
	ack(&a, MQTT_PUBREL, 9);
	ck_assert_int_eq(last(&a)->type, MQTT_PUBCOMP);
	publish(&a, OWN("results"), 2);
	ck_assert_int_eq(results, 2);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(after_a_reconnect_a_released_message_is_released_again)
{
	struct end a, other;

	setup();
	connect_lasting(&a, "a");
	connect_lasting(&other, "a.other");
	subscribe(&a, OWN("state"), 2);
	publish_text(&other, OWN("state"), 2, false, "on");
	uint16_t id = last(&a)->id;
	ack(&a, MQTT_PUBREC, id);
	close_end(&a);
	connect_lasting(&a, "a");
	ck_assert(a.said[0].session_present);
	ck_assert_int_eq(last(&a)->type, MQTT_PUBREL);
	ck_assert_uint_eq(last(&a)->id, id);
	close_end(&a);
	close_end(&other);
	teardown();
}
END_TEST

START_TEST(no_more_is_under_way_than_the_client_takes)
{
	struct end a;
	struct mqtt_packet connect = connect_5("a", true);

	setup();
	add(&connect, MQTT_RECEIVE_MAXIMUM, 2);
	open_with(&a, &connect);
	subscribe(&a, OWN("commands"), 1);
	for (int i = 0; i < 4; i++)
		ck_assert(broker_publish(broker, "a", "go", 2, false));
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 2);
	acknowledge(&a, last(&a)->id);
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 3);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(a_message_larger_than_the_client_takes_is_dropped)
{
	struct end a;
	struct mqtt_packet connect = connect_5("a", true);

	setup();
	add(&connect, MQTT_MAXIMUM_PACKET, 50);
	open_with(&a, &connect);
	subscribe(&a, OWN("commands"), 1);
	broker_publish(broker, "a", "0123456789012345678901234567890123456789", 40, false);
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 0);
	broker_publish(broker, "a", "go", 2, false);
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 1);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(a_topic_is_named_once_to_a_client_that_takes_aliases)
{
	struct end a;
	struct mqtt_packet connect = connect_5("a", true);

	setup();
	add(&connect, MQTT_ALIAS_MAXIMUM, 5);
	open_with(&a, &connect);
	subscribe(&a, OWN("commands"), 0);
	broker_publish(broker, "a", "go", 2, false);
	ck_assert_str_eq(a.topic[a.count - 1], OWN("commands"));
	ck_assert_uint_eq(number_of(last(&a), MQTT_TOPIC_ALIAS), 1);
	broker_publish(broker, "a", "go", 2, false);
	ck_assert_str_eq(a.topic[a.count - 1], "");
	ck_assert_uint_eq(number_of(last(&a), MQTT_TOPIC_ALIAS), 1);
	close_end(&a);
	teardown();
}
END_TEST

static void publish_alias(struct end *end, const char *topic, uint32_t alias)
{
	struct mqtt_packet packet = { .type = MQTT_PUBLISH,
				      .topic = bytes(topic),
				      .payload = bytes("done") };
	add(&packet, MQTT_TOPIC_ALIAS, alias);
	send_to_broker(end, &packet);
}

START_TEST(an_alias_of_the_client_stands_for_its_topic)
{
	struct end a;
	struct mqtt_packet connect = connect_5("a", true);

	setup();
	open_with(&a, &connect);
	publish_alias(&a, OWN("results"), 3);
	publish_alias(&a, "", 3);
	ck_assert_int_eq(results, 2);
	publish_alias(&a, "", 4);
	ck_assert_int_eq(last(&a)->type, MQTT_DISCONNECT);
	ck_assert_uint_eq(last(&a)->reason, MQTT_PROTOCOL_ERROR);
	close_end(&a);
	open_with(&a, &connect);
	publish_alias(&a, OWN("results"), 0);
	ck_assert_uint_eq(last(&a)->reason, MQTT_ALIAS_INVALID);
	close_end(&a);
	open_with(&a, &connect);
	publish_alias(&a, OWN("results"), 17);
	ck_assert_uint_eq(last(&a)->reason, MQTT_ALIAS_INVALID);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(what_has_expired_is_not_sent_and_the_rest_of_its_time_is_told)
{
	struct end a, other;
	struct mqtt_packet packet = { .type = MQTT_PUBLISH,
				      .qos = 1,
				      .id = 9,
				      .topic = bytes(OWN("state")),
				      .payload = bytes("on") };

	setup();
	connect_lasting(&a, "a");
	connect_lasting(&other, "a.other");
	subscribe(&a, OWN("state"), 1);
	close_end(&a);
	add(&packet, MQTT_MESSAGE_EXPIRY, 10);
	send_to_broker(&other, &packet);
	now += 3000;
	connect_lasting(&a, "a");
	ck_assert_uint_eq(number_of(last(&a), MQTT_MESSAGE_EXPIRY), 7);
	acknowledge(&a, last(&a)->id);
	close_end(&a);
	send_to_broker(&other, &packet);
	now += 10000;
	connect_lasting(&a, "a");
	ck_assert_int_eq(count_said(&a, MQTT_PUBLISH), 0);
	close_end(&a);
	close_end(&other);
	teardown();
}
END_TEST

START_TEST(what_the_publisher_says_of_a_message_is_passed_on)
{
	struct end a;
	struct mqtt_packet connect = connect_5("a", true);
	struct mqtt_packet packet = { .type = MQTT_PUBLISH,
				      .topic = bytes(OWN("state")),
				      .payload = bytes("on") };
	struct mqtt_property pair = { .id = MQTT_USER_PROPERTY,
				      .name = bytes("k"),
				      .text = bytes("v") };

	setup();
	open_with(&a, &connect);
	subscribe(&a, OWN("+"), 0);
	add(&packet, MQTT_PAYLOAD_FORMAT, 1);
	mqtt_property_add(&packet.properties, pair);
	mqtt_property_add_text(&packet.properties, MQTT_RESPONSE_TOPIC, OWN("answers"));
	send_to_broker(&a, &packet);
	ck_assert_uint_eq(number_of(last(&a), MQTT_PAYLOAD_FORMAT), 1);
	ck_assert_ptr_nonnull(mqtt_property_find(&last(&a)->properties, MQTT_RESPONSE_TOPIC));
	ck_assert_ptr_nonnull(mqtt_property_find(&last(&a)->properties, MQTT_USER_PROPERTY));
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(a_refused_publication_is_answered_with_its_reason)
{
	struct end a;
	struct mqtt_packet connect = connect_5("a", true);

	setup();
	open_with(&a, &connect);
	publish(&a, "ecsp/v1/agents/b/results", 1);
	ck_assert_int_eq(last(&a)->type, MQTT_PUBACK);
	ck_assert_uint_eq(last(&a)->reason, MQTT_FORBIDDEN);
	publish(&a, OWN("commands"), 2);
	ck_assert_int_eq(last(&a)->type, MQTT_PUBREC);
	ck_assert_uint_eq(last(&a)->reason, MQTT_FORBIDDEN);
	ck_assert_ptr_null(a.dropped);
	publish(&a, "x", 0);
	ck_assert_int_eq(last(&a)->type, MQTT_DISCONNECT);
	ck_assert_uint_eq(last(&a)->reason, MQTT_FORBIDDEN);
	ck_assert_ptr_nonnull(a.dropped);
	close_end(&a);
	teardown();
}
END_TEST

TEST_MAIN("sim.cloud.broker_deliver", a_message_of_qos_2_goes_out_in_four_steps,
	  a_message_of_qos_2_that_comes_twice_is_passed_on_once,
	  after_a_reconnect_a_released_message_is_released_again,
	  no_more_is_under_way_than_the_client_takes,
	  a_message_larger_than_the_client_takes_is_dropped,
	  a_topic_is_named_once_to_a_client_that_takes_aliases,
	  an_alias_of_the_client_stands_for_its_topic,
	  what_has_expired_is_not_sent_and_the_rest_of_its_time_is_told,
	  what_the_publisher_says_of_a_message_is_passed_on,
	  a_refused_publication_is_answered_with_its_reason)
