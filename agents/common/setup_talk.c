#include "agents/common/setup_talk.h"

#include <string.h>

#include "agents/common/backoff.h"
#include "base/log.h"
#include "ecsp/ecsp.h"

struct setup_talk {
	struct setup_talk_options options;
	bool wanted, reporting;
	struct timer *poll; /* the next time to ask unprompted */
	struct timer *wait; /* before what failed is tried again */
	struct backoff backoff;
};

static void poll_due(void *arg)
{
	struct setup_talk *talk = arg;

	timer_in(talk->poll, (uint64_t)talk->options.config->configuration_ms);
	talk->wanted = true;
	talk->options.wake(talk->options.arg);
}

static void wait_over(void *arg)
{
	struct setup_talk *talk = arg;

	talk->options.wake(talk->options.arg);
}

struct setup_talk *setup_talk_new(const struct setup_talk_options *options)
{
	struct setup_talk *talk = alloc_zero(1, sizeof(*talk));
	const struct config *config = options->config;

	talk->options = *options;
	talk->poll = timer_new(options->loop, poll_due, talk);
	talk->wait = timer_new(options->loop, wait_over, talk);
	backoff_init(&talk->backoff, config->backoff_min_ms, config->backoff_max_ms);
	timer_in(talk->poll, (uint64_t)config->configuration_ms);
	return talk;
}

void setup_talk_free(struct setup_talk *talk)
{
	if (!talk)
		return;
	timer_free(talk->poll);
	timer_free(talk->wait);
	free(talk);
}

void setup_talk_heard(struct setup_talk *talk, const char *tag)
{
	if (*tag && strcmp(tag, setup_tag(talk->options.setup)) != 0)
		talk->wanted = true;
}

bool setup_talk_next(struct setup_talk *talk, struct http_request *request, const char **tail)
{
	const char *report = setup_report(talk->options.setup);

	if (timer_active(talk->wait) || (!report && !talk->wanted))
		return false;
	talk->reporting = report != NULL;
	*tail = report ? ECSP_PATH_APPLIED : ECSP_PATH_CONFIGURATION;
	*request = (struct http_request){
		.method = report ? "PUT" : "GET",
		.body = report,
		.known_tag = report ? NULL : setup_tag(talk->options.setup),
		.login = true,
	};
	return true;
}

static bool got_report(struct setup_talk *talk, int status)
{
	/* A refusal of the report is no reason to send it for ever. */
	bool over = status == 200 || status == 400 || status == 404;

	if (over)
		setup_reported(talk->options.setup);
	return over;
}

static bool got_document(struct setup_talk *talk, const struct http_answer *answer)
{
	bool known = answer->status == 304 || answer->status == 404;

	if (!known && (answer->status != 200 || !*answer->tag))
		return false;
	talk->wanted = false;
	if (!known && setup_take(talk->options.setup, answer->tag, buf_text(&answer->body),
				 answer->body.size))
		talk->options.changed(talk->options.arg);
	return true;
}

bool setup_talk_got(struct setup_talk *talk, const struct http_answer *answer)
{
	bool good = talk->reporting ? got_report(talk, answer->status) : got_document(talk, answer);

	if (good) {
		backoff_reset(&talk->backoff);
		return true;
	}
	int64_t wait = backoff_next(&talk->backoff, answer->retry_after_ms);
	log_line(LOG_LEVEL_WARN, "setup", "HTTP %d; next try in %lld ms", answer->status,
		 (long long)wait);
	timer_in(talk->wait, (uint64_t)wait);
	return false;
}
