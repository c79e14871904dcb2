/* run.h: scenarios run side by side, each in a process of its own, and their results collected. */
#ifndef CONFORMANCE_RUN_H
#define CONFORMANCE_RUN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "conformance/binding.h"
#include "conformance/program.h"
#include "conformance/scenario.h"

/* One scenario to run once, with one program. */
struct task {
	const struct scenario *scenario; /* borrowed */
	const char *path;                /* of its file; borrowed */
	const struct program *program;   /* borrowed */
	uint64_t seed;
	char *folder;   /* for the evidence; owned */
	json_t *result; /* NULL until it has ended; owned */
	/* private */
	int pid;
};

struct run_options {
	const struct catalogue *catalogue;
	const char *out_folder; /* absolute */
	int jobs;
	bool keep_world; /* each world stays until SIGINT, which then does not count as one */
	/* Called in the parent when a task has ended; may be NULL. */
	void (*ended)(void *arg, const struct task *task, size_t done, size_t count);
	void *arg;
};

/* Runs all tasks, at most jobs at a time. Every task that ran has a result, if need be one that
 * says what went wrong (verdict error). Returns false if it was interrupted: the rest was not run.
 */
bool run_tasks(struct task *tasks, size_t count, const struct run_options *options);
void task_done(struct task *task);

/* Judges one evidence folder, with its twin if it has one; the path that live runs take too. NULL
 * and err if the evidence is damaged. verify: the sums must hold. Caller owns. */
json_t *run_judge_folder(const char *folder, const struct catalogue *catalogue,
			 const struct binding *binding, bool verify, struct error *err);

#endif
