#include "sim/world/inject.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "sim/world/storage.h"
#include "sim/world/world.h"

enum { AT_MAX = 1000000, NOTHING = 0, KILL = 1, CUT = 2 };

/* effect: what becomes of the call; an errno, negative: it fails with this. */
struct kind {
	struct verb verb;
	int effect;
};

#define AT                                                                                         \
	{                                                                                          \
		"at", PARAMETER_INT, true, 1, AT_MAX, NULL,                                        \
			"number of the call, from 1, over all starts of the agent"                 \
	}

static const struct parameter of_end[] = { AT, { .name = NULL } };
static const struct parameter of_failure[] = {
	AT,
	{ "count", PARAMETER_INT, false, 1, AT_MAX, NULL, "calls that fail; default 1" },
	{ .name = NULL },
};

static const struct kind kinds[] = {
	{ { "storage.watch", "the agent's state folder is only watched", NULL }, NOTHING },
	{ { "storage.kill", "the agent is killed before a call changes its state folder", of_end },
	  KILL },
	{ { "storage.cut", "the same, and what was not synced is lost", of_end }, CUT },
	{ { "storage.enospc", "a call that changes the state folder fails: disk full", of_failure },
	  -ENOSPC },
	{ { "storage.eio", "a call that changes the state folder fails: disk broken", of_failure },
	  -EIO },
};

const struct verb_list storage_faults = VERB_LIST(kinds);

struct inject {
	struct inject_options options;
	struct storage *storage;
	const struct kind *kind; /* NULL: none */
	int64_t at, count, calls;
};

struct inject *inject_new(const struct inject_options *options)
{
	struct inject *inject = alloc_zero(1, sizeof(*inject));

	inject->options = *options;
	inject->storage = storage_new(options->tap);
	return inject;
}

void inject_free(struct inject *inject)
{
	if (!inject)
		return;
	storage_free(inject->storage);
	free(inject);
}

int inject_set(struct inject *inject, const char *fault, const json_t *parameters,
	       struct error *err)
{
	const struct kind *kind = (const struct kind *)verb_find(&storage_faults, fault);

	if (!kind)
		return -ENOENT;
	int code = verb_check(&kind->verb, parameters, NULL, err);
	if (code)
		return code;
	inject_clear(inject, NULL);
	inject->kind = kind;
	inject->at = json_int_of(parameters, "at", 0);
	inject->count = json_int_of(parameters, "count", 1);
	inject->calls = 0;
	return 0;
}

void inject_clear(struct inject *inject, const char *fault)
{
	if (!inject->kind || (fault && strcmp(inject->kind->verb.name, fault) != 0))
		return;
	tap_seen(inject->options.tap, "storage.calls",
		 json_pack("{s:I}", "count", (json_int_t)inject->calls));
	inject->kind = NULL;
}

bool inject_armed(const struct inject *inject)
{
	return inject->kind;
}

static void say_reached(struct inject *inject, const struct storage_call *call)
{
	tap_seen(inject->options.tap, "fault.reached",
		 json_pack("{s:s, s:I, s:s, s:o}", "fault", inject->kind->verb.name, "at",
			   (json_int_t)inject->calls, "call", call->kind->title, "path",
			   json_lossy_text(call->path, strlen(call->path))));
}

static void shoot(struct inject *inject, pid_t pid)
{
	/* The caller is held in its call, so this is its process and no later one. */
	AUTO_CLOSE int process = pidfd_open(pid, 0);

	inject->options.killed(inject->options.arg);
	if (process < 0 || pidfd_send_signal(process, SIGKILL, NULL, 0) < 0)
		tap_seen(inject->options.tap, "world.error",
			 json_pack("{s:s, s:s}", "what", "kill", "why", strerror(errno)));
}

/* The effect on this call, by its number. */
static int effect_now(const struct inject *inject)
{
	int effect = inject->kind->effect;
	int64_t count = effect < 0 ? inject->count : 1;

	if (effect == NOTHING || inject->calls < inject->at || inject->calls >= inject->at + count)
		return NOTHING;
	return effect;
}

int inject_call(struct inject *inject, int filter, const struct seccomp_notif *request)
{
	struct storage_call call;
	uint64_t id = request->id;

	if (!inject->kind || !storage_call_read(&call, request))
		return 0;
	/* Ended meanwhile: what was read may be another process's. */
	if (ioctl(filter, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) < 0)
		return 0;
	inject->calls++;
	/* Before a sync, a write is still under way: nobody has been told that it is done. */
	if (call.kind->effect != FILECALL_SYNCS)
		storage_look(inject->storage, call.pid);
	int effect = effect_now(inject);
	if (effect == NOTHING) {
		storage_note(inject->storage, &call);
		if (inject->calls == 1 && inject->kind->effect == NOTHING)
			say_reached(inject, &call);
		return 0;
	}
	if (effect < 0) {
		if (inject->calls == inject->at)
			say_reached(inject, &call);
		return effect;
	}
	say_reached(inject, &call);
	if (effect == CUT)
		storage_cut(inject->storage, call.pid);
	shoot(inject, call.pid);
	return INJECT_KILLED;
}
