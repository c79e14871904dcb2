#include "sim/cloud/broker.h"

#include "sim/cloud/broker_fixture.h"

static void expect_code(const char *client, const char *user, const char *secret, uint8_t code)
{
	struct end end;
	connect_as(&end, client, user, secret, true);
	ck_assert_int_eq(last(&end)->type, MQTT_CONNACK);
	ck_assert_uint_eq(last(&end)->reason, code);
	ck_assert((end.dropped != NULL) == (code != MQTT_ACCEPTED));
	close_end(&end);
}

START_TEST(a_connect_is_judged_by_login_and_client_id)
{
	setup();
	expect_code("a", "a", "s", MQTT_ACCEPTED);
	expect_code("a", "a", "x", MQTT_BAD_LOGIN);
	expect_code("a", "c", "s", MQTT_BAD_LOGIN);
	expect_code("b", "a", "s", MQTT_BAD_IDENTIFIER);
	expect_code("", "a", "s", MQTT_BAD_IDENTIFIER);
	broker_free(broker);
}
END_TEST

START_TEST(another_protocol_level_is_refused_with_code_1)
{
	struct mqtt_packet packet = { .type = MQTT_CONNECT,
				      .connect = { .protocol = bytes("MQTT"), .level = 3 } };
	struct end end;

	setup();
	open_end(&end);
	broker_receive(end.client, &packet);
	ck_assert_uint_eq(last(&end)->reason, MQTT_BAD_VERSION);
	ck_assert_ptr_nonnull(end.dropped);
	close_end(&end);
	broker_free(broker);
}
END_TEST

START_TEST(an_agent_subscribes_below_its_own_name_and_nowhere_else)
{
	static const char *const refused[] = { "#", "ecsp/v1/agents/+/commands",
					       "ecsp/v1/agents/b/commands",
					       "$share/g/ecsp/v1/agents/a/commands", "$SYS/#" };
	struct end end;

	setup();
	connect_as(&end, "a", "a", "s", true);
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		subscribe(&end, refused[i], 1);
		ck_assert_uint_eq(last(&end)->filters[0].reason, MQTT_SUBSCRIPTION_REFUSED);
		ck_assert(!broker_subscribed(broker, "a"));
	}
	subscribe(&end, "ecsp/v1/agents/a/commands", 2);
	ck_assert_uint_eq(last(&end)->filters[0].reason, 2);
	ck_assert(broker_subscribed(broker, "a"));
	close_end(&end);
	ck_assert(!broker_subscribed(broker, "a"));
	broker_free(broker);
}
END_TEST

START_TEST(a_command_reaches_only_its_agent)
{
	struct end a, b;

	setup();
	connect_as(&a, "a", "a", "s", false);
	connect_as(&b, "b", "b", "s", false);
	subscribe(&a, "ecsp/v1/agents/a/commands", 1);
	subscribe(&b, "ecsp/v1/agents/b/commands", 1);
	int before = b.count;
	ck_assert(broker_publish(broker, "a", "go", 2, false));
	ck_assert_int_eq(last(&a)->type, MQTT_PUBLISH);
	ck_assert_str_eq(a.payload[a.count - 1], "go");
	ck_assert_int_eq(b.count, before);
	close_end(&a);
	close_end(&b);
	broker_free(broker);
}
END_TEST

START_TEST(what_was_not_acknowledged_comes_again_with_dup_after_a_reconnect)
{
	struct end a;

	setup();
	connect_as(&a, "a", "a", "s", false);
	ck_assert(!last(&a)->session_present);
	subscribe(&a, "ecsp/v1/agents/a/commands", 1);
	broker_publish(broker, "a", "one", 3, false);
	broker_publish(broker, "a", "two", 3, false);
	uint16_t first = a.said[a.count - 2].id, second = last(&a)->id;
	ck_assert_uint_ne(first, second);
	acknowledge(&a, first);
	close_end(&a);
	broker_publish(broker, "a", "three", 5, false);

	connect_as(&a, "a", "a", "s", false);
	ck_assert_int_eq(a.count, 3);
	ck_assert(a.said[0].type == MQTT_CONNACK && a.said[0].session_present);
	ck_assert(a.said[1].dup && a.said[1].id == second);
	ck_assert_str_eq(a.payload[1], "two");
	ck_assert(!a.said[2].dup);
	ck_assert_str_eq(a.payload[2], "three");
	close_end(&a);
	broker_free(broker);
}
END_TEST

START_TEST(a_clean_session_forgets)
{
	struct end a;

	setup();
	connect_as(&a, "a", "a", "s", false);
	subscribe(&a, "ecsp/v1/agents/a/commands", 1);
	close_end(&a);
	connect_as(&a, "a", "a", "s", true);
	ck_assert(!last(&a)->session_present);
	ck_assert(!broker_publish(broker, "a", "go", 2, false));
	close_end(&a);
	broker_free(broker);
}
END_TEST

START_TEST(a_second_connection_of_a_client_takes_over)
{
	struct end one, two;

	setup();
	connect_as(&one, "a", "a", "s", false);
	subscribe(&one, "ecsp/v1/agents/a/commands", 1);
	connect_as(&two, "a", "a", "s", false);
	ck_assert_str_eq(one.dropped, "taken over");
	ck_assert(last(&two)->session_present);
	int before = one.count;
	broker_publish(broker, "a", "go", 2, false);
	ck_assert_int_eq(one.count, before);
	ck_assert_int_eq(last(&two)->type, MQTT_PUBLISH);
	close_end(&one);
	ck_assert(broker_subscribed(broker, "a"));
	close_end(&two);
	broker_free(broker);
}
END_TEST

START_TEST(a_result_is_passed_on_and_then_acknowledged)
{
	struct end a;

	setup();
	connect_as(&a, "a", "a", "s", true);
	publish(&a, "ecsp/v1/agents/a/results", 1);
	ck_assert_str_eq(last_result, "a:done");
	ck_assert_int_eq(last(&a)->type, MQTT_PUBACK);
	ck_assert_uint_eq(last(&a)->id, 9);
	close_end(&a);
	broker_free(broker);
}
END_TEST

static void expect_drop_of(const char *topic, uint8_t qos)
{
	struct end a;

	connect_as(&a, "a", "a", "s", true);
	publish(&a, topic, qos);
	ck_assert_msg(a.dropped, "%s was taken", topic);
	ck_assert_int_eq(results, 0);
	close_end(&a);
}

START_TEST(publishing_elsewhere_ends_the_connection)
{
	setup();
	expect_drop_of("ecsp/v1/agents/b/results", 1);
	expect_drop_of("ecsp/v1/agents/a/commands", 0);
	expect_drop_of("x", 0);
	expect_drop_of("ecsp/v1/agents/a/commands", 2);
	broker_free(broker);
}
END_TEST

START_TEST(connect_comes_first_and_once)
{
	struct end a;

	setup();
	open_end(&a);
	broker_receive(a.client, &(struct mqtt_packet){ .type = MQTT_PINGREQ });
	ck_assert_ptr_nonnull(a.dropped);
	ck_assert_int_eq(a.count, 0);
	close_end(&a);
	connect_as(&a, "a", "a", "s", true);
	struct mqtt_packet again = { .type = MQTT_CONNECT };
	broker_receive(a.client, &again);
	ck_assert_ptr_nonnull(a.dropped);
	close_end(&a);
	broker_free(broker);
}
END_TEST

START_TEST(the_queue_of_an_absent_agent_has_an_end)
{
	struct end a;
	int taken = 0;

	setup();
	connect_as(&a, "a", "a", "s", false);
	subscribe(&a, "ecsp/v1/agents/a/commands", 1);
	close_end(&a);
	while (broker_publish(broker, "a", "go", 2, false))
		ck_assert_int_le(++taken, BROKER_QUEUE_MAX);
	ck_assert_int_eq(taken, BROKER_QUEUE_MAX);
	broker_free(broker);
}
END_TEST

TEST_MAIN("sim.cloud.broker", a_connect_is_judged_by_login_and_client_id,
	  another_protocol_level_is_refused_with_code_1,
	  an_agent_subscribes_below_its_own_name_and_nowhere_else, a_command_reaches_only_its_agent,
	  what_was_not_acknowledged_comes_again_with_dup_after_a_reconnect, a_clean_session_forgets,
	  a_second_connection_of_a_client_takes_over, a_result_is_passed_on_and_then_acknowledged,
	  publishing_elsewhere_ends_the_connection, connect_comes_first_and_once,
	  the_queue_of_an_absent_agent_has_an_end)
