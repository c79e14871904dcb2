#include "agents/common/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "agents/common/identity.h"
#include "agents/common/ledger.h"
#include "agents/common/queue.h"
#include "agents/common/setup.h"
#include "agents/common/uplink.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/wall.h"
#include "ecsp/ecsp.h"

/* Records that come within this time are put on disk together. A disk that is slow gets more time
 * between two commits: it has at most one fifth of the loop's. */
enum { COMMIT_MS = 10, COMMIT_REST = 4, COMMIT_MOST_MS = 1000 };

/* A "status" command is done when the cloud has its record. */
struct promise {
	struct promise *next;
	uint64_t record;
	struct command command;
};

struct agent {
	struct loop *loop;
	const struct config *config; /* as it was told */
	struct setup *setup;
	struct config effective; /* with what the service changed of it */
	const struct agent_kind *kind;
	void *self; /* the kind's */
	cJSON *identity;
	struct queue *queue;
	struct ledger *ledger;
	struct uplink *uplink;
	struct promise *promises;
	uint64_t dropped; /* that the log knows of */
	struct timer *commit;
	uint64_t commit_ms; /* wait before the next */
	int state_fd;       /* holds the lock of the state folder */
	bool stopping;
};

struct loop *agent_loop(struct agent *agent)
{
	return agent->loop;
}

const struct config *agent_config(struct agent *agent)
{
	return &agent->effective;
}

void agent_outcome(struct agent *agent, const struct command *command,
		   const struct outcome *outcome)
{
	struct error err = { 0 };

	log_line(LOG_LEVEL_INFO, "command", "%s: %s%s%s", command->id, outcome->outcome,
		 outcome->reason ? ", " : "", outcome->reason ? outcome->reason : "");
	if (ledger_close(agent->ledger, command, outcome, &err) < 0)
		log_line(LOG_LEVEL_ERROR, "command", "%s", error_text(&err));
	if (!agent->stopping)
		uplink_kick(agent->uplink);
}

static void promise(struct agent *agent, uint64_t record, const struct command *command)
{
	struct promise *promise = alloc_zero(1, sizeof(*promise));

	promise->record = record;
	promise->command = *command;
	promise->next = agent->promises;
	agent->promises = promise;
}

static void tell_dropped(struct agent *agent)
{
	uint64_t dropped = queue_dropped(agent->queue);

	if (dropped > agent->dropped)
		log_line(LOG_LEVEL_WARN, "queue", "full: %llu old records dropped, %llu in all",
			 (unsigned long long)(dropped - agent->dropped),
			 (unsigned long long)dropped);
	agent->dropped = dropped;
}

static void commit(struct agent *agent)
{
	struct error err = { 0 };

	loop_update(agent->loop);
	const uint64_t begun = loop_now(agent->loop);
	if (queue_commit(agent->queue, &err) < 0)
		log_line(LOG_LEVEL_WARN, "queue", "kept in memory for now: %s", error_text(&err));
	tell_dropped(agent);
	loop_update(agent->loop);
	const uint64_t rest = (loop_now(agent->loop) - begun) / 1000000u * COMMIT_REST;
	agent->commit_ms = rest < COMMIT_MS ? COMMIT_MS : rest;
	if (agent->commit_ms > COMMIT_MOST_MS)
		agent->commit_ms = COMMIT_MOST_MS;
}

static void commit_due(void *arg)
{
	struct agent *agent = arg;

	commit(agent);
	/* The disk does not take it; it is tried again also when nothing new comes. */
	if (!queue_written(agent->queue))
		timer_in(agent->commit, COMMIT_MOST_MS);
	uplink_kick(agent->uplink);
}

static void not_kept(struct agent *agent, const struct command *command, const struct error *err)
{
	log_line(LOG_LEVEL_ERROR, "queue", "record not kept: %s", error_text(err));
	if (command)
		agent_outcome(agent, command, &(struct outcome){ ECSP_FAILED, "busy", NULL });
}

void agent_record(struct agent *agent, const char *collection, cJSON *record,
		  const struct command *command)
{
	struct error err = { 0 };
	uint64_t id = 0;
	int status = queue_add(agent->queue, collection, record, &id, &err);

	cJSON_Delete(record);
	if (status < 0) {
		not_kept(agent, command, &err);
		return;
	}
	if (command)
		promise(agent, id, command);
	if (agent->stopping)
		commit(agent);
	else if (!timer_active(agent->commit))
		timer_in(agent->commit, agent->commit_ms);
}

static bool contains(const uint64_t *ids, size_t count, uint64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static void on_answered(void *arg, const uint64_t *ids, size_t count, bool stored)
{
	static const struct outcome done = { ECSP_DONE, NULL, NULL };
	static const struct outcome lost = { ECSP_FAILED, "unreachable", NULL };
	struct agent *agent = arg;

	for (struct promise **at = &agent->promises; *at;) {
		struct promise *promise = *at;
		if (!contains(ids, count, promise->record)) {
			at = &promise->next;
			continue;
		}
		*at = promise->next;
		agent_outcome(agent, &promise->command, stored ? &done : &lost);
		free(promise);
	}
}

/* Remembered before anything is done, so that a second delivery finds it. */
static bool accept(struct agent *agent, const struct command *command)
{
	static const struct outcome busy = { ECSP_FAILED, "busy", NULL };
	struct error err = { 0 };

	if (ledger_knows(agent->ledger, command->id)) {
		log_line(LOG_LEVEL_INFO, "command", "%s: seen before, ignored", command->id);
		return false;
	}
	if (ledger_open(agent->ledger, command, &err) < 0) {
		log_line(LOG_LEVEL_ERROR, "command", "%s: not carried out: %s", command->id,
			 error_text(&err));
		ledger_decline(agent->ledger, command, &busy);
		uplink_kick(agent->uplink);
		return false;
	}
	return true;
}

static void on_message(void *arg, const char *data, size_t size)
{
	static const struct outcome malformed = { ECSP_REFUSED, "malformed", NULL };
	static const struct outcome expired = { ECSP_REFUSED, "expired", NULL };
	static const struct outcome busy = { ECSP_FAILED, "busy", NULL };
	struct agent *agent = arg;
	struct command command;
	enum command_reading reading = command_parse(data, size, &command);

	if (reading == COMMAND_NONSENSE) {
		log_line(LOG_LEVEL_WARN, "command", "%zu bytes that are no command, ignored", size);
		return;
	}
	if (!accept(agent, &command))
		return;
	if (reading == COMMAND_MALFORMED)
		agent_outcome(agent, &command, &malformed);
	else if (command_expired(&command, wall_now()))
		agent_outcome(agent, &command, &expired);
	else if (agent->stopping) /* the broker counts it as delivered: answered after the next
				     start */
		agent_outcome(agent, &command, &busy);
	else
		agent->kind->command(agent->self, &command);
}

static void on_configured(void *arg)
{
	struct agent *agent = arg;

	setup_apply(agent->setup, &agent->effective);
	if (!agent->stopping)
		agent->kind->configured(agent->self);
}

/* Two that write to one log would spoil it. The lock goes with the process, however that ends. */
static int claim_state(struct agent *agent, struct error *err)
{
	const char *state = agent->config->state;

	agent->state_fd = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (agent->state_fd < 0)
		return error_set(err, errno, "cannot open %s: %s", state, strerror(errno));
	if (flock(agent->state_fd, LOCK_EX | LOCK_NB) < 0)
		return error_set(err, errno, "%s: %s", state,
				 errno == EWOULDBLOCK ? "another agent works with this folder"
						      : strerror(errno));
	return 0;
}

static int open_parts(struct agent *agent, struct error *err)
{
	const struct config *config = agent->config;
	struct error damage = { 0 };

	if (claim_state(agent, err) < 0)
		return -1;
	agent->queue = queue_new(config->state,
				 &(struct queue_limits){ .records = (size_t)config->queue_max,
							 .upload = (size_t)config->upload_max },
				 &damage);
	if (!agent->queue) {
		*err = damage;
		return -1;
	}
	if (damage.text[0])
		log_line(LOG_LEVEL_WARN, "queue", "%s", error_text(&damage));
	agent->dropped = queue_dropped(agent->queue);
	agent->commit_ms = COMMIT_MS;
	agent->commit = timer_new(agent->loop, commit_due, agent);
	agent->ledger = ledger_new(config->state, err);
	if (!agent->ledger)
		return -1;
	agent->setup = setup_new(config);
	setup_apply(agent->setup, &agent->effective);
	agent->uplink = uplink_new(&(struct uplink_options){ .loop = agent->loop,
							     .config = config,
							     .identity = agent->identity,
							     .queue = agent->queue,
							     .ledger = agent->ledger,
							     .setup = agent->setup,
							     .configured = on_configured,
							     .message = on_message,
							     .answered = on_answered,
							     .arg = agent },
				   err);
	if (!agent->uplink)
		return -1;
	agent->self = agent->kind->start(agent, err);
	return agent->self ? 0 : -1;
}

struct agent *agent_new(struct loop *loop, const struct config *config,
			const struct agent_kind *kind, struct error *err)
{
	struct agent *agent = alloc_zero(1, sizeof(*agent));

	agent->loop = loop;
	agent->config = config;
	agent->kind = kind;
	agent->identity = identity_json(config->id, kind->type, kind->on_pc);
	agent->state_fd = -1;
	if (open_parts(agent, err) < 0) {
		agent_free(agent);
		return NULL;
	}
	if (queue_count(agent->queue))
		log_line(LOG_LEVEL_INFO, "queue", "%zu records wait since the last run",
			 queue_count(agent->queue));
	return agent;
}

void agent_stop(struct agent *agent)
{
	agent->stopping = true;
	timer_stop(agent->commit);
	commit(agent);
	uplink_stop(agent->uplink);
}

bool agent_stopped(struct agent *agent)
{
	return uplink_stopped(agent->uplink);
}

void agent_free(struct agent *agent)
{
	if (!agent)
		return;
	if (agent->self)
		agent->kind->stop(agent->self);
	uplink_free(agent->uplink);
	/* What was delivered meanwhile is marked. */
	if (agent->queue)
		commit(agent);
	timer_free(agent->commit);
	ledger_free(agent->ledger);
	setup_free(agent->setup);
	free(agent->effective.targets);
	queue_free(agent->queue);
	if (agent->state_fd >= 0)
		close(agent->state_fd);
	while (agent->promises) {
		struct promise *promise = agent->promises;
		agent->promises = promise->next;
		free(promise);
	}
	cJSON_Delete(agent->identity);
	free(agent);
}
