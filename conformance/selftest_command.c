/* ecsp selftest: the kill matrix. Every faulty agent must be failed by the scenario made for it,
 * for the reason named; and an agent that does nothing must get no pass anywhere. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "conformance/command.h"
#include "conformance/data.h"
#include "conformance/options.h"
#include "conformance/outfolder.h"
#include "conformance/progress.h"
#include "conformance/run.h"
#include "conformance/selftest.h"

#include "conformance/suite.h"
#include "conformance/verdict.h"
#include "sim/world/world.h"

struct selftest {
	bool json;
	const char *out, *faulty;
	int64_t jobs;
	char **words; /* names or beginnings of names; none: all */
	int word_count;
	struct catalogue *catalogue;
	struct suite suite;
	struct matrix *matrix;
	struct program *programs; /* one a task */
	struct task *tasks;
	const struct mutant **mutants; /* of each task; NULL: an agent that does nothing */
	bool *again;                   /* of each task: it ran a second time */
	size_t count, idle;            /* tasks; the first of the idle agents, which are the last */
	size_t before;                 /* tasks that ran before those under way */
	struct progress progress;
};

/* A world in which nothing happens takes hardly any time but its own, so many of them fit side by
 * side where worlds with work would get in each other's way. */
enum { JOBS_IDLE = 4 };

/* Idle agents: nothing they do may look like a pass. */
static const struct {
	const char *name, *command;
} idlers[] = {
	{ "does-nothing", "/bin/true" },
	{ "sleeps", "/bin/sleep 600" },
};

/* ---- planning ---- */

static const struct suite_entry *scenario_of(const struct selftest *self, const char *id)
{
	for (size_t i = 0; i < self->suite.count; i++)
		if (!strcmp(self->suite.entries[i].scenario->id, id))
			return &self->suite.entries[i];
	return NULL;
}

static int add(struct selftest *self, const struct suite_entry *entry, const char *name,
	       const char *command, const struct mutant *mutant, const char *out, struct error *err)
{
	size_t i = self->count;
	enum agent_kind kind = (enum agent_kind)entry->scenario->agent;
	int status = program_init(&self->programs[i], kind, command, NULL, err);

	self->count++;
	self->mutants[i] = mutant;
	self->tasks[i] = (struct task){
		.scenario = entry->scenario,
		.path = entry->path,
		.program = &self->programs[i],
		.seed = 1,
		.folder = alloc_printf("%s/%s/%s", out, name, entry->scenario->id),
	};
	return status;
}

/* Without words all are; a word asks for those whose name begins so. */
static bool is_asked(const struct selftest *self, const char *name)
{
	bool asked = !self->word_count;
	for (int i = 0; i < self->word_count; i++)
		asked |= !strncmp(name, self->words[i], strlen(self->words[i]));
	return asked;
}

static int plan(struct selftest *self, const char *out, struct error *err)
{
	size_t idle = self->suite.count * COUNT_OF(idlers);
	size_t most = self->matrix->mutants.count + idle;
	int status = 0;

	self->tasks = alloc_zero(most, sizeof(*self->tasks));
	self->programs = alloc_zero(most, sizeof(*self->programs));
	self->mutants = alloc_zero(most, sizeof(*self->mutants));
	self->again = alloc_zero(most, sizeof(*self->again));
	for (size_t i = 0; status == 0 && i < self->matrix->mutants.count; i++) {
		const struct mutant *mutant =
			(const struct mutant *)self->matrix->mutants.items + i;
		if (!is_asked(self, mutant->name))
			continue;
		const struct suite_entry *entry = scenario_of(self, mutant->scenario);
		AUTO_FREE char *program = file_join(self->faulty, mutant->program);
		if (!entry)
			return error_set(err, EINVAL, "faulty agent %s: there is no scenario '%s'",
					 mutant->name, mutant->scenario);
		status = add(self, entry, mutant->name, program, mutant, out, err);
	}
	self->idle = self->count;
	for (size_t k = 0; k < COUNT_OF(idlers); k++)
		for (size_t i = 0;
		     status == 0 && is_asked(self, idlers[k].name) && i < self->suite.count; i++)
			status = add(self, &self->suite.entries[i], idlers[k].name,
				     idlers[k].command, NULL, out, err);
	if (status == 0 && !self->count)
		return error_set(
			err, EINVAL,
			"found '%s', expected the name of a faulty agent, or how it begins",
			self->words[0]);
	return status;
}

/* ---- judging the judge ---- */

/* The finding that fails it for the named reason; NULL if there is none. */
static const json_t *named_failure(const json_t *result, const struct mutant *mutant,
				   const char *requirement, const char *because)
{
	const char *verdict = selftest_verdicts[mutant->verdict];
	size_t i;
	json_t *finding;
	json_array_foreach (json_object_get(result, "findings"), i, finding)
		if (!strcmp(json_text_of(finding, "verdict", ""), verdict) &&
		    !strcmp(json_text_of(finding, "requirement", ""), requirement) &&
		    (!because || strstr(json_text_of(finding, "reason", ""), because)))
			return finding;
	return NULL;
}

/* The clause that should have been failed and was not; NULL: all were. The words of the reason are
 * about the first clause only. */
static const char *missed_clause(const json_t *result, const struct mutant *mutant)
{
	if (!named_failure(result, mutant, mutant->requirement, mutant->because))
		return mutant->requirement;
	for (size_t i = 0; i < mutant->also.count; i++) {
		const char *id = ((char **)mutant->also.items)[i];
		if (!named_failure(result, mutant, id, NULL))
			return id;
	}
	return NULL;
}

static json_t *mutant_row(const struct mutant *mutant, const json_t *result, bool again)
{
	const json_t *finding = named_failure(result, mutant, mutant->requirement, mutant->because);
	const char *clause = missed_clause(result, mutant);
	AUTO_FREE char *missed =
		alloc_printf("expected a %s for %s%s%s%s, found the verdict %s",
			     selftest_verdicts[mutant->verdict], clause ? clause : "",
			     mutant->because ? " (…" : "", mutant->because ? mutant->because : "",
			     mutant->because ? "…)" : "", json_text_of(result, "verdict", "error"));
	AUTO_FREE char *reason =
		alloc_printf("%s%s", again ? "second try, alone: " : "",
			     clause ? missed : json_text_of(finding, "reason", ""));
	return json_pack("{s:s,s:s,s:b,s:s,s:s,s:s}", "agent", agent_names[mutant->agent], "fault",
			 mutant->name, "killed", clause == NULL, "by", mutant->scenario, "reason",
			 reason, "requirement", mutant->requirement);
}

/* An idle agent is caught when neither the scenario nor any finding is a pass. */
static const char *idle_pass(const json_t *result)
{
	size_t i;
	json_t *finding;

	if (!strcmp(json_text_of(result, "verdict", ""), "error"))
		return "the scenario ended in a harness error";
	if (verdict_parse(json_text_of(result, "verdict", "error")) >= VERDICT_PASS)
		return "the scenario passed";
	json_array_foreach (json_object_get(result, "findings"), i, finding)
		if (!strcmp(json_text_of(finding, "verdict", ""), "pass"))
			return json_text_of(finding, "reason", "a finding is a pass");
	return NULL;
}

static json_t *idle_row(const struct task *task)
{
	const char *pass = idle_pass(task->result);
	const char *name = strstr(task->program->command, "sleep") ? "sleeps" : "does-nothing";
	return json_pack("{s:s,s:s,s:b,s:s,s:s}", "agent", agent_names[task->scenario->agent],
			 "fault", name, "killed", pass == NULL, "by", task->scenario->id, "reason",
			 pass ? pass : "nothing it did counted as a pass");
}

static json_t *rows_of(const struct selftest *self)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < self->count; i++) {
		const struct task *task = &self->tasks[i];
		if (!task->result)
			continue;
		json_array_append_new(
			rows, self->mutants[i]
				      ? mutant_row(self->mutants[i], task->result, self->again[i])
				      : idle_row(task));
	}
	return rows;
}

static size_t print(const struct selftest *self, const json_t *rows)
{
	size_t i, missed = 0;
	json_t *row;

	json_array_foreach (rows, i, row) {
		bool killed = json_is_true(json_object_get(row, "killed"));
		missed += !killed;
		if (!self->json)
			printf("%-8s %-3s %-26s %-34s %s\n", killed ? "killed" : "SURVIVED",
			       json_text_of(row, "agent", ""), json_text_of(row, "fault", ""),
			       json_text_of(row, "by", ""), json_text_of(row, "reason", ""));
	}
	if (self->json) {
		AUTO_FREE char *text = json_dumps(rows, JSON_INDENT(1));
		puts(text);
	} else {
		printf("%zu passed, %zu failed\n", i - missed, missed);
	}
	return missed;
}

/* ---- the command ---- */

static void ended(void *arg, const struct task *task, size_t done, size_t count)
{
	struct selftest *self = arg;

	(void)count;
	AUTO_FREE char *what =
		alloc_printf("%s against %s", task->scenario->id, task->program->command);
	progress_line(&self->progress, json_text_of(task->result, "verdict", "error"), what,
		      self->before + done, self->count);
}

/* Faulty agents are test programs: they lie beside bin/ in the build tree and are never installed.
 */
static char *faulty_folder(void)
{
	char self[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
	self[size > 0 ? size : 0] = 0;
	for (int i = 0; i < 2; i++) {
		char *slash = strrchr(self, '/');
		if (slash)
			*slash = 0;
	}
	return file_join(self, "faulty");
}

static int load(struct selftest *self, struct error *err)
{
	AUTO_FREE char *requirements = data_path("conformance/requirements.yaml");
	AUTO_FREE char *scenarios = data_path("scenarios");
	AUTO_FREE char *matrix = data_path("agents/faulty/faults.yaml");

	self->catalogue = catalogue_load(requirements, err);
	if (!self->catalogue || suite_add(&self->suite, scenarios, self->catalogue, err) < 0 ||
	    suite_finish(&self->suite, err) < 0)
		return -EINVAL;
	self->matrix = matrix_load(matrix, err);
	return self->matrix ? 0 : -EINVAL;
}

static int fail(int code, const struct error *err)
{
	fprintf(stderr, "ecsp selftest: %s\n", error_text(err));
	return code;
}

/* Where many worlds share a machine, a fault may not find the time to show, or the harness is late
 * and says that it cannot tell. Who was not caught in the crowd must be caught alone; the row says
 * so. */
static bool try_again(struct selftest *self, const struct run_options *crowded)
{
	struct run_options alone = *crowded;
	bool whole = true;

	alone.jobs = 1;
	self->before = self->count - 1;
	for (size_t i = 0; whole && i < self->idle; i++) {
		struct task *task = &self->tasks[i];
		if (!task->result || !missed_clause(task->result, self->mutants[i]))
			continue;
		char *folder = alloc_printf("%s/again", task->folder);
		task_done(task);
		task->folder = folder;
		task->result = NULL;
		self->again[i] = true;
		whole = run_tasks(task, 1, &alone);
	}
	return whole;
}

static int run(struct selftest *self)
{
	struct error err = { 0 };

	if (load(self, &err) < 0)
		return fail(EXIT_USAGE, &err);
	AUTO_FREE char *out = outfolder_prepare(self->out, &err);
	if (!out)
		return fail(EXIT_USAGE, &err);
	if (plan(self, out, &err) < 0)
		return fail(EXIT_USAGE, &err);
	if (world_probe(&err) < 0)
		return fail(EXIT_HARNESS, &err);
	struct run_options options = {
		.catalogue = self->catalogue,
		.out_folder = out,
		.jobs = (int)self->jobs,
		.ended = ended,
		.arg = self,
	};
	progress_init(&self->progress);
	bool whole = run_tasks(self->tasks, self->idle, &options);
	options.jobs *= JOBS_IDLE;
	self->before = self->idle;
	whole = whole && run_tasks(self->tasks + self->idle, self->count - self->idle, &options);
	whole = whole && try_again(self, &options);
	progress_done(&self->progress);
	AUTO_JSON json_t *rows = rows_of(self);
	size_t missed = print(self, rows);
	if (!whole)
		return EXIT_HARNESS;
	return missed ? EXIT_FAIL : EXIT_GOOD;
}

static int run_selftest(int argc, char **argv)
{
	AUTO_FREE char *faulty = faulty_folder();
	struct selftest self = { .out = "reports/selftest", .faulty = faulty, .jobs = 16 };
	const struct option_row rows[] = {
		{ "json", OPTION_FLAG, &self.json, NULL, "the matrix as a JSON array" },
		{ "out", OPTION_TEXT, &self.out, "DIR",
		  "where the evidence goes (reports/selftest)" },
		{ "faulty", OPTION_TEXT, &self.faulty, "DIR",
		  "where the faulty agents are (beside the program)" },
		{ "jobs", OPTION_NUMBER, &self.jobs, "N",
		  "worlds side by side (16); of agents that do nothing 4 times as many", 1, 256 },
		{ NULL },
	};
	struct error err = { 0 };
	int rest, code;
	bool help;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		code = command_usage(&cmd_selftest, &err);
	else if (help)
		code = command_help(&cmd_selftest, rows);
	else {
		self.words = argv + 1;
		self.word_count = rest;
		code = run(&self);
	}
	for (size_t i = 0; i < self.count; i++) {
		task_done(&self.tasks[i]);
		program_done(&self.programs[i]);
	}
	free(self.tasks);
	free(self.programs);
	free(self.mutants);
	free(self.again);
	matrix_free(self.matrix);
	suite_done(&self.suite);
	catalogue_free(self.catalogue);
	return code;
}

const struct command_row cmd_selftest = {
	.name = "selftest",
	.arguments = "[NAME ...] [OPTION ...]",
	.help = "run the faulty agents: each must be failed by its scenario, for its reason",
	.run = run_selftest,
};
