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

static void on_up(void *arg)
{
	struct downlink *downlink = arg;
	int64_t stable = downlink->options.config->backoff_max_ms;

	log_line(LOG_LEVEL_INFO, "mqtt", "connected and subscribed");
	downlink->up = true;
	timer_in(downlink->stable, (uint64_t)(stable < STABLE_MS ? stable : STABLE_MS));
	next_result(downlink);
}

static void on_down(void *arg, bool refused, const char *why)
{
	struct downlink *downlink = arg;
	int64_t wait = backoff_next(&downlink->backoff, 0);
	bool unreached = !downlink->up && !refused;

	log_line(LOG_LEVEL_WARN, "mqtt", "%s; next try in %lld ms", why, (long long)wait);
	timer_stop(downlink->stable);
	downlink->up = false;
	downlink->publishing = false;
	downlink->idle = true;
	timer_in(downlink->wait, (uint64_t)wait);
	if (unreached)
		downlink->options.unreached(downlink->options.arg);
}

static void on_published(void *arg)
{
	struct downlink *downlink = arg;
	struct error err = { 0 };

	ledger_sent(downlink->options.ledger, &err);
	if (err.text[0])
		log_line(LOG_LEVEL_ERROR, "results", "%s", error_text(&err));
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
	downlink->mqtt = mqtt_new(&(struct mqtt_options){ .loop = options->loop,
							  .url = config->mqtt,
							  .trust = options->trust,
							  .client = config->id,
							  .password = config->secret,
							  .topic = downlink->command_topic,
							  .deadline_ms = config->http_timeout_ms,
							  .keep_alive_s = (int)config->keep_alive_s,
							  .up = on_up,
							  .down = on_down,
							  .message = on_message,
							  .published = on_published,
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
	free(downlink->command_topic);
	free(downlink->result_topic);
	free(downlink);
}
