#include "sim/world/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "sim/world/fdpass.h"
#include "sim/world/init.h"

enum {
	START_WITHIN_MS = 20000,
	OUTPUT_CHUNK = 65536,
	FOLLOW_WITHIN_MS = 300, /* the others may end a moment after the program itself */
	ANSWER_WITHIN_MS = 2000,
};

struct agent {
	struct agent_options options;
	pid_t init;   /* 0: no tree */
	int init_end; /* pidfd */
	int control, output;
	struct watch *control_watch, *output_watch, *end_watch;
	bool running; /* the main process */
	bool asked;   /* told to stop */
	bool struck;  /* ended by SIGKILL: it could not see to its processes */
	int output_fd;
	uint64_t output_left;
};

struct agent *agent_new(const struct agent_options *options)
{
	struct agent *agent = alloc_zero(1, sizeof(*agent));
	agent->options = *options;
	agent->init_end = agent->control = agent->output = -1;
	return agent;
}

static void close_all(struct agent *agent)
{
	struct watch **watches[] = { &agent->control_watch, &agent->output_watch,
				     &agent->end_watch };
	int *fds[] = { &agent->control, &agent->output, &agent->init_end };

	for (size_t i = 0; i < COUNT_OF(fds); i++) {
		watch_free(*watches[i]);
		*watches[i] = NULL;
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

void agent_free(struct agent *agent)
{
	if (!agent)
		return;
	agent_kill(agent, NULL);
	free(agent);
}

bool agent_running(const struct agent *agent)
{
	return agent->running;
}

static bool is_crash(int signal)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS };

	for (size_t i = 0; i < COUNT_OF(crashes); i++)
		if (crashes[i] == signal)
			return true;
	return false;
}

static void say_exit(struct agent *agent, int status)
{
	json_t *fields = json_object();
	bool signalled = WIFSIGNALED(status);
	int number = signalled ? WTERMSIG(status) : WEXITSTATUS(status);

	json_object_set_new(fields, signalled ? "signal" : "code", json_integer(number));
	json_object_set_new(fields, "asked", json_boolean(agent->asked));
	json_object_set_new(fields, "crashed", json_boolean(signalled && is_crash(number)));
	agent->running = false;
	agent->struck = signalled && number == SIGKILL;
	tap_seen(agent->options.tap, "agent.exit", fields);
}

/* Copies what the program wrote. False at its end, or when it wrote more than it may. */
static bool copy_output(struct agent *agent, bool *too_much)
{
	char data[OUTPUT_CHUNK];

	for (;;) {
		ssize_t size = read(agent->output, data, sizeof(data));
		if (size < 0 && errno == EINTR)
			continue;
		if (size <= 0)
			return size < 0 && errno == EAGAIN;
		size_t keep = (size_t)size < agent->output_left ? (size_t)size
								: (size_t)agent->output_left;
		agent->output_left -= keep;
		if (keep && write(agent->output_fd, data, keep) != (ssize_t)keep)
			tap_seen(agent->options.tap, "world.error",
				 json_pack("{s:s, s:s}", "what", "agent output", "why",
					   strerror(errno)));
		if (keep < (size_t)size) {
			*too_much = true;
			return false;
		}
	}
}

static void end_output(struct agent *agent)
{
	watch_free(agent->output_watch);
	agent->output_watch = NULL;
}

static void output_ready(void *arg, unsigned events)
{
	struct agent *agent = arg;
	bool too_much = false;

	(void)events;
	if (copy_output(agent, &too_much))
		return;
	end_output(agent);
	if (too_much)
		agent_kill(agent, "output limit");
}

static void take_notices(struct agent *agent)
{
	struct notice notice;

	while (fdpass_receive(agent->control, &notice, sizeof(notice), NULL, NULL, 0) ==
	       sizeof(notice))
		if (notice.kind == NOTICE_EXITED && agent->running) {
			bool too_much = false;
			if (agent->output_watch && !copy_output(agent, &too_much))
				end_output(agent);
			say_exit(agent, notice.status);
			if (too_much)
				tap_seen(agent->options.tap, "agent.killed",
					 json_pack("{s:s}", "why", "output limit"));
		}
}

static void control_ready(void *arg, unsigned events)
{
	struct agent *agent = arg;
	struct pollfd ready = { .fd = agent->control, .events = POLLIN };

	(void)events;
	take_notices(agent);
	if (poll(&ready, 1, 0) > 0 && ready.revents & POLLHUP) {
		watch_free(agent->control_watch);
		agent->control_watch = NULL;
	}
}

/* The first process ended: nobody is left inside. */
static void finish(struct agent *agent)
{
	int status = 0;
	bool too_much = false;

	while (waitpid(agent->init, &status, 0) < 0 && errno == EINTR)
		;
	agent->init = 0;
	take_notices(agent);
	if (agent->output_watch)
		copy_output(agent, &too_much);
	if (agent->running) /* it went down with the first process */
		say_exit(agent, SIGKILL);
	close_all(agent);
}

static void init_ended(void *arg, unsigned events)
{
	(void)events;
	finish(arg);
}

/* A fork into namespaces of its own; the child's end can be waited for by a descriptor. */
static pid_t fork_apart(int *end)
{
	struct clone_args args = {
		.flags = CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)end,
		.exit_signal = SIGCHLD,
	};
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* Ends of pipes and sockets that go to the child. */
struct start {
	int control[2], executed[2], output[2];
};

static void start_done(struct start *start)
{
	int *ends[] = { start->control, start->executed, start->output };

	for (size_t i = 0; i < COUNT_OF(ends); i++)
		for (int j = 0; j < 2; j++)
			if (ends[i][j] >= 0) {
				close(ends[i][j]);
				ends[i][j] = -1;
			}
}

static int start_init(struct start *start, struct error *err)
{
	*start = (struct start){ { -1, -1 }, { -1, -1 }, { -1, -1 } };
	int code = fdpass_pair(start->control);
	if (!code && (pipe2(start->executed, O_CLOEXEC) < 0 || pipe2(start->output, O_CLOEXEC) < 0))
		code = -errno;
	/* Only this end: a program may be surprised by an output that does not block. */
	if (!code && fcntl(start->output[0], F_SETFL, O_NONBLOCK) < 0)
		code = -errno;
	return code ? error_set(err, -code, "cannot make pipes: %s", strerror(-code)) : 0;
}

static int cannot_execute(const struct world_program *program, int code, struct error *err)
{
	if (code == EACCES)
		return error_set(
			err, code,
			"cannot execute %s: the unprivileged user the agent runs as (see "
			"`id -u nobody`, or the user behind sudo) may not read or execute it",
			program->argv[0]);
	if (code == ENOENT)
		return error_set(
			err, code,
			"cannot execute %s: not found in the agent's view (or its interpreter "
			"is not); the view holds /usr, /etc, /opt and the program's own folder",
			program->argv[0]);
	return error_set(err, code, "cannot execute %s: %s", program->argv[0], strerror(code));
}

/* Waits until the program runs. Returns the filter's descriptor. */
static int await_start(struct agent *agent, struct start *start,
		       const struct world_program *program, pid_t *pid, struct error *err)
{
	struct notice notice;
	int filter, code = 0;
	struct pollfd ready = { .fd = start->executed[0], .events = POLLIN };

	ssize_t size = fdpass_receive(agent->control, &notice, sizeof(notice), &filter, pid,
				      START_WITHIN_MS);
	if (size != sizeof(notice))
		return error_set(err, ECHILD, "the agent's first process ended before it began");
	if (notice.kind == NOTICE_FAILED) {
		if (err)
			*err = notice.error;
		return -ECHILD;
	}
	if (poll(&ready, 1, START_WITHIN_MS) <= 0)
		code = ETIMEDOUT;
	else if (read(start->executed[0], &code, sizeof(code)) != sizeof(code))
		code = 0;
	if (!code)
		return filter;
	close(filter);
	return cannot_execute(program, code, err);
}

static void drop_tree(struct agent *agent)
{
	kill(agent->init, SIGKILL);
	while (waitpid(agent->init, NULL, 0) < 0 && errno == EINTR)
		;
	agent->init = 0;
	close_all(agent);
}

static int launch(struct agent *agent, struct start *start, const struct world_program *program,
		  struct error *err)
{
	struct init_plan plan = { .jail = agent->options.jail,
				  .network = agent->options.network->agent,
				  .control = start->control[1],
				  .executed = start->executed[1],
				  .output = start->output[1],
				  .reports_storage = inject_armed(agent->options.inject),
				  .program = program };
	pid_t pid = 0;

	agent->init = fork_apart(&agent->init_end);
	if (agent->init == 0)
		init_run(&plan);
	if (agent->init < 0) {
		agent->init = 0;
		return error_set(err, errno, "cannot make a process namespace: %s",
				 strerror(errno));
	}
	agent->control = start->control[0];
	agent->output = start->output[0];
	start->control[0] = start->output[0] = -1;
	close(start->control[1]);
	close(start->executed[1]);
	close(start->output[1]);
	start->control[1] = start->executed[1] = start->output[1] = -1;
	int filter = await_start(agent, start, program, &pid, err);
	if (filter < 0) {
		drop_tree(agent);
		return filter;
	}
	sentry_watch(agent->options.sentry, filter);
	agent->running = true;
	tap_seen(agent->options.tap, "agent.start",
		 json_pack("{s:s, s:i}", "program", program->argv[0], "pid", (int)pid));
	return 0;
}

static bool is_alone(void *arg)
{
	const struct agent *agent = arg;
	return !agent->init;
}

static void say_left(struct agent *agent)
{
	struct notice notice;
	int question = NOTICE_WHO;

	if (fdpass_send(agent->control, &question, sizeof(question), -1) < 0)
		return;
	while (fdpass_receive(agent->control, &notice, sizeof(notice), NULL, NULL,
			      ANSWER_WITHIN_MS) == sizeof(notice)) {
		if (notice.kind != NOTICE_LEFT)
			continue;
		if (notice.status)
			tap_seen(agent->options.tap, "agent.left",
				 json_pack("{s:i, s:o}", "count", notice.status, "name",
					   json_lossy_text(
						   notice.name,
						   strnlen(notice.name, sizeof(notice.name)))));
		return;
	}
}

void agent_clear(struct agent *agent)
{
	bool watched = agent->init && !agent->running && !agent->struck;

	if (watched && !loop_run_until(agent->options.loop, is_alone, agent, FOLLOW_WITHIN_MS))
		say_left(agent);
	agent_kill(agent, agent->running ? "stop" : NULL);
}

int agent_start(struct agent *agent, const struct world_program *program, struct error *err)
{
	struct loop *loop = agent->options.loop;
	struct start start;

	if (agent->running)
		return error_set(err, EBUSY, "the agent runs already");
	agent_clear(agent);
	agent->asked = false;
	agent->output_fd = program->output_fd;
	agent->output_left = program->output_max;
	int code = start_init(&start, err);
	if (!code)
		code = launch(agent, &start, program, err);
	start_done(&start);
	if (code)
		return code;
	agent->control_watch = watch_new(loop, agent->control, LOOP_READ, control_ready, agent);
	agent->output_watch = watch_new(loop, agent->output, LOOP_READ, output_ready, agent);
	agent->end_watch = watch_new(loop, agent->init_end, LOOP_READ, init_ended, agent);
	return 0;
}

void agent_expect_end(struct agent *agent)
{
	agent->asked = true;
}

int agent_signal(struct agent *agent, int signal)
{
	if (!agent->running)
		return -ESRCH;
	if (signal == SIGTERM || signal == SIGINT || signal == SIGKILL)
		agent_expect_end(agent);
	return fdpass_send(agent->control, &signal, sizeof(signal), -1);
}

void agent_kill(struct agent *agent, const char *why)
{
	if (!agent->init)
		return;
	if (why)
		tap_seen(agent->options.tap, "agent.killed", json_pack("{s:s}", "why", why));
	/* By descriptor: it names this process and no other, ever. */
	(void)pidfd_send_signal(agent->init_end, SIGKILL, NULL, 0);
	finish(agent);
}
