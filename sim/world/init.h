/* init.h: the first process of the agent's process namespace, and how it talks to the worker.
 *
 * The agent must not be process 1 itself: there, signals without a handler are ignored and orphans
 * are not reaped. When this process ends, the kernel ends all others of the namespace. */
#ifndef SIM_WORLD_INIT_H
#define SIM_WORLD_INIT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/world/jail.h"
#include "sim/world/world.h"

enum notice_kind {
	NOTICE_FAILED, /* before the program ran: error */
	NOTICE_FILTER, /* the agent's process, about to execute; carries the filter's descriptor */
	NOTICE_EXITED, /* the agent's process ended: status as of waitpid */
	NOTICE_LEFT,   /* the answer to NOTICE_WHO: how many are there, and the name of one */
};

/* In place of a signal number: who is there beside the first process? */
enum { NOTICE_WHO = 0 };

struct notice {
	enum notice_kind kind;
	int status;
	char name[16]; /* as of /proc/PID/comm, without the newline */
	struct error error;
};

struct init_plan {
	const struct jail *jail;
	int network;  /* namespace of the agent */
	int control;  /* socket: notices out, signal numbers or NOTICE_WHO (int) in */
	int executed; /* pipe: closed when the program runs, or an errno (int) */
	int output;   /* standard output and error of the agent */
	const struct world_program *program;
	bool reports_storage; /* see filter_install */
};

_Noreturn void init_run(const struct init_plan *plan);

#endif
