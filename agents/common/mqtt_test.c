/* The worker below is played by the test: calls are written down, events are said. */
#include "agents/common/mqtt.h"

#include <string.h>

#include "agents/common/mqtt_worker.h"
#include "base/buf.h"
#include "base/test.h"

enum { DEADLINE_MS = 500, CALLS_MAX = 16 };

static struct loop *loop;
static struct mqtt *mqtt;
static struct mqtt_worker_options worker;
static struct mqtt_call calls[CALLS_MAX];
static size_t call_count;
static struct {
	int up, down, messages, published, rejected;
	bool resumed;
	enum mqtt_advice advice;
	char why[100];
} seen;

struct mqtt_worker *mqtt_worker_new(const struct mqtt_worker_options *options, struct error *err)
{
	(void)err;
	worker = *options;
	return (struct mqtt_worker *)&worker;
}

void mqtt_worker_free(struct mqtt_worker *unused)
{
	(void)unused;
}

void mqtt_worker_call(struct mqtt_worker *unused, const struct mqtt_call *call)
{
	(void)unused;
	ck_assert_uint_lt(call_count, CALLS_MAX);
	calls[call_count++] = *call;
}

static void on_up(void *arg, bool resumed)
{
	(void)arg;
	seen.up++;
	seen.resumed = resumed;
}

static void note(const struct mqtt_end *end)
{
	seen.advice = end->advice;
	snprintf(seen.why, sizeof(seen.why), "%s", end->why);
}

static void on_down(void *arg, const struct mqtt_end *end)
{
	(void)arg;
	seen.down++;
	note(end);
}

static void on_message(void *arg, const char *topic, const char *data, size_t size)
{
	(void)arg;
	(void)topic;
	(void)data;
	(void)size;
	seen.messages++;
}

static void on_published(void *arg)
{
	(void)arg;
	seen.published++;
}

static void on_rejected(void *arg, const struct mqtt_end *end)
{
	(void)arg;
	seen.rejected++;
	note(end);
}

static void begin(void)
{
	call_count = 0;
	memset(&seen, 0, sizeof(seen));
	loop = loop_new_virtual(0);
	mqtt = mqtt_new(&(struct mqtt_options){ .loop = loop,
						.topic = "commands",
						.deadline_ms = DEADLINE_MS,
						.keep_alive_s = 10,
						.version = MQTT_5_0,
						.up = on_up,
						.down = on_down,
						.message = on_message,
						.published = on_published,
						.rejected = on_rejected },
			NULL);
	mqtt_connect(mqtt);
}

static void end(void)
{
	mqtt_free(mqtt);
	loop_free(loop);
}

static const struct mqtt_call *last(void)
{
	ck_assert_uint_gt(call_count, 0);
	return &calls[call_count - 1];
}

/* Of the connection that the last call was for. */
static void say(struct mqtt_event event)
{
	event.generation = last()->generation;
	worker.event(worker.arg, &event);
}

static void say_offer(struct mqtt_offer offer)
{
	say((struct mqtt_event){ .kind = MQTT_CONNECTED, .offer = offer });
}

static void come_up(void)
{
	say_offer((struct mqtt_offer){ .maximum_qos = 1 });
	say((struct mqtt_event){ .kind = MQTT_SUBSCRIBED });
}

static bool is_down(void *arg)
{
	(void)arg;
	return seen.down > 0;
}

static void wait_down(void)
{
	loop_run_until(loop, is_down, NULL, 10 * DEADLINE_MS);
	ck_assert_int_eq(seen.down, 1);
}

START_TEST(it_is_up_when_it_has_subscribed)
{
	begin();
	ck_assert_int_eq(last()->kind, MQTT_CALL_CONNECT);
	ck_assert_int_eq(last()->number, 10);
	say_offer((struct mqtt_offer){ .maximum_qos = 1 });
	ck_assert_int_eq(last()->kind, MQTT_CALL_SUBSCRIBE);
	ck_assert_str_eq(last()->topic, "commands");
	ck_assert_int_eq(seen.up, 0);
	say((struct mqtt_event){ .kind = MQTT_SUBSCRIBED });
	ck_assert_int_eq(seen.up, 1);
	ck_assert(!seen.resumed);
	end();
}
END_TEST

static void is_silent(const char *what)
{
	wait_down();
	ck_assert_msg(strstr(seen.why, what) != NULL, "\"%s\" does not name %s", seen.why, what);
	ck_assert_int_eq(seen.advice, MQTT_SILENCE);
	ck_assert_int_eq(last()->kind, MQTT_CALL_DROP);
	end();
}

START_TEST(an_answer_that_does_not_come_in_time_is_the_end_of_the_connection)
{
	begin();
	is_silent("CONNECT");
	begin();
	say_offer((struct mqtt_offer){ .maximum_qos = 1 });
	is_silent("SUBSCRIBE");
	begin();
	come_up();
	mqtt_publish(mqtt, "results", "x", 1);
	is_silent("PUBLISH");
}
END_TEST

START_TEST(an_idle_connection_has_no_deadline)
{
	begin();
	come_up();
	mqtt_publish(mqtt, "results", "x", 1);
	say((struct mqtt_event){ .kind = MQTT_PUBLISHED });
	loop_run_until(loop, is_down, NULL, 100 * DEADLINE_MS);
	ck_assert_int_eq(seen.published, 1);
	ck_assert_int_eq(seen.down, 0);
	end();
}
END_TEST

START_TEST(it_comes_back_with_the_keep_alive_that_the_server_wants)
{
	begin();
	say_offer((struct mqtt_offer){ .keep_alive_s = 4, .maximum_qos = 1 });
	ck_assert_int_eq(last()->kind, MQTT_CALL_DISCONNECT);
	ck_assert_int_eq(last()->number, MQTT_REASON_NORMAL);
	say((struct mqtt_event){ .kind = MQTT_DISCONNECTED });
	ck_assert_int_eq(last()->kind, MQTT_CALL_CONNECT);
	ck_assert_int_eq(last()->number, 4);
	ck_assert_int_eq(seen.down, 0);
	say_offer((struct mqtt_offer){ .keep_alive_s = 4, .maximum_qos = 1 });
	ck_assert_int_eq(last()->kind, MQTT_CALL_SUBSCRIBE);
	end();
}
END_TEST

START_TEST(a_server_that_changes_its_keep_alive_each_time_is_not_run_after)
{
	begin();
	say_offer((struct mqtt_offer){ .keep_alive_s = 4, .maximum_qos = 1 });
	say((struct mqtt_event){ .kind = MQTT_DISCONNECTED });
	say_offer((struct mqtt_offer){ .keep_alive_s = 3, .maximum_qos = 1 });
	say((struct mqtt_event){ .kind = MQTT_DISCONNECTED });
	ck_assert_int_eq(seen.down, 1);
	ck_assert_int_eq(seen.advice, MQTT_AGAIN);
	mqtt_connect(mqtt);
	ck_assert_int_eq(last()->number, 3);
	end();
}
END_TEST

START_TEST(a_longer_keep_alive_of_the_server_changes_nothing)
{
	begin();
	say_offer((struct mqtt_offer){ .keep_alive_s = 60, .maximum_qos = 1 });
	ck_assert_int_eq(last()->kind, MQTT_CALL_SUBSCRIBE);
	end();
}
END_TEST

START_TEST(what_the_server_cannot_take_is_not_sent)
{
	begin();
	say_offer((struct mqtt_offer){ .maximum_packet = 30, .maximum_qos = 1 });
	say((struct mqtt_event){ .kind = MQTT_SUBSCRIBED });
	size_t before = call_count;
	mqtt_publish(mqtt, "results", "fourteen bytes", 14);
	ck_assert_int_eq(seen.rejected, 1);
	ck_assert_int_eq(seen.advice, MQTT_HOPELESS);
	ck_assert_uint_eq(call_count, before);
	mqtt_publish(mqtt, "results", "thirteen byte", 13);
	ck_assert_uint_eq(call_count, before + 1);
	end();
}
END_TEST

START_TEST(a_server_without_qos_1_is_published_to_with_qos_0)
{
	begin();
	say_offer((struct mqtt_offer){ .maximum_qos = 0 });
	say((struct mqtt_event){ .kind = MQTT_SUBSCRIBED });
	mqtt_publish(mqtt, "results", "x", 1);
	ck_assert_int_eq(last()->kind, MQTT_CALL_PUBLISH);
	ck_assert_int_eq(last()->number, 0);
	end();
}
END_TEST

START_TEST(a_breach_is_told_and_the_connection_left)
{
	begin();
	come_up();
	say((struct mqtt_event){ .kind = MQTT_BREACH, .reason = MQTT_REASON_TOO_LARGE });
	ck_assert_int_eq(last()->kind, MQTT_CALL_DISCONNECT);
	ck_assert_int_eq(last()->number, MQTT_REASON_TOO_LARGE);
	ck_assert_int_eq(seen.down, 0);
	wait_down(); /* though DISCONNECT never goes out */
	ck_assert_int_eq(seen.advice, MQTT_AGAIN);
	end();
}
END_TEST

START_TEST(a_message_is_passed_on_whatever_became_of_its_connection)
{
	begin();
	come_up();
	unsigned first = last()->generation;
	say((struct mqtt_event){ .kind = MQTT_BREACH, .reason = MQTT_REASON_TOO_LARGE });
	say((struct mqtt_event){ .kind = MQTT_ARRIVED, .topic = "commands" });
	ck_assert_int_eq(seen.messages, 1);
	wait_down();
	mqtt_connect(mqtt);
	worker.event(worker.arg, &(struct mqtt_event){ .kind = MQTT_ARRIVED,
						       .topic = "commands",
						       .generation = first });
	ck_assert_int_eq(seen.messages, 2);
	end();
}
END_TEST

START_TEST(news_of_an_older_connection_means_nothing)
{
	begin();
	unsigned first = last()->generation;
	wait_down();
	mqtt_connect(mqtt);
	worker.event(worker.arg,
		     &(struct mqtt_event){ .kind = MQTT_CONNECTED, .generation = first });
	ck_assert_int_eq(last()->kind, MQTT_CALL_CONNECT);
	end();
}
END_TEST

START_TEST(the_reason_of_an_end_decides_what_is_advised)
{
	begin();
	say((struct mqtt_event){ .kind = MQTT_REFUSED, .reason = 0x87, .data = "no" });
	ck_assert_int_eq(seen.advice, MQTT_LOGIN);
	end();
	begin();
	come_up();
	say((struct mqtt_event){ .kind = MQTT_LOST, .reason = 0x97, .data = "quota" });
	ck_assert_int_eq(seen.advice, MQTT_SLOWER);
	ck_assert_str_eq(seen.why, "quota");
	end();
	begin();
	come_up();
	say((struct mqtt_event){ .kind = MQTT_LOST });
	ck_assert_int_eq(seen.advice, MQTT_SILENCE);
	end();
}
END_TEST

START_TEST(a_publish_that_is_refused_leaves_the_connection_up)
{
	begin();
	come_up();
	mqtt_publish(mqtt, "results", "x", 1);
	say((struct mqtt_event){ .kind = MQTT_REJECTED, .reason = 0x97, .data = "quota" });
	ck_assert_int_eq(seen.rejected, 1);
	ck_assert_int_eq(seen.advice, MQTT_SLOWER);
	loop_run_until(loop, is_down, NULL, 10 * DEADLINE_MS);
	ck_assert_int_eq(seen.down, 0);
	end();
}
END_TEST

START_TEST(what_is_sent_again_has_a_deadline_too)
{
	begin();
	say_offer((struct mqtt_offer){ .maximum_qos = 1, .resumed = true });
	say((struct mqtt_event){ .kind = MQTT_SUBSCRIBED });
	ck_assert(seen.resumed);
	is_silent("PUBLISH");
}
END_TEST

START_TEST(what_is_sent_again_may_be_acknowledged_before_the_subscription)
{
	begin();
	say_offer((struct mqtt_offer){ .maximum_qos = 1, .resumed = true });
	say((struct mqtt_event){ .kind = MQTT_PUBLISHED });
	ck_assert_int_eq(seen.published, 1);
	say((struct mqtt_event){ .kind = MQTT_SUBSCRIBED });
	ck_assert_int_eq(seen.up, 1);
	ck_assert(!seen.resumed);
	loop_run_until(loop, is_down, NULL, 10 * DEADLINE_MS);
	ck_assert_int_eq(seen.down, 0);
	end();
}
END_TEST

START_TEST(closing_says_disconnect_and_waits_until_it_is_out)
{
	begin();
	come_up();
	mqtt_close(mqtt);
	ck_assert_int_eq(last()->kind, MQTT_CALL_DISCONNECT);
	ck_assert(!mqtt_closed(mqtt));
	say((struct mqtt_event){ .kind = MQTT_DISCONNECTED });
	ck_assert(mqtt_closed(mqtt));
	ck_assert_int_eq(seen.down, 0);
	end();
	begin();
	mqtt_close(mqtt);
	ck_assert(mqtt_closed(mqtt));
	end();
}
END_TEST

START_TEST(closing_waits_for_the_publish_under_way_but_not_for_long)
{
	begin();
	come_up();
	mqtt_publish(mqtt, "results", "x", 1);
	mqtt_close(mqtt);
	ck_assert_int_eq(last()->kind, MQTT_CALL_PUBLISH);
	say((struct mqtt_event){ .kind = MQTT_PUBLISHED });
	ck_assert_int_eq(seen.published, 1);
	ck_assert_int_eq(last()->kind, MQTT_CALL_DISCONNECT);
	say((struct mqtt_event){ .kind = MQTT_DISCONNECTED });
	ck_assert(mqtt_closed(mqtt));
	end();
	begin();
	come_up();
	mqtt_publish(mqtt, "results", "x", 1);
	mqtt_close(mqtt);
	loop_run_until(loop, is_down, NULL, 10 * DEADLINE_MS);
	ck_assert_int_eq(last()->kind, MQTT_CALL_DISCONNECT);
	ck_assert_int_eq(seen.published, 0);
	end();
	begin();
	come_up();
	mqtt_publish(mqtt, "results", "x", 1);
	mqtt_close(mqtt);
	say((struct mqtt_event){ .kind = MQTT_LOST });
	ck_assert(mqtt_closed(mqtt));
	ck_assert_int_eq(seen.down, 0);
	end();
}
END_TEST

TEST_MAIN("agents.common.mqtt", it_is_up_when_it_has_subscribed,
	  an_answer_that_does_not_come_in_time_is_the_end_of_the_connection,
	  an_idle_connection_has_no_deadline,
	  it_comes_back_with_the_keep_alive_that_the_server_wants,
	  a_server_that_changes_its_keep_alive_each_time_is_not_run_after,
	  a_longer_keep_alive_of_the_server_changes_nothing,
	  what_the_server_cannot_take_is_not_sent,
	  a_server_without_qos_1_is_published_to_with_qos_0,
	  a_breach_is_told_and_the_connection_left,
	  a_message_is_passed_on_whatever_became_of_its_connection,
	  news_of_an_older_connection_means_nothing, the_reason_of_an_end_decides_what_is_advised,
	  a_publish_that_is_refused_leaves_the_connection_up, what_is_sent_again_has_a_deadline_too,
	  what_is_sent_again_may_be_acknowledged_before_the_subscription,
	  closing_says_disconnect_and_waits_until_it_is_out,
	  closing_waits_for_the_publish_under_way_but_not_for_long)
