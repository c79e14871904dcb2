/* ecsp up: a living world for people and their programs to look around in. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/wall.h"
#include "conformance/command.h"
#include "conformance/control.h"
#include "conformance/living.h"
#include "conformance/options.h"

enum {
	LISTED_MAX = 20,
	COMMAND_SIGNALLED = 128,
	CLOUD_PORT = 8443,
	SCALE_MAX = 86400,
	PORT_UNSET = -1
};

struct up {
	struct living_options living;
	int64_t snmp_port, enpc_port, cloud_port;
	char **command; /* what runs inside; NULL: until interrupted */
	sigset_t signals, before;
	int signal_fd, child_fd;
	pid_t child;
	int asked; /* how many times to end */
	bool over;
};

/* ---- what is told ---- */

static void tell_printers(FILE *out, const struct up *up, const struct live *live)
{
	size_t count = live_count(live);
	char address[IPV4_TEXT_MAX];

	if (count)
		fprintf(out, "printers  %zu, SNMP on UDP port %lld, ENPC on UDP port %lld\n", count,
			(long long)up->snmp_port, (long long)up->enpc_port);
	for (size_t i = 0; i < count && i < LISTED_MAX; i++) {
		const struct device *device = live_device(live, i);
		fprintf(out, "          %-15s %s %s\n",
			ipv4_format(device_address(device), address), device_serial(device),
			device_name(device));
	}
	if (count > LISTED_MAX)
		fprintf(out, "          and %zu more: ecsp state\n", count - LISTED_MAX);
}

static const struct fleet_login *first_login(const struct up *up)
{
	const struct form_list *list = &up->living.file->logins;
	return list->count ? list->items : NULL;
}

static void tell_cloud(FILE *out, const struct up *up, const struct living *living)
{
	const struct fleet_login *login = first_login(up);
	AUTO_FREE char *api = living_url(living, "https", "api.ecsp.example");
	AUTO_FREE char *mqtt = living_url(living, "mqtts", "mqtt.ecsp.example");
	AUTO_FREE char *service = living_url(living, "https", "service.ecsp.example");

	size_t count;
	const char *agents = living_agents(living, &count);

	if (!living_port(living))
		return;
	fprintf(out, "cloud     %s, %s, %s%s\n", api, mqtt, service,
		up->living.loopback ? ", all at 127.0.0.1" : "");
	fprintf(out, "ca        %s\n", up->living.ca);
	if (agents)
		fprintf(out, "agents    %zu of ES: ecsp-es-agent --config %s\n", count, agents);
	if (login)
		fprintf(out, "login     %s %s\n", login->id, login->secret);
}

static void tell(FILE *out, const struct up *up, const struct living *living)
{
	tell_printers(out, up, living_printers(living));
	tell_cloud(out, up, living);
	fprintf(out, "control   %s (ecsp set, do, fault, state)\n", up->living.control);
	if (living_lacks(living))
		fprintf(out, "without   %s\n", living_lacks(living));
	if (!up->living.loopback)
		fputs("enter     ecsp shell\n", out);
	fputs(up->command ? "ready\n" : "ready     Ctrl-C ends it\n", out);
	fflush(out);
}

/* ---- until the end ---- */

static void on_signal(void *arg, unsigned events)
{
	struct up *up = arg;
	struct signalfd_siginfo info;

	(void)events;
	if (read(up->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	/* A terminal sends SIGINT to the command as well, which knows what to do with it. */
	if (up->child && info.ssi_signo == SIGINT)
		return;
	if (up->child && !up->asked++)
		kill(up->child, SIGTERM);
	else
		up->over = true;
}

static void on_child(void *arg, unsigned events)
{
	(void)events;
	((struct up *)arg)->over = true;
}

static bool is_over(void *arg)
{
	return ((struct up *)arg)->over;
}

static void set_variables(const struct living *living)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)living_environment(living), name, value)
		setenv(name, json_string_value(value), 1);
}

static _Noreturn void become_command(const struct up *up, const struct living *living)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &up->before, NULL);
	set_variables(living);
	execvp(up->command[0], up->command);
	fprintf(stderr, "ecsp up: cannot run %s: %s\n", up->command[0], strerror(errno));
	_exit(EXIT_USAGE);
}

static int start_command(struct up *up, const struct living *living, struct error *err)
{
	up->child = fork();
	if (up->child == 0)
		become_command(up, living);
	if (up->child > 0)
		up->child_fd = pidfd_open(up->child, 0);
	if (up->child < 0 || up->child_fd < 0)
		return error_set(err, errno, "cannot run %s: %s", up->command[0], strerror(errno));
	return 0;
}

/* The command's own exit code, as a shell tells it. */
static int end_command(const struct up *up)
{
	int status;

	kill(up->child, SIGKILL); /* reaped below, so the number is still its own */
	while (waitpid(up->child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : COMMAND_SIGNALLED + WTERMSIG(status);
}

static int live_on(struct up *up, const struct living *living, struct error *err)
{
	struct loop *loop = up->living.loop;
	int status = up->command ? start_command(up, living, err) : 0;

	if (status < 0)
		return EXIT_HARNESS;
	struct watch *signals = watch_new(loop, up->signal_fd, LOOP_READ, on_signal, up);
	struct watch *child =
		up->command ? watch_new(loop, up->child_fd, LOOP_READ, on_child, up) : NULL;
	loop_run_until(loop, is_over, up, UINT64_MAX);
	watch_free(child);
	watch_free(signals);
	if (!up->command)
		return EXIT_GOOD;
	close(up->child_fd);
	return end_command(up);
}

static void block_signals(struct up *up)
{
	sigemptyset(&up->signals);
	sigaddset(&up->signals, SIGINT);
	sigaddset(&up->signals, SIGTERM);
	sigaddset(&up->signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &up->signals, &up->before);
	up->signal_fd = signalfd(-1, &up->signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int complain(const struct error *err, int code)
{
	fprintf(stderr, "ecsp up: %s\n", error_text(err));
	return code;
}

static int run_world(struct up *up)
{
	struct error err = { 0 };
	struct loop *loop = loop_new();

	up->living.loop = loop;
	up->living.snmp_port = (uint16_t)up->snmp_port;
	up->living.enpc_port = (uint16_t)up->enpc_port;
	up->living.cloud_port = (uint16_t)up->cloud_port;
	block_signals(up);
	struct living *living = living_new(&up->living, &err);
	int code = EXIT_HARNESS;
	if (living) {
		tell(up->command ? stderr : stdout, up, living);
		code = live_on(up, living, &err);
	}
	if (*err.text)
		complain(&err, code);
	living_free(living);
	loop_free(loop);
	close(up->signal_fd);
	return code;
}

/* ---- the call ---- */

static char *beside(const char *control, const char *end)
{
	size_t size = strlen(control);
	bool known = size > 5 && !strcmp(control + size - 5, ".sock");
	return alloc_printf("%.*s%s", (int)(known ? size - 5 : size), control, end);
}

static int read_start(const char *text, int64_t *start, struct error *err)
{
	if (!text || wall_parse(text, start))
		return 0;
	return error_set(err, EINVAL, "found --start %s, expected a moment as 2026-01-05T08:00:00Z",
			 text);
}

static int check_call(struct up *up, int rest, struct error *err)
{
	if (rest < 1)
		return error_set(err, EINVAL, "expected %s", cmd_up.arguments);
	if (up->cloud_port == PORT_UNSET)
		up->cloud_port = up->living.loopback ? CLOUD_PORT : 443;
	return 0;
}

static int run_up(int argc, char **argv)
{
	AUTO_FREE char *path = control_default_path();
	struct up up = { .living.control = path,
			 .snmp_port = 161,
			 .enpc_port = 3289,
			 .cloud_port = PORT_UNSET };
	const char *start = NULL;
	const struct option_row rows[] = {
		{ "loopback", OPTION_FLAG, &up.living.loopback, NULL,
		  "on 127.x of this machine instead of a network of its own" },
		{ "scale", OPTION_NUMBER, &up.living.scale, "N",
		  "the printers' time passes N times faster: 60, an hour in a minute", 1,
		  SCALE_MAX },
		{ "start", OPTION_TEXT, &start, "TIME",
		  "the printers' calendar begins at TIME, 2026-01-05T08:00:00Z; now" },
		{ "frozen", OPTION_FLAG, &up.living.frozen, NULL,
		  "serve recorded printers exactly as they were recorded" },
		{ "snmp-port", OPTION_NUMBER, &up.snmp_port, "PORT", "161", 1, 65535 },
		{ "enpc-port", OPTION_NUMBER, &up.enpc_port, "PORT", "3289", 1, 65535 },
		{ "cloud-port", OPTION_NUMBER, &up.cloud_port, "PORT",
		  "443; on the loopback 8443; 0: one that is free", 0, 65535 },
		{ "ca", OPTION_TEXT, &up.living.ca, "FILE", "where the cloud's CA is written" },
		{ "control", OPTION_TEXT, &up.living.control, "PATH",
		  "socket for ecsp set, do, fault and state" },
		{ "journal", OPTION_TEXT, &up.living.journal, "FILE",
		  "write what printers and cloud see, a JSON object a line" },
		{ NULL },
	};
	struct error err = { 0 };
	int rest;
	bool help;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(&cmd_up, &err);
	if (help)
		return command_help(&cmd_up, rows);
	if (check_call(&up, rest, &err) < 0 || read_start(start, &up.living.start, &err) < 0)
		return command_usage(&cmd_up, &err);
	AUTO_FREE char *ca = beside(up.living.control, "-ca.pem");
	AUTO_FREE char *agents = beside(up.living.control, "-agents");
	up.living.agents = agents;
	if (!up.living.ca)
		up.living.ca = ca;
	struct fleetfile *file = fleetfile_load(argv[1], &err);
	if (!file)
		return command_usage(&cmd_up, &err);
	argv[1 + rest] = NULL; /* argv ends with one anyway when nothing was moved */
	up.command = rest > 1 ? argv + 2 : NULL;
	up.living.file = file;
	int code = run_world(&up);
	fleetfile_free(file);
	return code;
}

const struct command_row cmd_up = {
	.name = "up",
	.arguments = "FLEET.yaml [-- COMMAND ...]",
	.help = "a living world of printers and a cloud, until Ctrl-C or the end of COMMAND",
	.run = run_up,
};
