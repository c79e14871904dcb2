#include "agents/common/uplink.h"

#include <string.h>

#include "agents/common/downlink.h"
#include "agents/common/fixture.h"
#include "agents/common/http.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/test.h"
#include "ecsp/ecsp.h"

#define PEM "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

enum { ASKED_MAX = 32, PATIENCE_MS = 10000 };

/* ---- a cloud that a test plays, in the place of http.c ---- */

struct reply {
	int status;
	const char *body;
};

/* number: of the request, from 0. */
static struct reply (*cloud)(const char *method, const char *path, int number);
static char *asked[ASKED_MAX]; /* "PUT /v1/agents/dc-1", in their order */
static int asked_count;

struct http {
	struct timer *due;
	http_done *done;
	void *arg;
	struct reply reply;
	bool busy;
};

static void answer(void *arg)
{
	struct http *http = arg;
	struct http_answer given = { .status = http->reply.status, .why = "away" };

	buf_init(&given.body, HTTP_ANSWER_MAX);
	if (http->reply.body)
		buf_add(&given.body, http->reply.body, strlen(http->reply.body));
	http->busy = false;
	http->done(http->arg, &given);
	buf_done(&given.body);
}

struct http *http_new(const struct http_options *options, struct error *err)
{
	struct http *http = alloc_zero(1, sizeof(*http));

	(void)err;
	http->due = timer_new(options->loop, answer, http);
	return http;
}

void http_free(struct http *http)
{
	if (http)
		timer_free(http->due);
	free(http);
}

struct http_call *http_send(struct http *http, const struct http_request *request, http_done *done,
			    void *arg)
{
	const char *path = strstr(request->url, "/v1/");

	ck_assert(!http->busy);
	ck_assert_int_lt(asked_count, ASKED_MAX);
	http->reply = cloud(request->method, path, asked_count);
	asked[asked_count++] = alloc_printf("%s %s", request->method, path);
	http->done = done;
	http->arg = arg;
	http->busy = true;
	timer_in(http->due, 1);
	return NULL;
}

bool http_busy(const struct http *http)
{
	return http->busy;
}

/* ---- the other channel, in the place of downlink.c ---- */

struct downlink {
	struct downlink_options options;
	bool allowed, stopped;
};

static struct downlink *other;

struct downlink *downlink_new(const struct downlink_options *options, struct error *err)
{
	(void)err;
	other = alloc_zero(1, sizeof(*other));
	other->options = *options;
	return other;
}

void downlink_free(struct downlink *downlink)
{
	free(downlink);
}

void downlink_allow(struct downlink *downlink, bool allowed)
{
	downlink->allowed = allowed;
}

void downlink_kick(struct downlink *downlink)
{
	(void)downlink;
}

void downlink_stop(struct downlink *downlink)
{
	downlink->stopped = true;
}

bool downlink_stopped(struct downlink *downlink)
{
	return downlink->stopped;
}

/* ---- the bed ---- */

static struct loop *loop;
static char *state;
static struct config config;
static cJSON *identity;
static struct queue *queue;
static struct setup *setup;
static struct uplink *uplink;
static size_t stored, refused;

static void on_answered(void *arg, const uint64_t *ids, size_t count, bool was_stored)
{
	(void)arg;
	(void)ids;
	*(was_stored ? &stored : &refused) += count;
}

static void do_nothing(void *arg)
{
	(void)arg;
}

static void add_record(void)
{
	cJSON *record = cJSON_CreateObject();

	cJSON_AddStringToObject(record, "record", "r");
	ck_assert_int_eq(queue_add(queue, ECSP_SCHEDULED, record, NULL, NULL), 0);
	ck_assert_int_eq(queue_commit(queue, NULL), 0);
	cJSON_Delete(record);
}

static void begin(struct reply (*play)(const char *method, const char *path, int number),
		  int records)
{
	const struct queue_limits limits = { 100, QUEUE_UPLOAD_MAX };
	struct error err = { 0 };

	loop = loop_new();
	state = fixture_folder();
	config_defaults(&config);
	config.api = alloc_text("https://api");
	config.id = alloc_text("dc-1");
	config.state = alloc_text(state);
	config.backoff_min_ms = 1;
	config.backoff_max_ms = 5;
	identity = cJSON_CreateObject();
	queue = queue_new(state, &limits, &err);
	setup = setup_new(&config);
	cloud = play;
	stored = refused = 0;
	for (int i = 0; i < records; i++)
		add_record();
	uplink = uplink_new(&(struct uplink_options){ .loop = loop,
						      .config = &config,
						      .identity = identity,
						      .queue = queue,
						      .setup = setup,
						      .configured = do_nothing,
						      .answered = on_answered },
			    &err);
	ck_assert_ptr_nonnull(uplink);
}

static void end(void)
{
	uplink_free(uplink);
	setup_free(setup);
	queue_free(queue);
	cJSON_Delete(identity);
	config_done(&config);
	fixture_folder_done(state);
	loop_free(loop);
	while (asked_count)
		free(asked[--asked_count]);
}

static bool is_empty(void *arg)
{
	(void)arg;
	return stored + refused > 0 && !queue_count(queue);
}

static bool was_asked(void *arg)
{
	return asked_count >= *(const int *)arg;
}

static void until_asked(int count)
{
	ck_assert(loop_run_until(loop, was_asked, &count, PATIENCE_MS));
}

static bool is(const char *method, const char *path, const char *what)
{
	AUTO_FREE char *both = alloc_printf("%s %s", method, path);
	return strcmp(both, what) == 0;
}

#define CERTIFICATE  "GET /v1/certificate"
#define REGISTRATION "PUT /v1/agents/dc-1"
#define UPLOAD       "POST /v1/agents/dc-1/records"

static struct reply kind(const char *method, const char *path, int number)
{
	(void)number;
	if (is(method, path, CERTIFICATE))
		return (struct reply){ 200, PEM };
	if (is(method, path, UPLOAD))
		return (struct reply){ 201, "{\"upload\":\"k\",\"records\":1}" };
	return (struct reply){ 200, "{}" };
}

START_TEST(first_a_certificate_then_the_login_then_what_was_collected)
{
	begin(kind, 1);
	ck_assert(!other->allowed);
	ck_assert(loop_run_until(loop, is_empty, NULL, PATIENCE_MS));
	ck_assert_str_eq(asked[0], CERTIFICATE);
	ck_assert_str_eq(asked[1], REGISTRATION);
	ck_assert_str_eq(asked[asked_count - 1], UPLOAD);
	ck_assert(other->allowed);
	AUTO_FREE char *trust = file_join(state, "server.pem");
	AUTO_FREE char *kept = file_read(trust, 4096, NULL, NULL);
	ck_assert_str_eq(kept, PEM);
	ck_assert_uint_eq(stored, 1);
	end();
}
END_TEST

static struct reply portal(const char *method, const char *path, int number)
{
	if (number < 3)
		return (struct reply){ 200, "<html>Welcome to our hotel</html>" };
	return kind(method, path, number);
}

START_TEST(a_page_of_a_portal_is_no_certificate)
{
	begin(portal, 0);
	until_asked(5);
	for (int i = 0; i < 4; i++)
		ck_assert_str_eq(asked[i], CERTIFICATE);
	ck_assert_str_eq(asked[4], REGISTRATION);
	end();
}
END_TEST

static struct reply locked_out(const char *method, const char *path, int number)
{
	static int uploads;

	if (!number)
		uploads = 0;
	if (is(method, path, UPLOAD) && uploads++ == 0)
		return (struct reply){ 401, "" };
	return kind(method, path, number);
}

START_TEST(who_is_not_let_in_registers_again_and_loses_nothing)
{
	begin(locked_out, 1);
	ck_assert(loop_run_until(loop, is_empty, NULL, PATIENCE_MS));
	int registrations = 0;
	for (int i = 0; i < asked_count; i++)
		registrations += !strcmp(asked[i], REGISTRATION);
	ck_assert_int_eq(registrations, 2);
	ck_assert_uint_eq(stored, 1);
	ck_assert_uint_eq(refused, 0);
	end();
}
END_TEST

static struct reply choosy(const char *method, const char *path, int number)
{
	return is(method, path, UPLOAD) ? (struct reply){ 422, "" } : kind(method, path, number);
}

START_TEST(what_is_refused_for_good_is_told_and_not_sent_again)
{
	begin(choosy, 1);
	ck_assert(loop_run_until(loop, is_empty, NULL, PATIENCE_MS));
	ck_assert_uint_eq(refused, 1);
	ck_assert_str_eq(asked[asked_count - 1], UPLOAD);
	end();
}
END_TEST

START_TEST(when_mqtt_is_not_reached_the_certificate_is_fetched_anew)
{
	begin(kind, 1);
	ck_assert(loop_run_until(loop, is_empty, NULL, PATIENCE_MS));
	int before = asked_count;
	other->options.unreached(other->options.arg);
	until_asked(before + 1);
	ck_assert_str_eq(asked[before], CERTIFICATE);
	end();
}
END_TEST

START_TEST(when_mqtt_does_not_let_us_in_the_login_is_tried_by_https)
{
	begin(kind, 1);
	ck_assert(loop_run_until(loop, is_empty, NULL, PATIENCE_MS));
	int before = asked_count;
	other->options.unwelcome(other->options.arg);
	ck_assert(!other->allowed);
	until_asked(before + 1);
	ck_assert_str_eq(asked[before], REGISTRATION);
	end();
}
END_TEST

START_TEST(a_certificate_from_before_does_for_a_start_without_the_cloud)
{
	begin(portal, 0);
	AUTO_FREE char *trust = file_join(state, "server.pem");
	ck_assert_int_eq(file_write(trust, PEM, strlen(PEM), NULL), 0);
	uplink_free(uplink);
	uplink = uplink_new(&(struct uplink_options){ .loop = loop,
						      .config = &config,
						      .identity = identity,
						      .queue = queue,
						      .setup = setup,
						      .configured = do_nothing,
						      .answered = on_answered },
			    NULL);
	int before = asked_count;
	until_asked(before + 1);
	ck_assert_str_eq(asked[before - 1], CERTIFICATE);
	ck_assert_str_eq(asked[before], REGISTRATION);
	end();
}
END_TEST

static bool has_stopped(void *arg)
{
	(void)arg;
	return uplink_stopped(uplink);
}

START_TEST(a_stop_waits_for_the_request_in_hand_and_sends_no_other)
{
	begin(kind, 1);
	int before = asked_count;
	ck_assert_int_eq(before, 1);
	uplink_stop(uplink);
	ck_assert(!uplink_stopped(uplink));
	ck_assert(loop_run_until(loop, has_stopped, NULL, PATIENCE_MS));
	uplink_kick(uplink);
	loop_turn(loop, false);
	ck_assert_int_eq(asked_count, before);
	ck_assert_uint_eq(queue_count(queue), 1);
	end();
}
END_TEST

TEST_MAIN("agents.common.uplink", first_a_certificate_then_the_login_then_what_was_collected,
	  a_page_of_a_portal_is_no_certificate, who_is_not_let_in_registers_again_and_loses_nothing,
	  what_is_refused_for_good_is_told_and_not_sent_again,
	  when_mqtt_is_not_reached_the_certificate_is_fetched_anew,
	  when_mqtt_does_not_let_us_in_the_login_is_tried_by_https,
	  a_certificate_from_before_does_for_a_start_without_the_cloud,
	  a_stop_waits_for_the_request_in_hand_and_sends_no_other)
