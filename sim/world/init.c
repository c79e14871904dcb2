#include "sim/world/init.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "sim/world/fdpass.h"
#include "sim/world/filter.h"

enum { PROCESSES_MAX = 512, FILES_MAX = 4096 };

static _Noreturn void give_up(const struct init_plan *plan, const struct error *err)
{
	struct notice notice = { .kind = NOTICE_FAILED, .error = *err };

	(void)fdpass_send(plan->control, &notice, sizeof(notice), -1);
	_exit(EXIT_FAILURE);
}

static int failed(struct error *err, const char *what)
{
	int code = errno;
	return error_set(err, code, "cannot start the agent: %s: %s", what, strerror(code));
}

/* No capability is left, and none can come back through any program. */
static int drop_capabilities(struct error *err)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	for (unsigned long capability = 0; capability < 64; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno != EINVAL)
			return failed(err, "give up a capability");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
	    syscall(SYS_capset, &header, none) < 0)
		return failed(err, "give up the capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return failed(err, "no_new_privs");
	return 0;
}

static int settle(const struct init_plan *plan, struct error *err)
{
	const char *name = plan->program->hostname ? plan->program->hostname : "agent";

	/* With the worker goes the world. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return failed(err, "PR_SET_PDEATHSIG");
	if (setns(plan->network, CLONE_NEWNET) < 0)
		return failed(err, "enter its network");
	if (sethostname(name, strlen(name)) < 0)
		return failed(err, "set its host name");
	int code = jail_enter(plan->jail, plan->program, err);
	return code ? code : drop_capabilities(err);
}

static int set_limits(const struct world_program *program)
{
	const struct {
		__rlimit_resource_t what;
		rlim_t value;
	} limits[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_NPROC, PROCESSES_MAX },
		{ RLIMIT_NOFILE, FILES_MAX },
		{ RLIMIT_FSIZE, program->state_max },
	};

	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		struct rlimit now;
		if (getrlimit(limits[i].what, &now) < 0)
			return -errno;
		rlim_t value = limits[i].value < now.rlim_max ? limits[i].value : now.rlim_max;
		struct rlimit set = { value, value };
		if (setrlimit(limits[i].what, &set) < 0)
			return -errno;
	}
	return 0;
}

/* Signals as a program expects them; whatever the harness had set is not inherited. */
static void reset_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static int open_standard(int output)
{
	AUTO_CLOSE int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		return -errno;
	return 0;
}

static _Noreturn void execute(const struct init_plan *plan)
{
	const struct world_program *program = plan->program;
	const char *folder = program->folder ? program->folder : WORLD_STATE_FOLDER;
	struct error err;

	setsid();
	umask(022);
	if (chdir(folder) < 0) {
		failed(&err, folder);
		give_up(plan, &err);
	}
	int code = set_limits(program);
	if (!code)
		code = open_standard(plan->output);
	reset_signals();
	int filter = code ? code : filter_install(plan->reports_storage);
	if (filter < 0) {
		errno = -filter;
		failed(&err, "limits and filter");
		give_up(plan, &err);
	}
	struct notice notice = { .kind = NOTICE_FILTER };
	code = fdpass_send(plan->control, &notice, sizeof(notice), filter);
	if (!code) {
		close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
		environ = (char **)(uintptr_t)program->environment;
		execvp(program->argv[0], (char *const *)(uintptr_t)program->argv);
		code = -errno;
	}
	code = -code;
	if (write(plan->executed, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(127);
}

/* Reaps all that ended. False when nobody is left. */
static bool reap(int control, pid_t *agent)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != *agent)
			continue;
		struct notice notice = { .kind = NOTICE_EXITED, .status = status };
		*agent = 0;
		(void)fdpass_send(control, &notice, sizeof(notice), -1);
	}
	return pid == 0;
}

static void read_name(const char *process, char *name, size_t size)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%.20s/comm", process);
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, name, size - 1) : 0;
	name[got > 0 ? got : 0] = 0;
	name[strcspn(name, "\n")] = 0;
}

/* This /proc shows the processes of this namespace; the first of them is we. */
static void tell_left(int control)
{
	struct notice notice = { .kind = NOTICE_LEFT };
	DIR *folder = opendir("/proc");
	const struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		if (!isdigit((unsigned char)entry->d_name[0]) || !strcmp(entry->d_name, "1"))
			continue;
		if (!notice.status++)
			read_name(entry->d_name, notice.name, sizeof(notice.name));
	}
	if (folder)
		closedir(folder);
	(void)fdpass_send(control, &notice, sizeof(notice), -1);
}

/* Passes signals on, reaps orphans, ends with the last process or with the worker. */
static _Noreturn void mind(int control, pid_t agent)
{
	sigset_t child;
	int signal;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	int ended = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	struct pollfd ready[] = { { .fd = control, .events = POLLIN },
				  { .fd = ended, .events = POLLIN } };
	while (reap(control, &agent)) {
		struct signalfd_siginfo info;
		if (poll(ready, COUNT_OF(ready), -1) < 0)
			continue;
		while (read(ended, &info, sizeof(info)) == sizeof(info))
			;
		if (!ready[0].revents)
			continue;
		if (fdpass_receive(control, &signal, sizeof(signal), NULL, NULL, 0) !=
		    sizeof(signal))
			_exit(EXIT_FAILURE);
		if (signal == NOTICE_WHO)
			tell_left(control);
		else if (agent)
			kill(agent, signal);
	}
	_exit(EXIT_SUCCESS);
}

void init_run(const struct init_plan *plan)
{
	struct error err;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (settle(plan, &err))
		give_up(plan, &err);
	pid_t agent = fork();
	if (agent == 0)
		execute(plan);
	if (agent < 0) {
		failed(&err, "fork");
		give_up(plan, &err);
	}
	/* Not even the same user may look into this process; it keeps only its way to the worker.
	 */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	int control = fcntl(plan->control, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (control >= 0 && dup2(control, STDIN_FILENO) == STDIN_FILENO) {
		close_range(STDIN_FILENO + 1, ~0u, 0);
		mind(STDIN_FILENO, agent);
	}
	_exit(EXIT_FAILURE);
}
