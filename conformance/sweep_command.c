/* ecsp sweep: a scenario again and again, with its storage fault at one place after the other. */
#include <errno.h>
#include <inttypes.h>
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
#include "conformance/suite.h"
#include "conformance/sweep.h"
#include "conformance/verdict.h"
#include "sim/world/world.h"

struct point {
	const struct sweep_fault *fault; /* NULL: the run that only counts */
	int64_t at;
	char *path; /* of its scenario */
	struct scenario *scenario;
	json_t *row; /* NULL until it has ended */
};

struct sweep {
	/* options */
	const char *agent, *out, *fault;
	int64_t jobs, points, seed;
	bool json, keep;
	/* the run */
	struct catalogue *catalogue;
	struct suite suite;
	const struct suite_entry *base;
	struct program program;
	char *out_folder, *text;
	struct point *list;
	struct task *tasks; /* one a point */
	size_t count;
	struct progress progress;
};

/* ---- planning ---- */

static int add_point(struct sweep *sweep, const struct sweep_fault *fault, int64_t at,
		     struct error *err)
{
	struct point *point = &sweep->list[sweep->count];
	const char *name = fault ? fault->name : "watch";
	AUTO_FREE char *text = sweep_text(sweep->base->scenario, sweep->text, fault, at, err);

	if (!text)
		return -EINVAL;
	point->fault = fault;
	point->at = at;
	point->path = alloc_printf("%s/%s-%05" PRId64 ".yaml", sweep->out_folder, name, at);
	int status = file_write(point->path, text, strlen(text), err);
	if (status < 0)
		return status;
	point->scenario = scenario_load(point->path, sweep->catalogue, err);
	if (!point->scenario)
		return -EINVAL;
	sweep->tasks[sweep->count++] = (struct task){
		.scenario = point->scenario,
		.path = point->path,
		.program = &sweep->program,
		.seed = (uint64_t)sweep->seed,
		.folder = alloc_printf("%s/%s-%05" PRId64, sweep->out_folder, name, at),
	};
	return 0;
}

static bool is_chosen(const struct sweep *sweep, const struct sweep_fault *fault)
{
	return !strcmp(sweep->fault, "all") || !strcmp(sweep->fault, fault->name);
}

static int add_fault(struct sweep *sweep, const struct sweep_fault *fault, int64_t count,
		     struct error *err)
{
	int64_t points = sweep->points && sweep->points < count ? sweep->points : count;

	sweep->list = alloc_grow(sweep->list, sweep->count + (size_t)points, sizeof(*sweep->list));
	sweep->tasks =
		alloc_grow(sweep->tasks, sweep->count + (size_t)points, sizeof(*sweep->tasks));
	memset(sweep->list + sweep->count, 0, (size_t)points * sizeof(*sweep->list));
	for (int64_t i = 0; i < points; i++) {
		int status = add_point(sweep, fault, sweep_place(count, points, i), err);
		if (status < 0)
			return status;
	}
	return 0;
}

/* ---- rows ---- */

/* The first finding that is as bad as the whole. */
static const char *reason_of(const json_t *result)
{
	const char *verdict = json_text_of(result, "verdict", "error");
	size_t i;
	json_t *finding;

	json_array_foreach (json_object_get(result, "findings"), i, finding)
		if (!strcmp(json_text_of(finding, "verdict", ""), verdict))
			return json_text_of(finding, "reason", "");
	return "";
}

/* "not reached" stands for a point behind the last call of that run: it shows nothing, and says
 * nothing against the agent. */
static json_t *make_row(const struct point *point, const struct task *task)
{
	struct sweep_sight sight;
	const char *verdict = json_text_of(task->result, "verdict", "error");

	sweep_look(&sight, task->folder, point->fault->fault);
	if (!strcmp(verdict, "inconclusive") && !sight.reached)
		verdict = "not reached";
	json_t *row =
		json_pack("{s:s,s:I,s:s*,s:s*,s:s,s:s,s:s}", "fault", point->fault->name, "at",
			  (json_int_t)point->at, "call", sight.call, "path", sight.path, "verdict",
			  verdict, "reason", reason_of(task->result), "folder", task->folder);
	sweep_sight_done(&sight);
	return row;
}

static void ended(void *arg, const struct task *task, size_t done, size_t count)
{
	struct sweep *sweep = arg;
	struct point *point = &sweep->list[task - sweep->tasks];
	const char *verdict = json_text_of(task->result, "verdict", "error");
	const char *slash = strrchr(task->folder, '/');

	if (!point->fault)
		return;
	progress_line(&sweep->progress, verdict, slash + 1, done, count);
	point->row = make_row(point, task);
	bool good = strcmp(json_text_of(point->row, "verdict", ""), "not reached") == 0 ||
		    verdict_parse(verdict) >= VERDICT_WARN;
	if (good && !sweep->keep) {
		struct error ignored;
		outfolder_remove(task->folder, &ignored);
		remove(point->path);
		json_object_del(point->row, "folder");
	}
}

static int64_t count_rows(const struct sweep *sweep, const struct sweep_fault *fault,
			  const char *verdict)
{
	int64_t count = 0;

	for (size_t i = 0; i < sweep->count; i++)
		count += sweep->list[i].row && (!fault || sweep->list[i].fault == fault) &&
			 (!verdict ||
			  !strcmp(json_text_of(sweep->list[i].row, "verdict", ""), verdict));
	return count;
}

static void print_rows(const struct sweep *sweep)
{
	static const char *const columns[] = { "pass",  "warn",        "fail", "inconclusive",
					       "error", "not reached", NULL };

	printf("%-8s %7s", "fault", "points");
	for (size_t c = 0; columns[c]; c++)
		printf(" %12s", columns[c]);
	for (const struct sweep_fault *fault = sweep_faults; fault->name; fault++) {
		if (!is_chosen(sweep, fault))
			continue;
		printf("\n%-8s %7" PRId64, fault->name, count_rows(sweep, fault, NULL));
		for (size_t c = 0; columns[c]; c++)
			printf(" %12" PRId64, count_rows(sweep, fault, columns[c]));
	}
	putchar('\n');
	for (size_t i = 0; i < sweep->count; i++) {
		const json_t *row = sweep->list[i].row;
		const char *folder = json_text_of(row, "folder", NULL);
		if (folder && !sweep->keep)
			printf("%s: %s at %s %" PRId64 " (%s %s): %s\n  %s\n",
			       json_text_of(row, "verdict", ""), json_text_of(row, "fault", ""),
			       sweep->list[i].fault->unit, sweep->list[i].at,
			       json_text_of(row, "call", "answer"), json_text_of(row, "path", ""),
			       json_text_of(row, "reason", ""), folder);
	}
}

static void print(const struct sweep *sweep)
{
	AUTO_JSON json_t *rows = json_array();

	for (size_t i = 0; i < sweep->count; i++)
		if (sweep->list[i].row)
			json_array_append(rows, sweep->list[i].row);
	if (!sweep->json) {
		print_rows(sweep);
		return;
	}
	AUTO_FREE char *text = json_dumps(rows, JSON_INDENT(1));
	puts(text);
}

/* Where several hold: 2, 4, 1, 3. */
static int exit_code(const struct sweep *sweep, bool whole)
{
	if (!whole || count_rows(sweep, NULL, "error"))
		return EXIT_HARNESS;
	if (count_rows(sweep, NULL, "fail"))
		return EXIT_FAIL;
	bool shown = count_rows(sweep, NULL, "pass") + count_rows(sweep, NULL, "warn") > 0;
	return shown && !count_rows(sweep, NULL, "inconclusive") ? EXIT_GOOD : EXIT_INCONCLUSIVE;
}

/* ---- the command ---- */

static int fail(int code, const struct error *err)
{
	fprintf(stderr, "ecsp sweep: %s\n", error_text(err));
	return code;
}

static int load(struct sweep *sweep, const char *word, struct error *err)
{
	AUTO_FREE char *requirements = data_path("conformance/requirements.yaml");
	bool known = !strcmp(sweep->fault, "all");
	size_t size;

	for (size_t i = 0; sweep_faults[i].name; i++)
		known = known || !strcmp(sweep_faults[i].name, sweep->fault);
	if (!known)
		return error_set(err, EINVAL,
				 "found --fault '%s', expected kill, cut, enospc, eio, ack or all",
				 sweep->fault);
	sweep->catalogue = catalogue_load(requirements, err);
	if (!sweep->catalogue || suite_add(&sweep->suite, word, sweep->catalogue, err) < 0 ||
	    suite_finish(&sweep->suite, err) < 0)
		return -EINVAL;
	if (sweep->suite.count != 1)
		return error_set(err, EINVAL, "found %zu scenarios under '%s', expected one",
				 sweep->suite.count, word);
	sweep->base = &sweep->suite.entries[0];
	sweep->text = file_read(sweep->base->path, YAML_FILE_MAX, &size, err);
	return sweep->text ? 0 : -EINVAL;
}

static int find_program(struct sweep *sweep, struct error *err)
{
	enum agent_kind kind = (enum agent_kind)sweep->base->scenario->agent;

	return sweep->agent
		       ? program_init(&sweep->program, kind, sweep->agent, sweep->catalogue, err)
		       : program_init_bundled(&sweep->program, kind, err);
}

static bool play(struct sweep *sweep, size_t from)
{
	struct run_options options = {
		.catalogue = sweep->catalogue,
		.out_folder = sweep->out_folder,
		.jobs = (int)sweep->jobs,
		.ended = ended,
		.arg = sweep,
	};

	return run_tasks(sweep->tasks + from, sweep->count - from, &options);
}

/* One run without a fault: it must succeed, and tells how many places there are. */
static int count_places(struct sweep *sweep, struct sweep_sight *sight, struct error *err)
{
	sweep->list = alloc_zero(1, sizeof(*sweep->list));
	sweep->tasks = alloc_zero(1, sizeof(*sweep->tasks));
	*sight = (struct sweep_sight){ 0 };
	int status = add_point(sweep, NULL, 0, err);
	if (status < 0)
		return EXIT_USAGE;
	bool whole = play(sweep, 0);
	const json_t *result = sweep->tasks[0].result;
	const char *verdict = json_text_of(result, "verdict", "error");
	sweep_look(sight, sweep->tasks[0].folder, "storage.watch");
	if (!whole || verdict_parse(verdict) < VERDICT_WARN || !sight->calls) {
		error_set(err, EIO, "without a fault the scenario ends as %s (%s): %s", verdict,
			  reason_of(result), sweep->tasks[0].folder);
		return whole && !strcmp(verdict, "fail") ? EXIT_FAIL : EXIT_HARNESS;
	}
	return EXIT_GOOD;
}

static int run(struct sweep *sweep, const char *word)
{
	struct error err = { 0 };
	struct sweep_sight sight;

	if (load(sweep, word, &err) < 0)
		return fail(EXIT_USAGE, &err);
	int status = find_program(sweep, &err);
	if (status < 0)
		return fail(status == -EINVAL ? EXIT_USAGE : EXIT_HARNESS, &err);
	sweep->out_folder = outfolder_prepare(sweep->out, &err);
	if (!sweep->out_folder)
		return fail(EXIT_USAGE, &err);
	if (world_probe(&err) < 0)
		return fail(EXIT_HARNESS, &err);
	int code = count_places(sweep, &sight, &err);
	for (const struct sweep_fault *fault = sweep_faults; code == EXIT_GOOD && fault->name;
	     fault++)
		if (is_chosen(sweep, fault) &&
		    add_fault(sweep, fault, fault->uploads ? sight.uploads : sight.calls, &err) < 0)
			code = EXIT_HARNESS;
	sweep_sight_done(&sight);
	if (code != EXIT_GOOD)
		return fail(code, &err);
	progress_init(&sweep->progress);
	bool whole = play(sweep, 1);
	progress_done(&sweep->progress);
	print(sweep);
	return exit_code(sweep, whole);
}

static void done(struct sweep *sweep)
{
	for (size_t i = 0; i < sweep->count; i++) {
		task_done(&sweep->tasks[i]);
		scenario_free(sweep->list[i].scenario);
		free(sweep->list[i].path);
		json_decref(sweep->list[i].row);
	}
	free(sweep->tasks);
	free(sweep->list);
	free(sweep->text);
	free(sweep->out_folder);
	program_done(&sweep->program);
	suite_done(&sweep->suite);
	catalogue_free(sweep->catalogue);
}

static int run_sweep(int argc, char **argv)
{
	struct sweep sweep = {
		.out = "reports/sweep", .fault = "all", .jobs = 8, .points = 0, .seed = 1
	};
	const struct option_row rows[] = {
		{ "fault", OPTION_TEXT, &sweep.fault, "FAULT",
		  "kill, cut, enospc, eio, ack or all (all)" },
		{ "points", OPTION_NUMBER, &sweep.points, "N",
		  "places for each fault, spread evenly (0: every one)", 0, 1000000 },
		{ "agent", OPTION_TEXT, &sweep.agent, "COMMAND",
		  "program under test (the bundled agent)" },
		{ "out", OPTION_TEXT, &sweep.out, "DIR",
		  "where the evidence goes (reports/sweep)" },
		{ "jobs", OPTION_NUMBER, &sweep.jobs, "N", "worlds side by side (8)", 1, 256 },
		{ "seed", OPTION_NUMBER, &sweep.seed, "S", "of all that is random (1)", 0,
		  INT64_MAX },
		{ "keep", OPTION_FLAG, &sweep.keep, NULL,
		  "keep the evidence of points that passed, too" },
		{ "json", OPTION_FLAG, &sweep.json, NULL, "the points as a JSON array" },
		{ NULL },
	};
	struct error err = { 0 };
	int rest, code;
	bool help;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(&cmd_sweep, &err);
	if (help)
		return command_help(&cmd_sweep, rows);
	if (rest != 1) {
		error_set(&err, EINVAL, "found %d scenarios, expected one", rest);
		return command_usage(&cmd_sweep, &err);
	}
	code = run(&sweep, argv[1]);
	done(&sweep);
	return code;
}

const struct command_row cmd_sweep = {
	.name = "sweep",
	.arguments = "[OPTION ...] FILE|ID",
	.help = "put a fault of the agent's storage at every place, one run each",
	.run = run_sweep,
};
