#include "agents/es/es.h"

#include <string.h>

#include "agents/common/backoff.h"
#include "agents/common/text.h"
#include "agents/es/line.h"
#include "agents/es/panel.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/wall.h"
#include "ecsp/ecsp.h"

struct es {
	struct agent *agent;
	const struct config *config;
	struct panel *panel;
	struct timer *round;
	uint64_t next_round;
	struct timer *again; /* after a question that the panel did not answer */
	struct backoff backoff;
	char *serial;            /* NULL until the panel said it */
	struct line_status seen; /* of the last event, or the first record */
	bool have_seen, event_asked, round_asked;
};

/* One question to the panel and what it is for. */
struct errand {
	struct es *es;
	const char *purpose; /* collection type; NULL: an operation */
	bool commanded;
	struct command command;
};

static const struct outcome done = { ECSP_DONE, NULL, NULL };
static const struct outcome unreachable = { ECSP_FAILED, "unreachable", NULL };
static const struct outcome busy = { ECSP_FAILED, "busy", NULL };
static const struct outcome unsupported = { ECSP_REFUSED, "unsupported", NULL };
static const struct outcome undesignated = { ECSP_REFUSED, "not-designated", NULL };

static struct errand *errand_new(struct es *es, const char *purpose, const struct command *command)
{
	struct errand *errand = alloc_zero(1, sizeof(*errand));

	errand->es = es;
	errand->purpose = purpose;
	errand->commanded = command != NULL;
	if (command)
		errand->command = *command;
	return errand;
}

static void collect(struct es *es, const char *purpose, const struct command *command);

static void collect_event(struct es *es)
{
	if (es->event_asked)
		return;
	es->event_asked = true;
	collect(es, ECSP_EVENT, NULL);
}

static void note_status(struct es *es, const struct line_status *status, const char *purpose)
{
	bool event = strcmp(purpose, ECSP_EVENT) == 0;

	if (!es->have_seen || event) {
		es->seen = *status;
		es->have_seen = true;
	} else if (!line_status_equal(status, &es->seen)) {
		collect_event(es);
	}
}

static void learn_serial(struct es *es, const cJSON *record)
{
	const char *serial =
		cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(record, "serial"));

	if (!serial)
		return;
	free(es->serial);
	es->serial = alloc_text(serial);
}

static void answered(struct es *es)
{
	timer_stop(es->again);
	backoff_reset(&es->backoff);
}

/* A panel that is busy for a moment is asked again, and not only when the next round is due: until
 * it has answered once nothing is known of the device, not even which one it is. */
static void not_answered(struct es *es)
{
	if (!timer_active(es->again))
		timer_in(es->again, (uint64_t)backoff_next(&es->backoff, 0));
}

static void send_record(struct errand *errand, const cJSON *device)
{
	char now[WALL_TEXT_MAX], id[TEXT_UUID_MAX];
	struct es *es = errand->es;
	struct line_status status;
	cJSON *record = line_record(device);

	cJSON_AddStringToObject(record, "acquired", wall_format(wall_now(), now));
	cJSON_AddStringToObject(record, "record", text_uuid(id));
	learn_serial(es, record);
	if (line_status(cJSON_GetObjectItemCaseSensitive(device, "state"), &status))
		note_status(es, &status, errand->purpose);
	agent_record(es->agent, errand->purpose, record,
		     errand->commanded ? &errand->command : NULL);
}

static void on_device(void *arg, const cJSON *answer)
{
	AUTO_FREE struct errand *errand = arg;
	const cJSON *device = cJSON_GetObjectItemCaseSensitive(answer, "device");

	if (strcmp(errand->purpose, ECSP_EVENT) == 0)
		errand->es->event_asked = false;
	if (strcmp(errand->purpose, ECSP_SCHEDULED) == 0)
		errand->es->round_asked = false;
	if (cJSON_IsObject(device)) {
		answered(errand->es);
		send_record(errand, device);
		return;
	}
	log_line(LOG_LEVEL_WARN, "panel", "no device, not collected");
	if (errand->commanded)
		agent_outcome(errand->es->agent, &errand->command, &unreachable);
	else
		not_answered(errand->es);
}

static void collect(struct es *es, const char *purpose, const struct command *command)
{
	/* A panel that was slow answers all at once: two readings of one moment are one too many.
	 */
	if (strcmp(purpose, ECSP_SCHEDULED) == 0) {
		if (es->round_asked)
			return;
		es->round_asked = true;
	}
	panel_ask(es->panel, "get", cJSON_CreateString("device"), on_device,
		  errand_new(es, purpose, command));
}

static void round_due(void *arg)
{
	struct es *es = arg;
	uint64_t now = loop_now(agent_loop(es->agent));
	uint64_t interval = (uint64_t)es->config->interval_ms * 1000000u;

	es->next_round += interval;
	if (es->next_round <= now)
		es->next_round = now + interval;
	timer_set(es->round, es->next_round);
	collect(es, ECSP_SCHEDULED, NULL);
}

/* ---- the panel ---- */

static void on_watched(void *arg, const cJSON *answer)
{
	if (!answer)
		not_answered(arg);
	else if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "ok")))
		log_line(LOG_LEVEL_WARN, "panel", "it does not tell changes by itself");
}

/* Asked for twice, a panel tells changes once all the same. */
static void watch_and_collect(struct es *es)
{
	panel_ask(es->panel, "watch", cJSON_CreateTrue(), on_watched, es);
	collect(es, ECSP_SCHEDULED, NULL);
}

static void again_due(void *arg)
{
	watch_and_collect(arg);
}

static void on_up(void *arg)
{
	struct es *es = arg;

	timer_stop(es->again);
	/* At start, and after a time in which changes may have been missed. */
	if (es->have_seen) {
		watch_and_collect(es);
		return;
	}
	panel_ask(es->panel, "watch", cJSON_CreateTrue(), on_watched, es);
	timer_set(es->round, es->next_round = loop_now(agent_loop(es->agent)));
}

static void on_changed(void *arg, const cJSON *event)
{
	struct es *es = arg;
	struct line_status status;

	if (line_status(event, &status) && es->have_seen && !line_status_equal(&status, &es->seen))
		collect_event(es);
}

/* ---- commands ---- */

static void on_clean(void *arg, const cJSON *answer)
{
	AUTO_FREE struct errand *errand = arg;
	const struct outcome *outcome = &busy;

	if (!answer)
		outcome = &unreachable;
	else if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "ok")))
		outcome = &done;
	agent_outcome(errand->es->agent, &errand->command, outcome);
}

static void on_diagnosis(void *arg, const cJSON *answer)
{
	AUTO_FREE struct errand *errand = arg;
	const char *word =
		cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(answer, "diagnosis"));
	const char *refused =
		cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(answer, "refused"));
	AUTO_FREE char *clean = word ? text_clean(word, strlen(word)) : NULL;
	struct outcome diagnosed = { ECSP_DONE, NULL, clean };
	const struct outcome *outcome = &busy;

	if (!answer)
		outcome = &unreachable;
	else if (clean)
		outcome = &diagnosed;
	else if (refused && strcmp(refused, "unsupported") == 0)
		outcome = &unsupported;
	agent_outcome(errand->es->agent, &errand->command, outcome);
}

static void es_command(void *arg, const struct command *command)
{
	struct es *es = arg;

	if (!es->serial) {
		agent_outcome(es->agent, command, &unreachable);
		return;
	}
	if (strcmp(es->serial, command->serial) != 0) {
		agent_outcome(es->agent, command, &undesignated);
		return;
	}
	switch (command->operation) {
	case OPERATION_STATUS:
		collect(es, ECSP_COMMAND, command);
		break;
	case OPERATION_CLEAN:
		panel_ask(es->panel, "do", cJSON_CreateString("clean"), on_clean,
			  errand_new(es, NULL, command));
		break;
	case OPERATION_DIAGNOSE:
		panel_ask(es->panel, "do", cJSON_CreateString("diagnose"), on_diagnosis,
			  errand_new(es, NULL, command));
		break;
	}
}

static void *es_start(struct agent *agent, struct error *err)
{
	struct es *es = alloc_zero(1, sizeof(*es));

	(void)err;
	es->agent = agent;
	es->config = agent_config(agent);
	es->round = timer_new(agent_loop(agent), round_due, es);
	es->again = timer_new(agent_loop(agent), again_due, es);
	backoff_init(&es->backoff, es->config->backoff_min_ms, es->config->backoff_max_ms);
	es->next_round = loop_now(agent_loop(agent));
	es->panel = panel_new(&(struct panel_options){ .loop = agent_loop(agent),
						       .path = es->config->panel,
						       .timeout_ms = es->config->timeout_ms *
								     (es->config->retries + 1),
						       .backoff_min_ms = es->config->backoff_min_ms,
						       .backoff_max_ms = es->config->backoff_max_ms,
						       .up = on_up,
						       .changed = on_changed,
						       .arg = es });
	return es;
}

/* No later than the interval says now. */
static void es_configured(void *arg)
{
	struct es *es = arg;
	uint64_t latest =
		loop_now(agent_loop(es->agent)) + (uint64_t)es->config->interval_ms * 1000000u;

	if (timer_active(es->round) && es->next_round > latest)
		timer_set(es->round, es->next_round = latest);
}

static void es_stop(void *arg)
{
	struct es *es = arg;

	panel_free(es->panel);
	timer_free(es->round);
	timer_free(es->again);
	free(es->serial);
	free(es);
}

const struct agent_kind es_kind = {
	.type = "es",
	.about = "Part of a printer: reads its panel and reports to the ECSP server.",
	.needs = { .panel = true },
	.start = es_start,
	.stop = es_stop,
	.configured = es_configured,
	.command = es_command,
};
