/* The connection and the ledger below are played by the test. */
#include "agents/common/downlink.h"

#include <string.h>

#include "agents/common/mqtt.h"
#include "base/buf.h"
#include "base/test.h"

enum { MIN_MS = 1000, MAX_MS = 8000, FOR_EVER_MS = 1000000 };

static struct loop *loop;
static struct downlink *downlink;
static struct config config;
static struct mqtt_options mqtt;
static struct {
	int connects, publishes, closes;
	char topic[100], text[100];
	int results; /* that wait */
	int settled, messages, unreached, unwelcome;
} seen;

struct mqtt *mqtt_new(const struct mqtt_options *options, struct error *err)
{
	(void)err;
	mqtt = *options;
	return (struct mqtt *)&mqtt;
}

void mqtt_free(struct mqtt *unused)
{
	(void)unused;
}

void mqtt_connect(struct mqtt *unused)
{
	(void)unused;
	seen.connects++;
}

void mqtt_publish(struct mqtt *unused, const char *topic, const char *data, size_t size)
{
	(void)unused;
	seen.publishes++;
	snprintf(seen.topic, sizeof(seen.topic), "%s", topic);
	snprintf(seen.text, sizeof(seen.text), "%.*s", (int)size, data);
}

void mqtt_close(struct mqtt *unused)
{
	(void)unused;
	seen.closes++;
}

bool mqtt_closed(struct mqtt *unused)
{
	(void)unused;
	return seen.closes > 0;
}

const char *ledger_next(struct ledger *unused)
{
	(void)unused;
	return seen.results ? "a result" : NULL;
}

void ledger_sent(struct ledger *unused, struct error *err)
{
	(void)unused;
	(void)err;
	seen.results--;
	seen.settled++;
}

static void on_message(void *arg, const char *data, size_t size)
{
	(void)arg;
	(void)data;
	(void)size;
	seen.messages++;
}

static void on_unreached(void *arg)
{
	(void)arg;
	seen.unreached++;
}

static void on_unwelcome(void *arg)
{
	(void)arg;
	seen.unwelcome++;
}

static void begin(const char *version)
{
	memset(&seen, 0, sizeof(seen));
	config = (struct config){ .id = (char *)"dc-1",
				  .mqtt_version = (char *)version,
				  .backoff_min_ms = MIN_MS,
				  .backoff_max_ms = MAX_MS,
				  .keep_alive_s = 10 };
	loop = loop_new_virtual(0);
	downlink = downlink_new(&(struct downlink_options){ .loop = loop,
							    .config = &config,
							    .message = on_message,
							    .unreached = on_unreached,
							    .unwelcome = on_unwelcome },
				NULL);
}

static void begin_up(void)
{
	begin("5.0");
	downlink_allow(downlink, true);
	mqtt.up(mqtt.arg, false);
}

static void end(void)
{
	downlink_free(downlink);
	loop_free(loop);
}

static void go_down(enum mqtt_advice advice)
{
	mqtt.down(mqtt.arg, &(struct mqtt_end){ advice, "why" });
}

static void reject(enum mqtt_advice advice)
{
	mqtt.rejected(mqtt.arg, &(struct mqtt_end){ advice, "why" });
}

static bool is_more(void *arg)
{
	const int *count = arg;

	return *count > 1;
}

/* How long until it counts two. */
static uint64_t wait_second(int *count)
{
	uint64_t before = loop_now(loop);

	ck_assert(loop_run_until(loop, is_more, count, FOR_EVER_MS));
	return (loop_now(loop) - before) / 1000000;
}

START_TEST(it_connects_when_it_is_allowed_to_and_not_before)
{
	begin(NULL);
	ck_assert_int_eq(mqtt.version, MQTT_3_1_1);
	ck_assert_int_eq(seen.connects, 0);
	downlink_allow(downlink, true);
	ck_assert_int_eq(seen.connects, 1);
	downlink_allow(downlink, true);
	ck_assert_int_eq(seen.connects, 1);
	end();
	begin("5.0");
	ck_assert_int_eq(mqtt.version, MQTT_5_0);
	end();
}
END_TEST

START_TEST(results_go_out_one_at_a_time_while_it_is_up)
{
	begin("5.0");
	seen.results = 2;
	downlink_allow(downlink, true);
	downlink_kick(downlink);
	ck_assert_int_eq(seen.publishes, 0);
	mqtt.up(mqtt.arg, false);
	downlink_kick(downlink);
	ck_assert_int_eq(seen.publishes, 1);
	ck_assert_str_eq(seen.topic, "ecsp/v1/agents/dc-1/results");
	ck_assert_str_eq(seen.text, "a result");
	mqtt.published(mqtt.arg);
	ck_assert_int_eq(seen.settled, 1);
	ck_assert_int_eq(seen.publishes, 2);
	end();
}
END_TEST

START_TEST(what_the_connection_sends_again_is_not_published_as_another)
{
	begin("5.0");
	seen.results = 1;
	downlink_allow(downlink, true);
	mqtt.up(mqtt.arg, true);
	downlink_kick(downlink);
	ck_assert_int_eq(seen.publishes, 0);
	mqtt.published(mqtt.arg);
	ck_assert_int_eq(seen.settled, 1);
	end();
}
END_TEST

START_TEST(a_lost_connection_is_made_again_with_what_was_not_acknowledged)
{
	begin_up();
	seen.results = 1;
	downlink_kick(downlink);
	go_down(MQTT_SILENCE);
	wait_second(&seen.connects);
	mqtt.up(mqtt.arg, false);
	ck_assert_int_eq(seen.publishes, 2);
	ck_assert_int_eq(seen.settled, 0);
	end();
}
END_TEST

START_TEST(who_asks_for_it_is_left_alone_for_longer)
{
	for (int i = 0; i < 20; i++) {
		begin_up();
		go_down(MQTT_AGAIN);
		ck_assert_uint_le(wait_second(&seen.connects), MIN_MS);
		end();
		begin_up();
		go_down(MQTT_SLOWER);
		ck_assert_uint_ge(wait_second(&seen.connects), MIN_MS);
		end();
		begin_up();
		go_down(MQTT_HOPELESS);
		ck_assert_uint_ge(wait_second(&seen.connects), MAX_MS / 2);
		end();
	}
}
END_TEST

START_TEST(who_does_not_let_it_in_makes_it_ask_about_its_login)
{
	begin_up();
	go_down(MQTT_LOGIN);
	ck_assert_int_eq(seen.unwelcome, 1);
	ck_assert_int_eq(seen.unreached, 0);
	end();
}
END_TEST

START_TEST(only_who_was_never_reached_may_have_another_certificate)
{
	begin("5.0");
	downlink_allow(downlink, true);
	go_down(MQTT_SILENCE);
	ck_assert_int_eq(seen.unreached, 1);
	end();
	begin_up();
	go_down(MQTT_SILENCE);
	ck_assert_int_eq(seen.unreached, 0);
	end();
	begin("5.0");
	downlink_allow(downlink, true);
	go_down(MQTT_AGAIN);
	ck_assert_int_eq(seen.unreached, 0);
	end();
}
END_TEST

START_TEST(a_result_that_is_not_taken_now_is_published_again_later)
{
	begin_up();
	seen.results = 1;
	downlink_kick(downlink);
	reject(MQTT_SLOWER);
	downlink_kick(downlink);
	ck_assert_int_eq(seen.publishes, 1);
	ck_assert_uint_ge(wait_second(&seen.publishes), MIN_MS);
	ck_assert_int_eq(seen.settled, 0);
	end();
}
END_TEST

START_TEST(a_result_that_is_never_taken_is_given_up_and_the_next_goes_out)
{
	begin_up();
	seen.results = 2;
	downlink_kick(downlink);
	reject(MQTT_HOPELESS);
	ck_assert_int_eq(seen.settled, 1);
	ck_assert_int_eq(seen.publishes, 2);
	end();
}
END_TEST

START_TEST(only_messages_on_its_own_topic_are_commands)
{
	begin_up();
	mqtt.message(mqtt.arg, "ecsp/v1/agents/dc-2/commands", "x", 1);
	mqtt.message(mqtt.arg, "ecsp/v1/agents/dc-1/commands/x", "x", 1);
	ck_assert_int_eq(seen.messages, 0);
	mqtt.message(mqtt.arg, "ecsp/v1/agents/dc-1/commands", "x", 1);
	ck_assert_int_eq(seen.messages, 1);
	end();
}
END_TEST

START_TEST(after_stop_nothing_is_begun)
{
	begin_up();
	go_down(MQTT_AGAIN);
	downlink_stop(downlink);
	ck_assert(!loop_run_until(loop, is_more, &seen.connects, FOR_EVER_MS));
	ck_assert(downlink_stopped(downlink));
	seen.results = 1;
	downlink_kick(downlink);
	ck_assert_int_eq(seen.publishes, 0);
	end();
}
END_TEST

TEST_MAIN("agents.common.downlink", it_connects_when_it_is_allowed_to_and_not_before,
	  results_go_out_one_at_a_time_while_it_is_up,
	  what_the_connection_sends_again_is_not_published_as_another,
	  a_lost_connection_is_made_again_with_what_was_not_acknowledged,
	  who_asks_for_it_is_left_alone_for_longer,
	  who_does_not_let_it_in_makes_it_ask_about_its_login,
	  only_who_was_never_reached_may_have_another_certificate,
	  a_result_that_is_not_taken_now_is_published_again_later,
	  a_result_that_is_never_taken_is_given_up_and_the_next_goes_out,
	  only_messages_on_its_own_topic_are_commands, after_stop_nothing_is_begun)
