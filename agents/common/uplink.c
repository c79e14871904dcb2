#include "agents/common/uplink.h"

#include <string.h>

#include "agents/common/backoff.h"
#include "agents/common/endpoint.h"
#include "agents/common/http.h"
#include "agents/common/mqtt.h"
#include "agents/common/verdict.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "ecsp/ecsp.h"

/* Records that come within this time share an upload. */
enum { GATHER_MS = 50, STABLE_MS = 30000 };

enum request { CERTIFICATE, REGISTRATION, UPLOAD, REQUESTS };

static const char *const request_names[REQUESTS] = { "certificate", "registration", "upload" };

struct uplink {
	struct uplink_options options;
	struct http *http;
	struct mqtt *mqtt;
	char *trust; /* file: what MQTT trusts */
	char *command_topic, *result_topic;
	char *body, *url; /* of the request in hand */
	bool want_certificate, have_certificate, registered;
	bool sending, stopping;
	enum request request; /* in hand, while sending */
	struct timer *wait;   /* before the next request */
	struct backoff backoff[REQUESTS];
	bool mqtt_idle, mqtt_up, mqtt_publishing;
	struct timer *mqtt_wait;
	struct timer *mqtt_stable;
	struct backoff mqtt_backoff;
};

static void next_request(struct uplink *uplink);

static void log_error(const char *object, const struct error *err)
{
	if (err->text[0])
		log_line(LOG_LEVEL_ERROR, object, "%s", error_text(err));
}

/* ---- MQTT ---- */

static void next_connect(struct uplink *uplink)
{
	if (uplink->stopping || !uplink->mqtt_idle || timer_active(uplink->mqtt_wait) ||
	    !uplink->have_certificate || !uplink->registered)
		return;
	uplink->mqtt_idle = false;
	mqtt_connect(uplink->mqtt);
}

static void next_result(struct uplink *uplink)
{
	const char *text = ledger_next(uplink->options.ledger);

	if (uplink->stopping || !uplink->mqtt_up || uplink->mqtt_publishing || !text)
		return;
	uplink->mqtt_publishing = true;
	mqtt_publish(uplink->mqtt, uplink->result_topic, text, strlen(text));
}

static void mqtt_connect_due(void *arg)
{
	next_connect(arg);
}

/* A connection that breaks at once is no success: only one that lasts ends the backoff. */
static void mqtt_is_stable(void *arg)
{
	struct uplink *uplink = arg;

	backoff_reset(&uplink->mqtt_backoff);
}

static void on_up(void *arg)
{
	struct uplink *uplink = arg;
	int64_t stable = uplink->options.config->backoff_max_ms;

	log_line(LOG_LEVEL_INFO, "mqtt", "connected and subscribed");
	uplink->mqtt_up = true;
	timer_in(uplink->mqtt_stable, (uint64_t)(stable < STABLE_MS ? stable : STABLE_MS));
	next_result(uplink);
}

static void on_down(void *arg, bool refused, const char *why)
{
	struct uplink *uplink = arg;
	int64_t wait = backoff_next(&uplink->mqtt_backoff, 0);

	log_line(LOG_LEVEL_WARN, "mqtt", "%s; next try in %lld ms", why, (long long)wait);
	timer_stop(uplink->mqtt_stable);
	/* It never came up: the server may have another certificate by now (REM-1). */
	if (!uplink->mqtt_up && !refused)
		uplink->want_certificate = true;
	uplink->mqtt_up = false;
	uplink->mqtt_publishing = false;
	uplink->mqtt_idle = true;
	timer_in(uplink->mqtt_wait, (uint64_t)wait);
	next_request(uplink);
}

static void on_published(void *arg)
{
	struct uplink *uplink = arg;
	struct error err = { 0 };

	ledger_sent(uplink->options.ledger, &err);
	log_error("results", &err);
	uplink->mqtt_publishing = false;
	next_result(uplink);
}

static void on_message(void *arg, const char *topic, const char *data, size_t size)
{
	struct uplink *uplink = arg;

	if (strcmp(topic, uplink->command_topic) != 0) {
		log_line(LOG_LEVEL_WARN, "mqtt", "message on a topic that is not ours, ignored");
		return;
	}
	uplink->options.message(uplink->options.arg, data ? data : "", size);
}

/* ---- HTTPS ---- */

static void failed(struct uplink *uplink, enum request request, const struct http_answer *answer)
{
	int64_t wait = backoff_next(&uplink->backoff[request], answer->retry_after_ms);

	if (answer->status)
		log_line(LOG_LEVEL_WARN, request_names[request], "HTTP %d; next try in %lld ms",
			 answer->status, (long long)wait);
	else
		log_line(LOG_LEVEL_WARN, request_names[request], "%s; next try in %lld ms",
			 answer->why, (long long)wait);
	timer_in(uplink->wait, (uint64_t)wait);
}

static bool is_pem(const char *text)
{
	const char *begin = strstr(text, "-----BEGIN CERTIFICATE-----");

	return begin && strstr(begin, "-----END CERTIFICATE-----");
}

static void got_certificate(struct uplink *uplink, const struct http_answer *answer)
{
	struct error err = { 0 };
	const char *text = buf_text(&answer->body);

	/* With one at hand from before, MQTT may be tried with that. */
	uplink->want_certificate = !uplink->have_certificate;
	if (answer->status != 200 || !is_pem(text)) {
		failed(uplink, CERTIFICATE, answer);
		return;
	}
	if (file_write(uplink->trust, text, answer->body.size, &err) < 0) {
		log_error("certificate", &err);
		failed(uplink, CERTIFICATE, answer);
		return;
	}
	log_line(LOG_LEVEL_INFO, "certificate", "downloaded");
	backoff_reset(&uplink->backoff[CERTIFICATE]);
	uplink->have_certificate = true;
	uplink->want_certificate = false;
}

static void got_registration(struct uplink *uplink, const struct http_answer *answer)
{
	if (answer->status != 200 && answer->status != 201) {
		failed(uplink, REGISTRATION, answer);
		return;
	}
	log_line(LOG_LEVEL_INFO, "registration", "done");
	backoff_reset(&uplink->backoff[REGISTRATION]);
	uplink->registered = true;
}

static void settle_upload(struct uplink *uplink, bool stored)
{
	struct error err = { 0 };
	const struct queue_upload *upload =
		queue_next(uplink->options.queue, uplink->options.identity, NULL);

	uplink->options.answered(uplink->options.arg, upload->ids, upload->count, stored);
	if (stored)
		queue_delivered(uplink->options.queue, &err);
	else
		queue_rejected(uplink->options.queue, &err);
	log_error("queue", &err);
}

static void refused_for_good(struct uplink *uplink, int status, size_t count)
{
	struct error err = { 0 };

	/* About the records, not about us: one of them spoils the others. */
	if ((status == 400 || status == 413 || status == 422) &&
	    queue_split(uplink->options.queue, &err)) {
		log_line(LOG_LEVEL_WARN, "upload",
			 "refused with HTTP %d: %zu records go one by one", status, count);
		log_error("queue", &err);
		return;
	}
	log_line(LOG_LEVEL_ERROR, "upload",
		 "refused for good with HTTP %d: %zu records moved to rejected", status, count);
	settle_upload(uplink, false);
}

static void got_upload(struct uplink *uplink, const struct http_answer *answer)
{
	size_t count = queue_next(uplink->options.queue, uplink->options.identity, NULL)->count;

	switch (verdict_of(answer->status, buf_text(&answer->body), count)) {
	case VERDICT_STORED:
		backoff_reset(&uplink->backoff[UPLOAD]);
		settle_upload(uplink, true);
		log_line(LOG_LEVEL_INFO, "upload", "%zu records stored, %zu wait", count,
			 queue_count(uplink->options.queue));
		break;
	case VERDICT_NEVER:
		refused_for_good(uplink, answer->status, count);
		failed(uplink, UPLOAD, answer);
		break;
	case VERDICT_LOGIN:
		uplink->registered = false;
		failed(uplink, UPLOAD, answer);
		break;
	case VERDICT_AGAIN:
		failed(uplink, UPLOAD, answer);
		break;
	}
}

static void got(void *arg, const struct http_answer *answer)
{
	struct uplink *uplink = arg;

	uplink->sending = false;
	switch (uplink->request) {
	case CERTIFICATE:
		got_certificate(uplink, answer);
		break;
	case REGISTRATION:
		got_registration(uplink, answer);
		break;
	case UPLOAD:
		got_upload(uplink, answer);
		break;
	case REQUESTS:
		break;
	}
	next_connect(uplink);
	next_result(uplink);
	next_request(uplink);
}

static void send_request(struct uplink *uplink, enum request request, struct http_request *http)
{
	uplink->request = request;
	uplink->sending = true;
	http->url = uplink->url;
	http_send(uplink->http, http, got, uplink);
}

static void set_url(struct uplink *uplink, const char *path, const char *id, const char *end)
{
	free(uplink->url);
	uplink->url = endpoint_url(uplink->options.config, path, id, end);
}

static void send_certificate(struct uplink *uplink)
{
	set_url(uplink, ECSP_PATH_CERTIFICATE, "", "");
	send_request(uplink, CERTIFICATE, &(struct http_request){ .method = "GET" });
}

static void send_registration(struct uplink *uplink)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddItemToObject(json, "agent", cJSON_Duplicate(uplink->options.identity, true));
	free(uplink->body);
	uplink->body = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	set_url(uplink, ECSP_PATH_AGENTS, uplink->options.config->id, "");
	send_request(
		uplink, REGISTRATION,
		&(struct http_request){ .method = "PUT", .body = uplink->body, .login = true });
}

static void send_upload(struct uplink *uplink)
{
	struct error err = { 0 };
	const struct queue_upload *upload =
		queue_next(uplink->options.queue, uplink->options.identity, &err);

	log_error("queue", &err);
	if (!upload) {
		/* The disk does not let the last one go. */
		if (queue_count(uplink->options.queue))
			timer_in(uplink->wait, (uint64_t)backoff_next(&uplink->backoff[UPLOAD], 0));
		return;
	}
	set_url(uplink, ECSP_PATH_AGENTS, uplink->options.config->id, ECSP_PATH_RECORDS);
	send_request(uplink, UPLOAD,
		     &(struct http_request){ .method = "POST",
					     .body = upload->body,
					     .idempotency_key = upload->key,
					     .login = true });
}

static void next_request(struct uplink *uplink)
{
	if (uplink->stopping || uplink->sending || timer_active(uplink->wait))
		return;
	if (uplink->want_certificate)
		send_certificate(uplink);
	else if (!uplink->registered)
		send_registration(uplink);
	else
		send_upload(uplink);
}

static void request_due(void *arg)
{
	next_request(arg);
}

void uplink_kick(struct uplink *uplink)
{
	if (uplink->stopping)
		return;
	next_result(uplink);
	if (!uplink->sending && !timer_active(uplink->wait))
		timer_in(uplink->wait, GATHER_MS);
}

/* ---- life ---- */

static int open_channels(struct uplink *uplink, struct error *err)
{
	const struct config *config = uplink->options.config;

	uplink->http = http_new(&(struct http_options){ .loop = uplink->options.loop,
							.ca = config->ca,
							.user = config->id,
							.password = config->secret,
							.timeout_ms = config->http_timeout_ms },
				err);
	if (!uplink->http)
		return -1;
	uplink->mqtt = mqtt_new(&(struct mqtt_options){ .loop = uplink->options.loop,
							.url = config->mqtt,
							.trust = uplink->trust,
							.client = config->id,
							.password = config->secret,
							.topic = uplink->command_topic,
							.deadline_ms = config->http_timeout_ms,
							.keep_alive_s = (int)config->keep_alive_s,
							.up = on_up,
							.down = on_down,
							.message = on_message,
							.published = on_published,
							.arg = uplink },
				err);
	return uplink->mqtt ? 0 : -1;
}

struct uplink *uplink_new(const struct uplink_options *options, struct error *err)
{
	struct uplink *uplink = alloc_zero(1, sizeof(*uplink));
	const struct config *config = options->config;

	uplink->options = *options;
	uplink->trust = file_join(config->state, "server.pem");
	uplink->command_topic =
		alloc_printf("%s%s%s", ECSP_TOPIC_PREFIX, config->id, ECSP_TOPIC_COMMANDS);
	uplink->result_topic =
		alloc_printf("%s%s%s", ECSP_TOPIC_PREFIX, config->id, ECSP_TOPIC_RESULTS);
	uplink->have_certificate = access(uplink->trust, R_OK) == 0;
	uplink->want_certificate = true;
	uplink->mqtt_idle = true;
	for (int i = 0; i < REQUESTS; i++)
		backoff_init(&uplink->backoff[i], config->backoff_min_ms, config->backoff_max_ms);
	backoff_init(&uplink->mqtt_backoff, config->backoff_min_ms, config->backoff_max_ms);
	uplink->wait = timer_new(options->loop, request_due, uplink);
	uplink->mqtt_wait = timer_new(options->loop, mqtt_connect_due, uplink);
	uplink->mqtt_stable = timer_new(options->loop, mqtt_is_stable, uplink);
	if (open_channels(uplink, err) < 0) {
		uplink_free(uplink);
		return NULL;
	}
	next_request(uplink);
	return uplink;
}

void uplink_stop(struct uplink *uplink)
{
	uplink->stopping = true;
	timer_stop(uplink->wait);
	timer_stop(uplink->mqtt_wait);
	timer_stop(uplink->mqtt_stable);
	mqtt_close(uplink->mqtt);
}

bool uplink_stopped(struct uplink *uplink)
{
	return !uplink->sending && mqtt_closed(uplink->mqtt);
}

void uplink_free(struct uplink *uplink)
{
	if (!uplink)
		return;
	http_free(uplink->http);
	mqtt_free(uplink->mqtt);
	timer_free(uplink->wait);
	timer_free(uplink->mqtt_wait);
	timer_free(uplink->mqtt_stable);
	free(uplink->trust);
	free(uplink->command_topic);
	free(uplink->result_topic);
	free(uplink->body);
	free(uplink->url);
	free(uplink);
}
