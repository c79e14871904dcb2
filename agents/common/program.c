#include "agents/common/program.h"

#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "agents/common/crew.h"
#include "agents/common/sandbox.h"
#include "agents/common/tls_library.h"
#include "base/log.h"

enum { EXIT_ASKED = 0, EXIT_FATAL = 1, EXIT_CONFIG = 2 };

/* Of the 5 s that the contract gives, what is left is for the threads to end. */
enum { STOP_MS = 3000 };

struct program {
	struct loop *loop;
	struct crew *crew;
	int signal_fd;
	bool asked;
};

static int usage(const char *name, const struct agent_kind *kind)
{
	printf("Usage: %s [--config FILE]\n"
	       "%s\n\n"
	       "  --config FILE  JSON configuration (default: what ECSP_CONFIG names)\n"
	       "  --help         this text\n"
	       "  --version      the version\n\n"
	       "Configuration comes from the environment (ECSP_API, ECSP_MQTT, ECSP_CA, ECSP_ID,\n"
	       "ECSP_SECRET, ECSP_STATE, %s) and the file, which may name many agents\n"
	       "(\"instances\"). SIGTERM stops it.\n"
	       "Exit codes: 0 stopped as asked, 2 bad configuration, 1 anything else fatal.\n",
	       name, kind->about,
	       kind->needs.panel ? "ECSP_PANEL" : "ECSP_TARGETS, ECSP_COMMUNITY");
	return EXIT_ASKED;
}

static void on_signal(void *arg, unsigned events)
{
	struct program *program = arg;
	struct signalfd_siginfo info;

	(void)events;
	if (read(program->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		program->asked = true;
}

static bool is_over(void *arg)
{
	struct program *program = arg;

	return program->asked || crew_failed(program->crew);
}

static bool is_stopped(void *arg)
{
	return crew_stopped(((struct program *)arg)->crew);
}

/* Blocked before any thread starts, so that all of them inherit it. */
static int open_signals(void)
{
	sigset_t signals;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* For connections, panel, files and what the libraries keep. */
enum { FILES_EACH = 8, FILES_MORE = 64 };

static void allow_files(size_t agents)
{
	rlim_t needed = agents * FILES_EACH + FILES_MORE;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return;
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max < needed)
		log_line(LOG_LEVEL_WARN, "agent",
			 "%zu agents need about %llu descriptors, the limit is %llu", agents,
			 (unsigned long long)needed, (unsigned long long)files.rlim_max);
}

/* Libraries look there for what may redirect an agent or have it write out its keys: a proxy, a key
 * log, a trace, files of trust. What it was told is in the configuration by now. The kernel shows
 * the block as it was at the start, so the secret in it is wiped. */
static void forget_environment(void)
{
	char *secret = getenv("ECSP_SECRET");

	if (secret)
		explicit_bzero(secret, strlen(secret));
	clearenv();
}

/* Before the first thread, so that all of them inherit it. */
static int enter_sandbox(bool filtered, struct error *err)
{
	if (geteuid() == 0)
		log_line(LOG_LEVEL_WARN, "agent", "runs as root: give it a user of its own");
	if (!filtered)
		log_line(LOG_LEVEL_WARN, "agent",
			 "no filter of system calls: \"sandbox\" is false in the configuration");
	int status = sandbox_enter(filtered, err);
	if (status < 0 && filtered)
		error_wrap(err, "sandbox (\"sandbox\": false in the configuration goes without)");
	return status;
}

static void work(struct program *program)
{
	loop_run_until(program->loop, is_over, program, UINT64_MAX);
	crew_stop(program->crew);
	if (!loop_run_until(program->loop, is_stopped, program, STOP_MS))
		log_line(LOG_LEVEL_WARN, "agent", "stopped before the cloud answered");
}

static int run(const struct roster *roster, const struct agent_kind *kind)
{
	struct error err = { 0 };
	struct program program = { .signal_fd = open_signals() };
	const char *const urls[] = { roster->configs->api, roster->configs->mqtt, NULL };

	allow_files(roster->count);
	if (program.signal_fd < 0 || tls_library_init(&tls_floor, urls, &err) < 0 ||
	    enter_sandbox(roster->configs->sandbox, &err) < 0) {
		log_line(LOG_LEVEL_ERROR, "agent", "cannot start: %s", error_text(&err));
		return EXIT_FATAL;
	}
	program.loop = loop_new();
	log_set_owner(loop_owner(program.loop));
	struct watch *watch =
		watch_new(program.loop, program.signal_fd, LOOP_READ, on_signal, &program);
	program.crew = crew_new(program.loop, roster, kind);
	work(&program);
	int status = program.asked ? EXIT_ASKED : EXIT_FATAL;
	crew_free(program.crew);
	log_line(LOG_LEVEL_INFO, "agent", "stopped");
	watch_free(watch);
	log_set_owner(NULL);
	loop_free(program.loop);
	close(program.signal_fd);
	return status;
}

int program_run(int argc, char **argv, const struct agent_kind *kind)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	struct roster roster;
	struct error err = { 0 };
	const char *path = NULL;

	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == 'h')
			return usage(argv[0], kind);
		if (option == 'v')
			return printf("%s\n", ECSP_VERSION) > 0 ? EXIT_ASKED : EXIT_FATAL;
		if (option != 'c')
			return EXIT_CONFIG;
		path = optarg;
	}
	if (optind < argc) {
		log_line(LOG_LEVEL_ERROR, "agent", "found argument \"%s\", expected none",
			 argv[optind]);
		return EXIT_CONFIG;
	}
	int status = EXIT_CONFIG;
	if (roster_load(&roster, path, &kind->needs, &err) < 0) {
		log_line(LOG_LEVEL_ERROR, "configuration", "%s", error_text(&err));
	} else {
		forget_environment();
		status = run(&roster, kind);
	}
	roster_done(&roster);
	return status;
}
