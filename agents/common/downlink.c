#include "agents/common/downlink.h"

#include <string.h>

#include "agents/common/backoff.h"
#include "agents/common/mqtt.h"
#include "base/buf.h"
#include "base/log.h"
#include "ecsp/ecsp.h"

enum { STABLE_MS = 30000 };

struct downlink {
	struct downlink_options options;
	struct mqtt *mqtt;
	char *command_topic, *result_topic;
	bool allowed, idle, up, publishing, stopping;
	struct timer *wait;   /* before the next connection */
	struct timer *stable; /* till the connection counts as one */
	struct timer *pause;  /* before a result that was not taken is published again */
	struct backoff backoff;
};

static void next_connect(struct downlink *downlink)
{
	if (downlink->stopping || !downlink->idle || timer_active(downlink->wait) ||
	    !downlink->allowed)
		return;
	downlink->idle = false;
	mqtt_connect(downlink->mqtt);
}

static void next_result(struct downlink *downlink)
{
	const char *text = ledger_next(downlink->options.ledger);

	if (downlink->stopping || !downlink->up || downlink->publishing || !text)
		return;
	downlink->publishing = true;
	mqtt_publish(downlink->mqtt, downlink->result_topic, text, strlen(text));
}

static void connect_due(void *arg)
{
	next_connect(arg);
}

/* A connection that breaks at once is no success: only one that lasts ends the backoff. */
static void is_stable(void *arg)
{
	struct downlink *downlink = arg;

	backoff_reset(&downlink->backoff);
}

static void on_up(void *arg, bool resumed)
{
	struct downlink *downlink = arg;
	int64_t stable = downlink->options.config->backoff_max_ms;

	log_line(LOG_LEVEL_INFO, "mqtt", "connected and subscribed");
	downlink->up = true;
	downlink->publishing = resumed;
	timer_in(downlink->stable, (uint64_t)(stable < STABLE_MS ? stable : STABLE_MS));
	next_result(downlink);
}

/* How long to stay away. Random in any case, so that a fleet does not come back as one. */
static int64_t wait_for(struct downlink *downlink, enum mqtt_advice advice)
{
	switch (advice) {
	case MQTT_HOPELESS:
		return backoff_longest(&downlink->backoff);
	case MQTT_SLOWER:
		return backoff_longer(&downlink->backoff);
	case MQTT_SILENCE:
	case MQTT_AGAIN:
	case MQTT_LOGIN:
		break;
	}
	return backoff_next(&downlink->backoff, 0);
}

static void on_down(void *arg, const struct mqtt_end *end)
{
	struct downlink *downlink = arg;
	const struct downlink_options *options = &downlink->options;
	int64_t wait = wait_for(downlink, end->advice);
	bool unreached = !downlink->up && end->advice == MQTT_SILENCE;

	log_line(LOG_LEVEL_WARN, "mqtt", "%s; next try in %lld ms", end->why, (long long)wait);
	timer_stop(downlink->stable);
	timer_stop(downlink->pause);
	downlink->up = false;
	downlink->publishing = false;
	downlink->idle = true;
	timer_in(downlink->wait, (uint64_t)wait);
	if (unreached)
		options->unreached(options->arg);
	else if (end->advice == MQTT_LOGIN)
		options->unwelcome(options->arg);
}

static void result_is_settled(struct downlink *downlink)
{
	struct error err = { 0 };

	ledger_sent(downlink->options.ledger, &err);
	if (err.text[0])
		log_line(LOG_LEVEL_ERROR, "results", "%s", error_text(&err));
	downlink->publishing = false;
	next_result(downlink);
}

static void on_published(void *arg)
{
	result_is_settled(arg);
}

/* Not taken this time, or never. Until the wait is over, publishing stays true. */
static void on_rejected(void *arg, const struct mqtt_end *end)
{
	struct downlink *downlink = arg;

	if (end->advice == MQTT_HOPELESS) {
		log_line(LOG_LEVEL_ERROR, "results", "one is given up: %s", end->why);
		result_is_settled(downlink);
		return;
	}
	int64_t wait = wait_for(downlink, end->advice);
	log_line(LOG_LEVEL_WARN, "results", "%s; next try in %lld ms", end->why, (long long)wait);
	timer_in(downlink->pause, (uint64_t)wait);
}

static void publish_due(void *arg)
{
	struct downlink *downlink = arg;

	downlink->publishing = false;
	next_result(downlink);
}

static void on_message(void *arg, const char *topic, const char *data, size_t size)
{
	struct downlink *downlink = arg;

	if (strcmp(topic, downlink->command_topic) != 0) {
		log_line(LOG_LEVEL_WARN, "mqtt", "message on a topic that is not ours, ignored");
		return;
	}
	downlink->options.message(downlink->options.arg, data ? data : "", size);
}

void downlink_allow(struct downlink *downlink, bool allowed)
{
	downlink->allowed = allowed;
	next_connect(downlink);
}

void downlink_kick(struct downlink *downlink)
{
	next_result(downlink);
}

static enum mqtt_version version_of(const struct config *config)
{
	return config->mqtt_version && strcmp(config->mqtt_version, "5.0") == 0 ? MQTT_5_0
										: MQTT_3_1_1;
}

struct downlink *downlink_new(const struct downlink_options *options, struct error *err)
{
	struct downlink *downlink = alloc_zero(1, sizeof(*downlink));
	const struct config *config = options->config;

	downlink->options = *options;
	downlink->command_topic =
		alloc_printf("%s%s%s", ECSP_TOPIC_PREFIX, config->id, ECSP_TOPIC_COMMANDS);
	downlink->result_topic =
		alloc_printf("%s%s%s", ECSP_TOPIC_PREFIX, config->id, ECSP_TOPIC_RESULTS);
	downlink->idle = true;
	backoff_init(&downlink->backoff, config->backoff_min_ms, config->backoff_max_ms);
	downlink->wait = timer_new(options->loop, connect_due, downlink);
	downlink->stable = timer_new(options->loop, is_stable, downlink);
	downlink->pause = timer_new(options->loop, publish_due, downlink);
	downlink->mqtt = mqtt_new(&(struct mqtt_options){ .loop = options->loop,
							  .url = config->mqtt,
							  .trust = options->trust,
							  .client = config->id,
							  .password = config->secret,
							  .topic = downlink->command_topic,
							  .deadline_ms = config->http_timeout_ms,
							  .keep_alive_s = (int)config->keep_alive_s,
							  .version = version_of(config),
							  .up = on_up,
							  .down = on_down,
							  .message = on_message,
							  .published = on_published,
							  .rejected = on_rejected,
							  .arg = downlink },
				  err);
	if (!downlink->mqtt) {
		downlink_free(downlink);
		return NULL;
	}
	return downlink;
}

void downlink_stop(struct downlink *downlink)
{
	downlink->stopping = true;
	timer_stop(downlink->wait);
	timer_stop(downlink->stable);
	timer_stop(downlink->pause);
	mqtt_close(downlink->mqtt);
}

bool downlink_stopped(struct downlink *downlink)
{
	return mqtt_closed(downlink->mqtt);
}

void downlink_free(struct downlink *downlink)
{
	if (!downlink)
		return;
	mqtt_free(downlink->mqtt);
	timer_free(downlink->wait);
	timer_free(downlink->stable);
	timer_free(downlink->pause);
	free(downlink->command_topic);
	free(downlink->result_topic);
	free(downlink);
}
