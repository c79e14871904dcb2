#include "agents/common/crew.h"

#include <string.h>

#include "agents/common/backoff.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

/* A disk that is full for a moment is no reason to give up; one that stays so is the service
 * manager's business. */
enum { START_TRIES = 8 };

struct member {
	struct crew *crew;
	const struct config *config;
	struct agent *agent; /* NULL: not started */
	struct timer *start;
	struct backoff backoff;
	int tries;
	bool lost; /* tried often enough */
};

struct crew {
	struct loop *loop;
	const struct roster *roster;
	const struct agent_kind *kind;
	struct member *members;
	size_t count, lost;
};

static void give_up(struct member *member)
{
	member->lost = true;
	member->crew->lost++;
	log_line(LOG_LEVEL_ERROR, "agent", "given up");
}

static struct agent *try_start(const struct member *member, struct error *err)
{
	const struct crew *crew = member->crew;

	if (crew->roster->many && file_make_folders(member->config->state, err) < 0)
		return NULL;
	return agent_new(crew->loop, member->config, crew->kind, err);
}

static void start_due(void *arg)
{
	struct member *member = arg;
	struct error err = { 0 };

	member->agent = try_start(member, &err);
	if (member->agent) {
		log_line(LOG_LEVEL_INFO, "agent", "%s agent %s, version %s",
			 member->crew->kind->type, member->config->id, ECSP_VERSION);
		return;
	}
	log_line(LOG_LEVEL_ERROR, "agent", "cannot start: %s", error_text(&err));
	if (++member->tries < START_TRIES)
		timer_in(member->start, (uint64_t)backoff_next(&member->backoff, 0));
	else
		give_up(member);
}

static void add_member(struct crew *crew, size_t index)
{
	const struct roster *roster = crew->roster;
	struct member *member = &crew->members[index];
	uint64_t over = (uint64_t)roster->start_over_ms;

	member->crew = crew;
	member->config = &roster->configs[index];
	backoff_init(&member->backoff, member->config->backoff_min_ms,
		     member->config->backoff_max_ms);
	/* Whatever it will ever do comes from this timer. */
	loop_own(crew->loop, roster->many ? member->config->id : NULL);
	member->start = timer_new(crew->loop, start_due, member);
	loop_own(crew->loop, NULL);
	timer_in(member->start, roster->count > 1 ? over * index / (roster->count - 1) : 0);
}

struct crew *crew_new(struct loop *loop, const struct roster *roster, const struct agent_kind *kind)
{
	struct crew *crew = alloc_zero(1, sizeof(*crew));

	crew->loop = loop;
	crew->roster = roster;
	crew->kind = kind;
	crew->count = roster->count;
	crew->members = alloc_zero(roster->count, sizeof(*crew->members));
	for (size_t i = 0; i < crew->count; i++)
		add_member(crew, i);
	return crew;
}

bool crew_failed(const struct crew *crew)
{
	return crew->lost == crew->count;
}

void crew_stop(struct crew *crew)
{
	for (size_t i = 0; i < crew->count; i++) {
		timer_stop(crew->members[i].start);
		loop_own(crew->loop, crew->roster->many ? crew->members[i].config->id : NULL);
		if (crew->members[i].agent)
			agent_stop(crew->members[i].agent);
	}
	loop_own(crew->loop, NULL);
}

bool crew_stopped(const struct crew *crew)
{
	for (size_t i = 0; i < crew->count; i++)
		if (crew->members[i].agent && !agent_stopped(crew->members[i].agent))
			return false;
	return true;
}

void crew_free(struct crew *crew)
{
	if (!crew)
		return;
	for (size_t i = 0; i < crew->count; i++) {
		timer_free(crew->members[i].start);
		agent_free(crew->members[i].agent);
	}
	free(crew->members);
	free(crew);
}
