/* ecsp judge: judge saved evidence again, without agent or simulators. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/wall.h"
#include "conformance/command.h"
#include "conformance/data.h"
#include "conformance/evidence.h"
#include "conformance/options.h"
#include "conformance/progress.h"
#include "conformance/result.h"
#include "conformance/run.h"
#include "conformance/suite.h"
#include "conformance/verdict.h"
#include "reports/console.h"
#include "reports/report.h"

struct rejudge {
	const char *binding_path, *json;
	struct catalogue *catalogue;
	struct binding *binding;
	json_t *scenarios;
	bool damaged;
};

static bool holds(const char *folder, const char *name)
{
	AUTO_FREE char *path = file_join(folder, name);
	return access(path, F_OK) == 0;
}

/* Any file of the evidence makes it an evidence folder, so that a missing one is noticed. */
static bool is_evidence(const char *folder)
{
	return holds(folder, EVIDENCE_SCENARIO) || holds(folder, EVIDENCE_JOURNAL) ||
	       holds(folder, EVIDENCE_TRUTH) || holds(folder, EVIDENCE_CAPTURE);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static json_t *judge_run(struct rejudge *rejudge, const char *folder, const char *name)
{
	struct error err = { 0 };
	json_t *result = run_judge_folder(folder, rejudge->catalogue, rejudge->binding, true, &err);

	if (!result) {
		fprintf(stderr, "ecsp judge: %s\n", error_text(&err));
		rejudge->damaged = true;
		return NULL;
	}
	json_object_set_new(result, "folder", json_string(name));
	return result;
}

static int is_repeat(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "repeat-", 7);
}

/* Of the runs of a scenario the worst stands for it, as when they were run. */
static json_t *worse(json_t *a, json_t *b)
{
	if (!a || !b)
		return a ? a : b;
	bool second = verdict_parse(json_text_of(b, "verdict", "error")) <
		      verdict_parse(json_text_of(a, "verdict", "error"));
	json_decref(second ? a : b);
	return second ? b : a;
}

static void judge_one(struct rejudge *rejudge, const char *folder, const char *name)
{
	struct dirent **repeats;
	json_t *worst = judge_run(rejudge, folder, name);
	int count = scandir(folder, &repeats, is_repeat, alphasort);

	for (int i = 0; i < count; i++) {
		AUTO_FREE char *below = file_join(folder, repeats[i]->d_name);
		AUTO_FREE char *named = file_join(name, repeats[i]->d_name);
		worst = worse(worst, judge_run(rejudge, below, named));
		free(repeats[i]);
	}
	if (count >= 0)
		free(repeats);
	if (worst)
		json_array_append_new(rejudge->scenarios, worst);
}

/* One evidence folder, or a folder of them. */
static int judge_all(struct rejudge *rejudge, const char *folder, struct error *err)
{
	struct dirent **entries;

	if (is_evidence(folder)) {
		AUTO_FREE char *copy = alloc_text(folder);
		while (*copy && copy[strlen(copy) - 1] == '/')
			copy[strlen(copy) - 1] = 0;
		const char *slash = strrchr(copy, '/');
		judge_one(rejudge, folder, slash && slash[1] ? slash + 1 : copy);
		return 0;
	}
	int count = scandir(folder, &entries, visible, alphasort);
	if (count < 0)
		return error_set(err, errno, "cannot read %s: %s", folder, strerror(errno));
	for (int i = 0; i < count; i++) {
		AUTO_FREE char *below = file_join(folder, entries[i]->d_name);
		struct stat status;
		if (stat(below, &status) == 0 && S_ISDIR(status.st_mode))
			judge_one(rejudge, below, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (!json_array_size(rejudge->scenarios) && !rejudge->damaged)
		return error_set(err, ENOENT,
				 "found no evidence in %s, expected what 'ecsp test' wrote",
				 folder);
	return 0;
}

static json_t *document_of(const struct rejudge *rejudge, const char *folder)
{
	char stamp[WALL_TEXT_MAX];
	AUTO_JSON json_t *run = json_pack(
		"{s:s,s:f,s:I,s:[s,s],s:{s:s},s:{},s:I,s:[],s:b}", "started",
		wall_format(wall_now(), stamp), "seconds", 0.0, "seed", (json_int_t)0, "arguments",
		"judge", folder, "versions", "ecsp", ECSP_VERSION, "host", "cases",
		(json_int_t)json_array_size(rejudge->scenarios), "notRun", "interrupted", 0);
	return result_document(rejudge->scenarios, run, rejudge->catalogue);
}

static int print(const struct rejudge *rejudge, const char *folder, struct error *err)
{
	AUTO_JSON json_t *document = document_of(rejudge, folder);
	if (rejudge->json)
		return json_write_file(rejudge->json, document, err);
	struct buf out;
	buf_init(&out, 64 << 20);
	report_console(document, &out, progress_color(), progress_width());
	fwrite(out.data, 1, out.size, stdout);
	buf_done(&out);
	return 0;
}

static int run(struct rejudge *rejudge, const char *folder)
{
	struct error err = { 0 };
	AUTO_FREE char *requirements = data_path("conformance/requirements.yaml");
	AUTO_FREE char *reference = data_path("ecsp/bindings/reference.yaml");

	rejudge->catalogue = catalogue_load(requirements, &err);
	if (!rejudge->catalogue)
		return command_usage(&cmd_judge, &err);
	rejudge->binding =
		binding_load(rejudge->binding_path ? rejudge->binding_path : reference, &err);
	if (!rejudge->binding || judge_all(rejudge, folder, &err) < 0)
		return command_usage(&cmd_judge, &err);
	if (json_array_size(rejudge->scenarios) && print(rejudge, folder, &err) < 0)
		return command_usage(&cmd_judge, &err);
	return rejudge->damaged ? EXIT_HARNESS : result_exit_code(rejudge->scenarios);
}

static int run_judge(int argc, char **argv)
{
	struct rejudge rejudge = { .scenarios = json_array() };
	const struct option_row rows[] = {
		{ "binding", OPTION_TEXT, &rejudge.binding_path, "FILE",
		  "another binding than the reference" },
		{ "json", OPTION_TEXT, &rejudge.json, "FILE",
		  "write the result there instead of the table" },
		{ NULL },
	};
	struct error err = { 0 };
	int rest, code;
	bool help;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0) {
		code = command_usage(&cmd_judge, &err);
	} else if (help) {
		code = command_help(&cmd_judge, rows);
	} else if (rest != 1) {
		error_set(&err, EINVAL, "found %d folders, expected one", rest);
		code = command_usage(&cmd_judge, &err);
	} else {
		code = run(&rejudge, argv[1]);
	}
	json_decref(rejudge.scenarios);
	binding_free(rejudge.binding);
	catalogue_free(rejudge.catalogue);
	return code;
}

const struct command_row cmd_judge = {
	.name = "judge",
	.arguments = "[OPTION ...] DIR",
	.help = "judge saved evidence again: no agent, no simulators, the same verdicts",
	.run = run_judge,
};
