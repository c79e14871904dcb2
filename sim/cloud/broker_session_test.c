#include "sim/cloud/broker_fixture.h"

static struct mqtt_packet with_will(const char *client, uint32_t expiry_s, uint32_t delay_s)
{
	struct mqtt_packet connect = connect_5(client, true);

	connect.connect.has_will = true;
	connect.connect.will.topic = bytes(OWN("state"));
	connect.connect.will.message = bytes("gone");
	add(&connect, MQTT_SESSION_EXPIRY, expiry_s);
	if (delay_s)
		mqtt_property_add_number(&connect.connect.will.properties, MQTT_WILL_DELAY,
					 delay_s);
	return connect;
}

START_TEST(a_session_lasts_as_long_as_it_was_told)
{
	struct end a;

	setup();
	connect_lasting(&a, "a");
	subscribe(&a, OWN("commands"), 1);
	close_end(&a);
	ck_assert_uint_eq(woken_at, now + 60000);
	now += 59999;
	broker_tick(broker);
	ck_assert(broker_publish(broker, "a", "go", 2, false));
	now += 1;
	broker_tick(broker);
	ck_assert(!broker_publish(broker, "a", "go", 2, false));
	connect_lasting(&a, "a");
	ck_assert(!last(&a)->session_present);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(a_disconnect_may_shorten_the_session_but_not_revive_it)
{
	struct end a;
	struct mqtt_packet bye = { .type = MQTT_DISCONNECT };
	struct mqtt_packet connect = connect_5("a", true);

	setup();
	connect_lasting(&a, "a");
	add(&bye, MQTT_SESSION_EXPIRY, 0);
	send_to_broker(&a, &bye);
	close_end(&a);
	connect_lasting(&a, "a");
	ck_assert(!last(&a)->session_present);
	close_end(&a);
	open_with(&a, &connect);
	bye.properties.items[0].number = 10;
	send_to_broker(&a, &bye);
	ck_assert_uint_eq(last(&a)->reason, MQTT_PROTOCOL_ERROR);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(a_will_is_published_when_the_connection_is_lost)
{
	struct end a, other;
	struct mqtt_packet connect = with_will("a.dying", 0, 0);

	setup();
	connect_lasting(&other, "a");
	subscribe(&other, OWN("state"), 1);
	open_with(&a, &connect);
	close_end(&a);
	ck_assert_str_eq(other.payload[other.count - 1], "gone");
	int before = other.count;
	open_with(&a, &connect);
	send_to_broker(&a, &(struct mqtt_packet){ .type = MQTT_DISCONNECT });
	close_end(&a);
	ck_assert_int_eq(other.count, before);
	open_with(&a, &connect);
	send_to_broker(&a, &(struct mqtt_packet){ .type = MQTT_DISCONNECT,
						  .reason = MQTT_DISCONNECT_WITH_WILL });
	close_end(&a);
	ck_assert_int_eq(other.count, before + 1);
	close_end(&other);
	teardown();
}
END_TEST

START_TEST(a_will_waits_for_its_delay_and_a_client_that_is_back_takes_it_away)
{
	struct end a, other;
	struct mqtt_packet connect = with_will("a.dying", 100, 5);

	setup();
	connect_lasting(&other, "a");
	subscribe(&other, OWN("state"), 1);
	int before = other.count;
	open_with(&a, &connect);
	close_end(&a);
	now += 4999;
	broker_tick(broker);
	ck_assert_int_eq(other.count, before);
	now += 1;
	broker_tick(broker);
	ck_assert_int_eq(other.count, before + 1);
	open_with(&a, &connect);
	close_end(&a);
	connect.connect.clean = false;
	open_with(&a, &connect);
	now += 10000;
	broker_tick(broker);
	ck_assert_int_eq(other.count, before + 1);
	close_end(&a);
	close_end(&other);
	teardown();
}
END_TEST

START_TEST(a_will_on_a_topic_of_others_is_refused)
{
	struct end a;
	struct mqtt_packet connect = with_will("a", 0, 0);

	setup();
	connect.connect.will.topic = bytes(OWN("commands"));
	open_with(&a, &connect);
	ck_assert_uint_eq(last(&a)->reason, MQTT_FORBIDDEN);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(a_client_without_a_name_gets_one)
{
	struct end one, two;
	struct mqtt_packet connect = connect_5("", true);

	setup();
	open_with(&one, &connect);
	ck_assert_ptr_nonnull(mqtt_property_find(&last(&one)->properties, MQTT_ASSIGNED_CLIENT));
	open_with(&two, &connect);
	ck_assert_ptr_null(one.dropped);
	close_end(&one);
	close_end(&two);
	teardown();
}
END_TEST

START_TEST(who_is_taken_over_is_told_why)
{
	struct end one, two;

	setup();
	connect_lasting(&one, "a");
	connect_lasting(&two, "a");
	ck_assert_int_eq(last(&one)->type, MQTT_DISCONNECT);
	ck_assert_uint_eq(last(&one)->reason, MQTT_TAKEN_OVER);
	ck_assert_str_eq(one.dropped, "taken over");
	close_end(&one);
	close_end(&two);
	teardown();
}
END_TEST

START_TEST(the_answer_tells_what_the_server_limits)
{
	struct end a;
	struct mqtt_packet connect = connect_5("a", true);

	setup();
	limits = (struct broker_limits){ .keep_alive = 30,
					 .receive_maximum = 2,
					 .limit_qos = true,
					 .maximum_qos = 1,
					 .no_retain = true };
	connect.connect.keep_alive = 60;
	open_with(&a, &connect);
	ck_assert_uint_eq(number_of(last(&a), MQTT_SERVER_KEEP_ALIVE), 30);
	ck_assert_uint_eq(number_of(last(&a), MQTT_RECEIVE_MAXIMUM), 2);
	ck_assert_uint_eq(number_of(last(&a), MQTT_MAXIMUM_QOS), 1);
	ck_assert_uint_eq(number_of(last(&a), MQTT_RETAIN_AVAILABLE), 0);
	ck_assert_uint_eq(number_of(last(&a), MQTT_SHARED_AVAILABLE), 0);
	publish(&a, OWN("results"), 2);
	ck_assert_uint_eq(last(&a)->reason, MQTT_QOS_NOT_SUPPORTED);
	close_end(&a);
	open_with(&a, &connect);
	publish_text(&a, OWN("results"), 1, true, "x");
	ck_assert_uint_eq(last(&a)->reason, MQTT_RETAIN_NOT_SUPPORTED);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(enhanced_authentication_is_refused_by_name)
{
	struct end a;
	struct mqtt_packet connect = connect_5("a", true), plain = connect_5("a", true);

	setup();
	mqtt_property_add_text(&connect.properties, MQTT_AUTH_METHOD, "SCRAM-SHA-256");
	open_with(&a, &connect);
	ck_assert_uint_eq(last(&a)->reason, MQTT_BAD_METHOD);
	close_end(&a);
	open_with(&a, &plain);
	send_to_broker(&a, &(struct mqtt_packet){ .type = MQTT_AUTH });
	ck_assert_uint_eq(last(&a)->reason, MQTT_PROTOCOL_ERROR);
	close_end(&a);
	teardown();
}
END_TEST

START_TEST(who_wants_no_explanations_gets_none)
{
	struct end a;
	struct mqtt_packet connect = connect_5("a", true);

	setup();
	add(&connect, MQTT_REQUEST_PROBLEM, 0);
	open_with(&a, &connect);
	publish(&a, "x", 1);
	ck_assert_uint_eq(last(&a)->reason, MQTT_FORBIDDEN);
	ck_assert_uint_eq(last(&a)->properties.count, 0);
	close_end(&a);
	teardown();
}
END_TEST

TEST_MAIN("sim.cloud.broker_session", a_session_lasts_as_long_as_it_was_told,
	  a_disconnect_may_shorten_the_session_but_not_revive_it,
	  a_will_is_published_when_the_connection_is_lost,
	  a_will_waits_for_its_delay_and_a_client_that_is_back_takes_it_away,
	  a_will_on_a_topic_of_others_is_refused, a_client_without_a_name_gets_one,
	  who_is_taken_over_is_told_why, the_answer_tells_what_the_server_limits,
	  enhanced_authentication_is_refused_by_name, who_wants_no_explanations_gets_none)
