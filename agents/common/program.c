#include "agents/common/program.h"

#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#include "agents/common/backoff.h"
#include "agents/common/tls_library.h"
#include "base/log.h"

enum { EXIT_ASKED = 0, EXIT_FATAL = 1, EXIT_CONFIG = 2 };

/* Of the 5 s that the contract gives, what is left is for the threads to end. */
enum { STOP_MS = 3000 };

/* A disk that is full for a moment is no reason to give up; one that stays so is the service
 * manager's business. */
enum { START_TRIES = 8 };

struct program {
	struct loop *loop;
	struct agent *agent;
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
	       "ECSP_SECRET, ECSP_STATE, %s) and the file. SIGTERM stops it.\n"
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

static bool is_asked(void *arg)
{
	return ((struct program *)arg)->asked;
}

static bool is_stopped(void *arg)
{
	return agent_stopped(((struct program *)arg)->agent);
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

/* NULL: it could not be started, or was asked to stop meanwhile. */
static struct agent *start(struct program *program, const struct config *config,
			   const struct agent_kind *kind)
{
	struct backoff backoff;

	backoff_init(&backoff, config->backoff_min_ms, config->backoff_max_ms);
	for (int i = 0; i < START_TRIES && !program->asked; i++) {
		struct error err = { 0 };
		struct agent *agent = agent_new(program->loop, config, kind, &err);
		if (agent)
			return agent;
		log_line(LOG_LEVEL_ERROR, "agent", "cannot start: %s", error_text(&err));
		if (i + 1 < START_TRIES)
			loop_run_until(program->loop, is_asked, program,
				       (uint64_t)backoff_next(&backoff, 0));
	}
	return NULL;
}

static int run(const struct config *config, const struct agent_kind *kind)
{
	struct error err = { 0 };
	struct program program = { .signal_fd = open_signals() };
	const char *const urls[] = { config->api, config->mqtt, NULL };
	int status = EXIT_FATAL;

	if (program.signal_fd < 0 || tls_library_init(&tls_floor, urls, &err) < 0) {
		log_line(LOG_LEVEL_ERROR, "agent", "cannot start: %s", error_text(&err));
		return EXIT_FATAL;
	}
	program.loop = loop_new();
	struct watch *watch =
		watch_new(program.loop, program.signal_fd, LOOP_READ, on_signal, &program);
	program.agent = start(&program, config, kind);
	if (program.agent) {
		log_line(LOG_LEVEL_INFO, "agent", "%s agent %s, version %s", kind->type, config->id,
			 ECSP_VERSION);
		loop_run_until(program.loop, is_asked, &program, UINT64_MAX);
		agent_stop(program.agent);
		if (!loop_run_until(program.loop, is_stopped, &program, STOP_MS))
			log_line(LOG_LEVEL_WARN, "agent", "stopped before the cloud answered");
		agent_free(program.agent);
		log_line(LOG_LEVEL_INFO, "agent", "stopped");
		status = EXIT_ASKED;
	} else if (program.asked) {
		status = EXIT_ASKED;
	}
	watch_free(watch);
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
	struct config config;
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
	if (config_load(&config, path, &kind->needs, &err) < 0)
		log_line(LOG_LEVEL_ERROR, "configuration", "%s", error_text(&err));
	else
		status = run(&config, kind);
	config_done(&config);
	return status;
}
