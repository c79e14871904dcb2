#include "agents/common/uplink.h"

#include <string.h>

#include "agents/common/backoff.h"
#include "agents/common/downlink.h"
#include "agents/common/endpoint.h"
#include "agents/common/http.h"
#include "agents/common/setup_talk.h"
#include "agents/common/verdict.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "ecsp/ecsp.h"

/* Records that come within this time share an upload. */
enum { GATHER_MS = 50 };

enum request { CERTIFICATE, REGISTRATION, SETUP, UPLOAD, REQUESTS };

static const char *const request_names[REQUESTS] = { "certificate", "registration", "setup",
						     "upload" };

struct uplink {
	struct uplink_options options;
	struct http *http;
	struct downlink *downlink;
	struct setup_talk *setup;
	char *trust;      /* file: what MQTT trusts */
	char *body, *url; /* of the request in hand */
	bool want_certificate, have_certificate, registered;
	bool sending, stopping;
	enum request request; /* in hand, while sending */
	struct timer *wait;   /* before the next request */
	bool replaying;       /* what an outage or an earlier run left is sent */
	struct timer *pace;   /* before the next upload of what was scheduled then */
	struct backoff backoff[REQUESTS];
};

static void next_request(struct uplink *uplink);

static void log_error(const char *object, const struct error *err)
{
	if (err->text[0])
		log_line(LOG_LEVEL_ERROR, object, "%s", error_text(err));
}

/* MQTT has a server to trust and is known to it. */
static void allow_downlink(struct uplink *uplink)
{
	downlink_allow(uplink->downlink, uplink->have_certificate && uplink->registered);
}

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
	uplink->replaying = true;
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
		queue_delivered(uplink->options.queue);
	else
		queue_rejected(uplink->options.queue, &err);
	log_error("queue", &err);
}

/* Many agents come back at the same time when a cloud does: each sends at a measured pace what has
 * waited, as full uploads, until not more is left than one holds. */
static void measure_pace(struct uplink *uplink)
{
	if (!uplink->replaying)
		return;
	timer_in(uplink->pace, (uint64_t)uplink->options.config->replay_ms);
	uplink->replaying =
		queue_count(uplink->options.queue) > (size_t)uplink->options.config->upload_max;
}

static void refused_for_good(struct uplink *uplink, int status, size_t count)
{
	/* About the records, not about us: one of them spoils the others. */
	if ((status == 400 || status == 413 || status == 422) &&
	    queue_split(uplink->options.queue)) {
		log_line(LOG_LEVEL_WARN, "upload",
			 "refused with HTTP %d: %zu records go one by one", status, count);
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
		measure_pace(uplink);
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

/* What fails here is in no record's way; only who is not let in at all has to log in again. */
static void got_setup(struct uplink *uplink, const struct http_answer *answer)
{
	if (setup_talk_got(uplink->setup, answer) || answer->status != 401)
		return;
	uplink->registered = false;
	failed(uplink, SETUP, answer);
}

static void got(void *arg, const struct http_answer *answer)
{
	struct uplink *uplink = arg;

	uplink->sending = false;
	if (answer->status >= 200 && answer->status < 300)
		setup_talk_heard(uplink->setup, answer->configuration);
	switch (uplink->request) {
	case CERTIFICATE:
		got_certificate(uplink, answer);
		break;
	case REGISTRATION:
		got_registration(uplink, answer);
		break;
	case SETUP:
		got_setup(uplink, answer);
		break;
	case UPLOAD:
		got_upload(uplink, answer);
		break;
	case REQUESTS:
		break;
	}
	allow_downlink(uplink);
	downlink_kick(uplink->downlink);
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

static bool send_setup(struct uplink *uplink)
{
	struct http_request request;
	const char *tail;

	if (!setup_talk_next(uplink->setup, &request, &tail))
		return false;
	set_url(uplink, ECSP_PATH_AGENTS, uplink->options.config->id, tail);
	send_request(uplink, SETUP, &request);
	return true;
}

static void next_request(struct uplink *uplink)
{
	if (uplink->stopping || uplink->sending || timer_active(uplink->wait))
		return;
	if (uplink->want_certificate)
		send_certificate(uplink);
	else if (!uplink->registered)
		send_registration(uplink);
	else if (!send_setup(uplink) &&
		 (!timer_active(uplink->pace) || queue_urgent(uplink->options.queue)))
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
	downlink_kick(uplink->downlink);
	if (!uplink->sending && !timer_active(uplink->wait))
		timer_in(uplink->wait, GATHER_MS);
}

/* ---- life ---- */

static void on_message(void *arg, const char *data, size_t size)
{
	struct uplink *uplink = arg;

	uplink->options.message(uplink->options.arg, data, size);
}

static void on_configured(void *arg)
{
	struct uplink *uplink = arg;

	uplink->options.configured(uplink->options.arg);
}

static void on_wake(void *arg)
{
	next_request(arg);
}

/* The server of MQTT may have another certificate by now (REM-1). */
static void on_unreached(void *arg)
{
	struct uplink *uplink = arg;

	uplink->want_certificate = true;
	next_request(uplink);
}

/* HTTPS has the same login: a registration shows whether it still holds. */
static void on_unwelcome(void *arg)
{
	struct uplink *uplink = arg;

	uplink->registered = false;
	allow_downlink(uplink);
	next_request(uplink);
}

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
	uplink->setup = setup_talk_new(&(struct setup_talk_options){ .loop = uplink->options.loop,
								     .config = config,
								     .setup = uplink->options.setup,
								     .changed = on_configured,
								     .wake = on_wake,
								     .arg = uplink });
	uplink->downlink =
		downlink_new(&(struct downlink_options){ .loop = uplink->options.loop,
							 .config = config,
							 .trust = uplink->trust,
							 .ledger = uplink->options.ledger,
							 .message = on_message,
							 .unreached = on_unreached,
							 .unwelcome = on_unwelcome,
							 .arg = uplink },
			     err);
	return uplink->downlink ? 0 : -1;
}

struct uplink *uplink_new(const struct uplink_options *options, struct error *err)
{
	struct uplink *uplink = alloc_zero(1, sizeof(*uplink));
	const struct config *config = options->config;

	uplink->options = *options;
	uplink->trust = file_join(config->state, "server.pem");
	uplink->have_certificate = access(uplink->trust, R_OK) == 0;
	uplink->want_certificate = true;
	for (int i = 0; i < REQUESTS; i++)
		backoff_init(&uplink->backoff[i], config->backoff_min_ms, config->backoff_max_ms);
	uplink->wait = timer_new(options->loop, request_due, uplink);
	uplink->pace = timer_new(options->loop, request_due, uplink);
	uplink->replaying = queue_count(options->queue) > 0;
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
	timer_stop(uplink->pace);
	downlink_stop(uplink->downlink);
}

bool uplink_stopped(struct uplink *uplink)
{
	return !uplink->sending && downlink_stopped(uplink->downlink);
}

void uplink_free(struct uplink *uplink)
{
	if (!uplink)
		return;
	http_free(uplink->http);
	downlink_free(uplink->downlink);
	setup_talk_free(uplink->setup);
	timer_free(uplink->wait);
	timer_free(uplink->pace);
	free(uplink->trust);
	free(uplink->body);
	free(uplink->url);
	free(uplink);
}
