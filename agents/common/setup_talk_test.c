#include "agents/common/setup_talk.h"

#include <string.h>

#include "agents/common/fixture.h"
#include "base/cleanup.h"
#include "base/test.h"

static struct config config;
static struct loop *loop;
static struct setup *setup;
static struct setup_talk *talk;
static int changes, wakes;

static void on_changed(void *arg)
{
	(void)arg;
	changes++;
}

static void on_wake(void *arg)
{
	(void)arg;
	wakes++;
}

static void begin(int64_t every_ms)
{
	config = (struct config){ .state = fixture_folder(),
				  .backoff_min_ms = 1,
				  .backoff_max_ms = 1,
				  .configuration_ms = every_ms };
	changes = wakes = 0;
	loop = loop_new();
	setup = setup_new(&config);
	talk = setup_talk_new(&(struct setup_talk_options){ .loop = loop,
							    .config = &config,
							    .setup = setup,
							    .changed = on_changed,
							    .wake = on_wake });
}

static void end(void)
{
	setup_talk_free(talk);
	setup_free(setup);
	loop_free(loop);
	fixture_folder_done(config.state);
}

/* What is sent next: "PUT /configuration/applied", or "nothing". */
static void expect_next(const char *expected)
{
	struct http_request request;
	const char *tail;
	char text[128] = "nothing";

	if (setup_talk_next(talk, &request, &tail))
		snprintf(text, sizeof(text), "%s %s %s", request.method, tail,
			 request.known_tag ? request.known_tag : "");
	ck_assert_str_eq(text, expected);
}

static bool answer(int status, const char *tag, const char *body)
{
	struct http_answer got = { .status = status, .why = "" };

	buf_init(&got.body, HTTP_ANSWER_MAX);
	buf_add_text(&got.body, body);
	snprintf(got.tag, sizeof(got.tag), "%s", tag);
	bool good = setup_talk_got(talk, &got);
	buf_done(&got.body);
	return good;
}

START_TEST(a_document_is_fetched_when_an_answer_names_it_and_reported_once)
{
	begin(60000);
	expect_next("nothing");
	setup_talk_heard(talk, "");
	expect_next("nothing");
	setup_talk_heard(talk, "1");
	expect_next("GET /configuration ");
	ck_assert(answer(200, "1", "{\"version\":1}"));
	ck_assert_int_eq(changes, 1);
	expect_next("PUT /configuration/applied ");
	ck_assert(answer(200, "", "{}"));
	expect_next("nothing");
	setup_talk_heard(talk, "1");
	expect_next("nothing");
	setup_talk_heard(talk, "2");
	expect_next("GET /configuration 1");
	ck_assert(answer(304, "1", ""));
	expect_next("nothing");
	ck_assert_int_eq(changes, 1);
	end();
}
END_TEST

START_TEST(a_broken_one_is_reported_and_not_fetched_again)
{
	begin(60000);
	setup_talk_heard(talk, "1");
	expect_next("GET /configuration ");
	ck_assert(answer(200, "1", "{"));
	ck_assert_int_eq(changes, 0);
	expect_next("PUT /configuration/applied ");
	ck_assert(answer(200, "", "{}"));
	setup_talk_heard(talk, "1");
	expect_next("nothing");
	end();
}
END_TEST

static bool has_woken(void *arg)
{
	(void)arg;
	return wakes > 0;
}

START_TEST(what_fails_comes_again_after_a_while)
{
	static const struct {
		int status;
		const char *tag;
	} failures[] = { { 0, "" }, { 500, "1" }, { 401, "" }, { 200, "" /* which one? */ } };

	for (size_t i = 0; i < COUNT_OF(failures); i++) {
		begin(60000);
		setup_talk_heard(talk, "1");
		expect_next("GET /configuration ");
		ck_assert(!answer(failures[i].status, failures[i].tag, "{\"version\":1}"));
		expect_next("nothing");
		ck_assert(loop_run_until(loop, has_woken, NULL, 5000));
		expect_next("GET /configuration ");
		end();
	}
}
END_TEST

START_TEST(it_is_asked_for_now_and_then)
{
	begin(1);
	expect_next("nothing");
	ck_assert(loop_run_until(loop, has_woken, NULL, 5000));
	expect_next("GET /configuration ");
	ck_assert(answer(404, "", "{}"));
	expect_next("nothing");
	end();
}
END_TEST

TEST_MAIN("agents.setup_talk", a_document_is_fetched_when_an_answer_names_it_and_reported_once,
	  a_broken_one_is_reported_and_not_fetched_again, what_fails_comes_again_after_a_while,
	  it_is_asked_for_now_and_then)
