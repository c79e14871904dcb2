/* ecsp test: run scenarios, judge, write reports. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/wall.h"
#include "conformance/baseline.h"
#include "conformance/command.h"
#include "conformance/data.h"
#include "conformance/options.h"
#include "conformance/outfolder.h"
#include "conformance/progress.h"
#include "conformance/result.h"
#include "conformance/run.h"
#include "conformance/suite.h"
#include "conformance/verdict.h"
#include "reports/console.h"
#include "sim/world/world.h"

struct test {
	/* options */
	struct option_many agents;
	const char *out, *shard, *baseline, *level;
	int64_t jobs, seed, repeat, min_cases;
	bool keep_world;
	/* the run */
	struct catalogue *catalogue;
	struct suite suite;
	struct program programs[AGENT_KINDS];
	bool has_program[AGENT_KINDS];
	json_t *not_run;
	struct task *tasks;
	size_t task_count;
	char *out_folder;
	struct progress progress;
	int argc;
	char **argv;
};

/* ---- what is to be run ---- */

static int name_agent(struct test *test, const char *text, struct error *err)
{
	const char *equals = strchr(text, '=');
	for (int kind = 0; equals && kind < AGENT_KINDS; kind++) {
		size_t size = strlen(agent_names[kind]);
		if ((size_t)(equals - text) != size || strncmp(text, agent_names[kind], size) != 0)
			continue;
		if (test->has_program[kind])
			return error_set(err, EINVAL, "found --agent %s twice", agent_names[kind]);
		test->has_program[kind] = true;
		return program_init(&test->programs[kind], (enum agent_kind)kind, equals + 1,
				    test->catalogue, err);
	}
	return error_set(
		err, EINVAL,
		"found --agent '%s', expected dc=COMMAND, es=COMMAND, mobile=COMMAND or pc=COMMAND",
		text);
}

/* With any --agent only the kinds named run; without, the bundled agents do. */
static int find_programs(struct test *test, struct error *err)
{
	for (int i = 0; i < test->agents.count; i++) {
		int status = name_agent(test, test->agents.values[i], err);
		if (status < 0)
			return status;
	}
	for (size_t i = 0; !test->agents.count && i < test->suite.count; i++) {
		int kind = test->suite.entries[i].scenario->agent;
		if (test->has_program[kind])
			continue;
		test->has_program[kind] = true;
		int status =
			program_init_bundled(&test->programs[kind], (enum agent_kind)kind, err);
		if (status < 0)
			return status;
	}
	return 0;
}

static int parse_shard(const char *text, size_t *index, size_t *count, struct error *err)
{
	*index = 0;
	*count = 1;
	if (!text)
		return 0;
	char *end;
	unsigned long i = strtoul(text, &end, 10);
	unsigned long n = *end == '/' ? strtoul(end + 1, &end, 10) : 0;
	if (*end || !n || i >= n || n > 10000)
		return error_set(err, EINVAL,
				 "found --shard '%s', expected I/N with I from 0 to N-1", text);
	*index = i;
	*count = n;
	return 0;
}

static void skip(struct test *test, const struct scenario *scenario, const char *reason)
{
	json_array_append_new(test->not_run,
			      json_pack("{s:s,s:s}", "id", scenario->id, "reason", reason));
}

static void add_task(struct test *test, const struct suite_entry *entry, int64_t round)
{
	struct task *task = &test->tasks[test->task_count++];
	*task = (struct task){
		.scenario = entry->scenario,
		.path = entry->path,
		.program = &test->programs[entry->scenario->agent],
		.seed = (uint64_t)(test->seed + round),
		.folder = round ? alloc_printf("%s/%s/repeat-%" PRId64, test->out_folder,
					       entry->scenario->id, round + 1)
				: alloc_printf("%s/%s", test->out_folder, entry->scenario->id),
	};
}

static int plan(struct test *test, struct error *err)
{
	size_t index, count;
	int status = parse_shard(test->shard, &index, &count, err);

	if (status < 0)
		return status;
	test->tasks = alloc_zero(test->suite.count * (size_t)test->repeat, sizeof(*test->tasks));
	for (int64_t round = 0; round < test->repeat; round++) {
		for (size_t i = 0; i < test->suite.count; i++) {
			const struct suite_entry *entry = &test->suite.entries[i];
			if (i % count != index) {
				if (round == 0)
					skip(test, entry->scenario, "belongs to another shard");
			} else if (!test->has_program[entry->scenario->agent]) {
				if (round == 0)
					skip(test, entry->scenario,
					     "no program was named for this kind of agent");
			} else {
				add_task(test, entry, round);
			}
		}
	}
	return 0;
}

/* ---- what came of it ---- */

static json_t *first_bad(json_t *a, json_t *b)
{
	return verdict_parse(json_text_of(b, "verdict", "error")) <
			       verdict_parse(json_text_of(a, "verdict", "error"))
		       ? b
		       : a;
}

/* One entry a scenario: of its repeats the worst, with a count of how all of them ended. */
static json_t *gather(struct test *test)
{
	json_t *scenarios = json_array();

	for (size_t i = 0; i < test->suite.count; i++) {
		const char *id = test->suite.entries[i].scenario->id;
		json_t *worst = NULL;
		AUTO_JSON json_t *ended = json_object();
		for (size_t k = 0; k < test->task_count; k++) {
			struct task *task = &test->tasks[k];
			if (strcmp(task->scenario->id, id) != 0 || !task->result)
				continue;
			json_object_set_new(
				task->result, "folder",
				json_string(task->folder + strlen(test->out_folder) + 1));
			worst = worst ? first_bad(worst, task->result) : task->result;
			const char *verdict = json_text_of(task->result, "verdict", "error");
			json_object_set_new(ended, verdict,
					    json_integer(json_int_of(ended, verdict, 0) + 1));
		}
		if (!worst)
			continue;
		if (test->repeat > 1)
			json_object_set(worst, "repeats", ended);
		json_array_append(scenarios, worst);
	}
	return scenarios;
}

static json_t *run_member(const struct test *test, int64_t started, bool whole, size_t cases)
{
	char stamp[WALL_TEXT_MAX];
	struct utsname host;
	json_t *arguments = json_array();

	uname(&host);
	for (int i = 0; i < test->argc; i++)
		json_array_append_new(arguments,
				      json_lossy_text(test->argv[i], strlen(test->argv[i])));
	return json_pack("{s:s,s:f,s:I,s:o,s:{s:s},s:{s:s},s:I,s:O,s:b,s:s}", "started",
			 wall_format(started, stamp), "seconds",
			 (double)(wall_now() - started) / 1e9, "seed", (json_int_t)test->seed,
			 "arguments", arguments, "versions", "ecsp", ECSP_VERSION, "host", "kernel",
			 host.release, "cases", (json_int_t)cases, "notRun", test->not_run,
			 "interrupted", !whole, "out", test->out);
}

static void print_table(const struct test *test, const json_t *document)
{
	struct buf out;
	buf_init(&out, 64 << 20);
	report_console(document, &out, progress_color(), progress_width());
	fwrite(out.data, 1, out.size, stdout);
	buf_done(&out);
	printf("report: %s/report.html\n", test->out_folder);
}

/* Where several hold: 2, 4, 1, 3, 6, 5. */
static int exit_code(const struct test *test, json_t *scenarios, bool whole, bool drift)
{
	int code = result_exit_code(scenarios);

	if (!whole)
		return EXIT_HARNESS;
	if (code != EXIT_GOOD)
		return code;
	if (json_array_size(scenarios) < (size_t)test->min_cases)
		return EXIT_TOO_FEW;
	return drift ? EXIT_DRIFT : EXIT_GOOD;
}

static void apply_level(const struct test *test, json_t *scenarios)
{
	enum level lowest = !test->level || !strcmp(test->level, "all") ? LEVEL_MAY
			    : !strcmp(test->level, "should")            ? LEVEL_SHOULD
									: LEVEL_MUST;
	size_t i;
	json_t *scenario;
	json_array_foreach (scenarios, i, scenario)
		result_keep_level(scenario, lowest);
}

static int conclude(struct test *test, int64_t started, bool whole, struct error *err)
{
	AUTO_JSON json_t *scenarios = gather(test);
	apply_level(test, scenarios);
	for (size_t i = 0; !whole && i < test->task_count; i++)
		if (!test->tasks[i].result)
			skip(test, test->tasks[i].scenario, "the run was interrupted");
	size_t cases = json_array_size(scenarios);
	AUTO_JSON json_t *run = run_member(test, started, whole, cases);
	AUTO_JSON json_t *document = result_document(scenarios, run, test->catalogue);
	int status = outfolder_write(test->out_folder, document, err);
	if (status < 0) {
		fprintf(stderr, "ecsp test: %s\n", error_text(err));
		return EXIT_HARNESS;
	}
	print_table(test, document);
	bool drift = false;
	AUTO_JSON json_t *counted = json_deep_copy(scenarios);
	if (test->baseline && baseline_apply(test->baseline, counted, &drift, err) < 0)
		return command_usage(&cmd_test, err);
	int code = exit_code(test, counted, whole, drift);
	if (code == EXIT_TOO_FEW)
		fprintf(stderr, "ecsp test: %zu cases ran, at least %" PRId64 " were expected\n",
			cases, test->min_cases);
	return code;
}

static void ended(void *arg, const struct task *task, size_t done, size_t count)
{
	progress_line(arg, json_text_of(task->result, "verdict", "error"), task->scenario->id, done,
		      count);
}

/* ---- the command ---- */

static int load(struct test *test, int words, char **argv, struct error *err)
{
	AUTO_FREE char *path = data_path("conformance/requirements.yaml");
	AUTO_FREE char *all = data_path("scenarios");
	int status = 0;

	test->catalogue = catalogue_load(path, err);
	if (!test->catalogue)
		return -EINVAL;
	for (int i = 0; status == 0 && i < words; i++)
		status = suite_add(&test->suite, argv[1 + i], test->catalogue, err);
	if (status == 0 && !words)
		status = suite_add(&test->suite, all, test->catalogue, err);
	return status == 0 ? suite_finish(&test->suite, err) : status;
}

static int run(struct test *test, int words, char **argv)
{
	struct error err = { 0 };
	int64_t started = wall_now();

	if (test->level && strcmp(test->level, "must") != 0 && strcmp(test->level, "should") != 0 &&
	    strcmp(test->level, "all") != 0) {
		error_set(&err, EINVAL, "found --level '%s', expected must, should or all",
			  test->level);
		return command_usage(&cmd_test, &err);
	}
	if (load(test, words, argv, &err) < 0)
		return command_usage(&cmd_test, &err);
	int status = find_programs(test, &err);
	if (status == -ENOENT || status == -EACCES) {
		fprintf(stderr, "ecsp test: %s\n", error_text(&err));
		return EXIT_HARNESS;
	}
	if (status < 0 ||
	    (test->baseline && access(test->baseline, R_OK) < 0 &&
	     (status = error_set(&err, errno, "cannot read the baseline %s", test->baseline)) < 0))
		return command_usage(&cmd_test, &err);
	bool ignored = false;
	AUTO_JSON json_t *none = json_array();
	if (test->baseline && baseline_apply(test->baseline, none, &ignored, &err) < 0)
		return command_usage(&cmd_test, &err);
	test->out_folder = outfolder_prepare(test->out, &err);
	if (!test->out_folder || plan(test, &err) < 0)
		return command_usage(&cmd_test, &err);
	if (test->task_count && world_probe(&err) < 0) {
		fprintf(stderr, "ecsp test: %s\n", error_text(&err));
		return EXIT_HARNESS;
	}
	struct run_options options = {
		.catalogue = test->catalogue,
		.out_folder = test->out_folder,
		.jobs = (int)test->jobs,
		.keep_world = test->keep_world,
		.ended = ended,
		.arg = &test->progress,
	};
	progress_init(&test->progress);
	bool whole = run_tasks(test->tasks, test->task_count, &options);
	progress_done(&test->progress);
	return conclude(test, started, whole, &err);
}

static void done(struct test *test)
{
	for (size_t i = 0; i < test->task_count; i++)
		task_done(&test->tasks[i]);
	free(test->tasks);
	for (int kind = 0; kind < AGENT_KINDS; kind++)
		program_done(&test->programs[kind]);
	json_decref(test->not_run);
	suite_done(&test->suite);
	catalogue_free(test->catalogue);
	free(test->out_folder);
}

static int run_test(int argc, char **argv)
{
	struct test test = {
		.out = "reports/out",
		.jobs = 4,
		.seed = 1,
		.repeat = 1,
		.min_cases = 1,
		.not_run = json_array(),
	};
	const struct option_row rows[] = {
		{ "agent", OPTION_MANY, &test.agents, "KIND=COMMAND",
		  "program under test; only the kinds named run" },
		{ "out", OPTION_TEXT, &test.out, "DIR",
		  "where evidence and reports go (reports/out)" },
		{ "jobs", OPTION_NUMBER, &test.jobs, "N", "worlds side by side (4)", 1, 256 },
		{ "seed", OPTION_NUMBER, &test.seed, "S", "of all that is random (1)", 0,
		  INT64_MAX - 100000 },
		{ "shard", OPTION_TEXT, &test.shard, "I/N",
		  "the I-th of N parts of the suite, I from 0" },
		{ "repeat", OPTION_NUMBER, &test.repeat, "N",
		  "run everything N times, with seeds S, S+1, …", 1, 10000 },
		{ "min-cases", OPTION_NUMBER, &test.min_cases, "N",
		  "exit 6 if fewer scenarios ran (1)", 0, 1000000 },
		{ "baseline", OPTION_TEXT, &test.baseline, "FILE",
		  "expected verdicts; exit 5 on any other" },
		{ "keep-world", OPTION_FLAG, &test.keep_world, NULL,
		  "after the steps keep each world until Ctrl-C, to look around" },
		{ "level", OPTION_TEXT, &test.level, "LEVEL",
		  "must, should or all: what counts (all)" },
		{ NULL },
	};
	struct error err = { 0 };
	char **typed = alloc_zero((size_t)argc, sizeof(*typed));
	int rest;
	bool help;

	memcpy(typed, argv, (size_t)argc * sizeof(*typed));
	test.argc = argc;
	test.argv = typed;
	int status = options_parse(rows, argc, argv, &rest, &help, &err);
	int code = status < 0 ? command_usage(&cmd_test, &err)
		   : help     ? command_help(&cmd_test, rows)
			      : run(&test, rest, argv);
	done(&test);
	free(typed);
	return code;
}

const struct command_row cmd_test = {
	.name = "test",
	.arguments = "[OPTION ...] [FILE|DIR|ID ...]",
	.help = "run scenarios against agents, judge, write reports",
	.run = run_test,
};
