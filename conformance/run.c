#include "conformance/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "conformance/comment.h"
#include "conformance/data.h"
#include "conformance/evidence.h"
#include "conformance/judge.h"
#include "conformance/testbed.h"
#include "sim/world/world.h"

/* Beyond the scenario's deadline: making the world, ending the agent, writing the evidence. */
enum { GRACE_MS = 30000 };

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static void catch_interrupts(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* ---- the world's process ---- */

/* Plays one part of the scenario in the current folder; a sentence goes down the pipe if it fails.
 */
static void live(const struct task *task, bool twin, const struct run_options *run, int complaint)
{
	struct error err = { 0 };
	struct testbed_options options = {
		.scenario = task->scenario,
		.program = task->program,
		.twin = twin,
		.seed = task->seed,
		.out_folder = run->out_folder,
		.keep_world = run->keep_world,
	};
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	struct testbed *testbed = testbed_new(&options, &err);
	int status = testbed ? testbed_run(testbed, &err) : -EIO;
	testbed_free(testbed);
	if (status < 0 && write(complaint, error_text(&err), strlen(error_text(&err))) < 0)
		_exit(5);
	_exit(status < 0 ? 4 : 0);
}

struct life {
	pid_t pid;
	int complaint; /* read end */
	char text[600];
};

static int begin(struct life *life, const struct task *task, bool twin,
		 const struct run_options *run)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	life->pid = fork();
	if (life->pid == 0) {
		close(ends[0]);
		if (twin && chdir("twin") < 0)
			_exit(4);
		live(task, twin, run, ends[1]);
	}
	close(ends[1]);
	life->complaint = ends[0];
	return life->pid < 0 ? -errno : 0;
}

/* Waits for the process to end, not for ever. Returns whether it ended well. */
static bool finish(struct life *life, int within_ms)
{
	struct pollfd end = { .fd = life->complaint, .events = POLLIN };
	size_t used = 0;
	bool told = false;

	/* The pipe closes when the process ends: that is the event to wait for. */
	for (;;) {
		int ready = poll(&end, 1, within_ms);
		if (ready < 0 && errno == EINTR) {
			if (interrupted && !told)
				kill(life->pid, SIGINT); /* it keeps what is there and says so */
			told = interrupted;
			continue;
		}
		if (ready <= 0) {
			kill(life->pid, SIGKILL);
			snprintf(life->text, sizeof(life->text), "the world hung and was ended");
			break;
		}
		ssize_t got =
			read(life->complaint, life->text + used, sizeof(life->text) - 1 - used);
		if (got <= 0)
			break;
		used += (size_t)got;
	}
	close(life->complaint);
	int status;
	while (waitpid(life->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status) && !life->text[0])
		snprintf(life->text, sizeof(life->text), "the world's process died of signal %d",
			 WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 && !life->text[0];
}

/* ---- judging ---- */

static json_t *judge_part(const char *folder, bool twin, const struct catalogue *catalogue,
			  const struct binding *binding, bool verify, struct error *err)
{
	struct evidence evidence;

	if (verify && evidence_verify(folder, err) < 0)
		return NULL;
	if (evidence_read(&evidence, folder, twin, catalogue, err) < 0)
		return NULL;
	json_t *result = judge_evidence(&evidence, catalogue, binding);
	evidence_done(&evidence);
	return result;
}

/* A breach of a standing rule is one wherever it was seen. */
static void take_breaches(json_t *findings, const json_t *twin)
{
	size_t i, k;
	json_t *finding, *at;

	json_array_foreach (json_object_get(twin, "findings"), i, finding) {
		if (!json_is_true(json_object_get(finding, "standing")) ||
		    verdict_parse(json_text_of(finding, "verdict", "error")) > VERDICT_FAIL)
			continue;
		json_t *copy = json_deep_copy(finding);
		json_array_foreach (json_object_get(copy, "evidence"), k, at)
			json_object_set_new(at, "file",
					    json_sprintf("twin/%s", json_text_of(at, "file", "")));
		json_array_append_new(findings, copy);
	}
}

/* Where the repaired twin does not succeed, the refusal of the defect shows nothing. */
static void fold_twin(json_t *result, const json_t *twin)
{
	const char *verdict = json_text_of(twin, "verdict", "error");
	json_t *findings = json_object_get(result, "findings");
	size_t i;
	json_t *finding;

	json_object_set_new(
		result, "twin",
		json_pack("{s:O,s:s}", "id", json_object_get(twin, "id"), "verdict", verdict));
	if (verdict_parse(verdict) >= VERDICT_WARN)
		return;
	take_breaches(findings, twin);
	json_array_foreach (findings, i, finding) {
		if (json_is_true(json_object_get(finding, "standing")) ||
		    verdict_parse(json_text_of(finding, "verdict", "error")) < VERDICT_PASS)
			continue;
		AUTO_FREE char *reason =
			alloc_printf("%s; but the repaired twin ended as %s, so nothing is shown",
				     json_text_of(finding, "reason", ""), verdict);
		json_object_set_new(finding, "verdict",
				    json_string(verdict_name(VERDICT_INCONCLUSIVE)));
		json_object_set_new(finding, "reason", json_string(reason));
	}
	json_object_set_new(result, "verdict", json_string(verdict_name(judge_worst(findings))));
}

json_t *run_judge_folder(const char *folder, const struct catalogue *catalogue,
			 const struct binding *binding, bool verify, struct error *err)
{
	AUTO_FREE char *twin_folder = file_join(folder, "twin");
	json_t *result = judge_part(folder, false, catalogue, binding, verify, err);

	if (!result)
		return NULL;
	struct error ignored;
	AUTO_FREE char *path = file_join(folder, EVIDENCE_SCENARIO);
	struct scenario *scenario = scenario_load(path, catalogue, &ignored);
	bool has_twin = scenario && scenario->has_twin;
	scenario_free(scenario);
	if (!has_twin)
		return result;
	AUTO_JSON json_t *twin = judge_part(twin_folder, true, catalogue, binding, verify, err);
	if (!twin) {
		json_decref(result);
		return NULL;
	}
	fold_twin(result, twin);
	return result;
}

/* ---- what is written beside the evidence ---- */

static int comment_guilty(const char *folder, const json_t *result, struct error *err)
{
	const json_t *findings = json_object_get(result, "findings");
	struct comment *comments = NULL;
	size_t count = 0, i, k;
	json_t *finding, *at;

	json_array_foreach (findings, i, finding) {
		if (verdict_parse(json_text_of(finding, "verdict", "")) != VERDICT_FAIL)
			continue;
		json_array_foreach (json_object_get(finding, "evidence"), k, at) {
			int64_t frame = json_int_of(at, "frame", 0);
			if (frame <= 0 ||
			    strcmp(json_text_of(at, "file", ""), EVIDENCE_CAPTURE) != 0)
				continue;
			comments = alloc_grow(comments, count + 1, sizeof(*comments));
			comments[count++] = (struct comment){ (uint64_t)frame,
							      json_text_of(finding, "reason", "") };
		}
	}
	AUTO_FREE char *path = file_join(folder, EVIDENCE_CAPTURE);
	int status = count ? comment_file(path, comments, count, err) : 0;
	free(comments);
	return status;
}

static json_t *error_result(const struct task *task, const char *reason)
{
	const struct scenario *scenario = task->scenario;
	json_t *finding = json_pack("{s:s,s:s,s:s,s:s,s:o,s:[]}", "requirement", "OWN-1", "level",
				    "must", "verdict", "error", "rule", "harness", "reason",
				    json_lossy_text(reason, strlen(reason)), "evidence");
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:f,s:I,s:[],s:{s:f,s:[]},s:[o]}", "id",
			 scenario->id, "title", scenario->title, "purpose", scenario->purpose,
			 "agent", agent_names[scenario->agent], "verdict", "error", "seconds", 0.0,
			 "seed", (json_int_t)task->seed, "covers", "timeline", "seconds", 0.0,
			 "lanes", "findings", finding);
}

static int conclude(const struct task *task, const struct run_options *options,
		    const struct binding *binding, struct error *err)
{
	AUTO_JSON json_t *result = run_judge_folder(".", options->catalogue, binding, false, err);
	if (!result)
		return -EIO;
	int status = comment_guilty(".", result, err);
	if (status == 0)
		status = json_write_file(EVIDENCE_RESULT, result, err);
	if (status == 0 && task->scenario->has_twin)
		status = evidence_seal("twin", err);
	return status == 0 ? evidence_seal(".", err) : status;
}

/* ---- the scenario's process ---- */

static int copy_scenario(const struct task *task, const char *folder, struct error *err)
{
	size_t size;
	AUTO_FREE char *text = file_read(task->path, YAML_FILE_MAX, &size, err);
	if (!text)
		return -EIO;
	AUTO_FREE char *as_run = alloc_printf("%s%s# as run with seed %llu\n", text,
					      size && text[size - 1] == '\n' ? "" : "\n",
					      (unsigned long long)task->seed);
	AUTO_FREE char *path = file_join(folder, EVIDENCE_SCENARIO);
	return file_write(path, as_run, strlen(as_run), err);
}

/* The unprivileged owner writes the evidence, even when we were started as root. */
static int make_folder(const struct task *task, const char *folder, struct error *err)
{
	uid_t uid;
	gid_t gid;
	int status = file_make_folders(folder, err);

	if (status == 0)
		status = copy_scenario(task, folder, err);
	world_owner(&uid, &gid);
	if (status == 0 && geteuid() == 0 && chown(folder, uid, gid) < 0)
		status = error_set(err, errno, "cannot hand %s over: %s", folder, strerror(errno));
	return status;
}

static int give_up_root(struct error *err)
{
	uid_t uid;
	gid_t gid;

	if (geteuid() != 0)
		return 0;
	world_owner(&uid, &gid);
	if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return error_set(err, errno, "cannot give up root: %s", strerror(errno));
	return 0;
}

static int play_and_judge(const struct task *task, const struct run_options *options,
			  const struct binding *binding, struct error *err)
{
	struct life lives[2] = { 0 };
	int parts = task->scenario->has_twin ? 2 : 1;
	int status;

	for (int i = 0; i < parts; i++) {
		status = begin(&lives[i], task, i == 1, options);
		if (status < 0)
			return error_set(err, -status, "cannot start a process: %s",
					 strerror(-status));
	}
	bool good = true;
	int within_ms = options->keep_world ? -1 : (int)task->scenario->deadline_ms + GRACE_MS;
	for (int i = 0; i < parts; i++) {
		good &= finish(&lives[i], within_ms);
		if (!good && err && !err->text[0])
			error_set(err, EIO, "%s",
				  lives[i].text[0] ? lives[i].text : "the world failed");
	}
	if (!good)
		return -EIO;
	status = give_up_root(err);
	return status < 0 ? status : conclude(task, options, binding, err);
}

/* From here on the evidence folder is the current one: after root was given up, its path may lead
 * through folders that are closed to us. */
static int enter_folder(const struct task *task, struct error *err)
{
	AUTO_FREE char *twin_folder = file_join(task->folder, "twin");
	int status = make_folder(task, task->folder, err);

	if (status == 0 && task->scenario->has_twin)
		status = make_folder(task, twin_folder, err);
	if (status == 0 && chdir(task->folder) < 0)
		status =
			error_set(err, errno, "cannot enter %s: %s", task->folder, strerror(errno));
	return status;
}

/* The error result is written by whoever may; the parent makes one up if none is there. */
static void run_one(const struct task *task, const struct run_options *options)
{
	struct error err = { 0 };
	AUTO_FREE char *reference = data_path("ecsp/bindings/reference.yaml");
	const char *path = task->program->binding ? task->program->binding : reference;
	struct binding *binding = binding_load(path, &err);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (enter_folder(task, &err) < 0) {
		fprintf(stderr, "%s: %s\n", task->scenario->id, error_text(&err));
		_exit(4);
	}
	int status = binding ? play_and_judge(task, options, binding, &err) : -EINVAL;
	binding_free(binding);
	if (status == 0)
		_exit(0);
	AUTO_JSON json_t *result = error_result(task, error_text(&err));
	struct error ignored;
	if (json_write_file(EVIDENCE_RESULT, result, &ignored) < 0)
		fprintf(stderr, "%s: %s\n", task->scenario->id, error_text(&err));
	_exit(4);
}

/* ---- many ---- */

static void collect(struct task *task, int status)
{
	struct error err = { 0 };
	AUTO_FREE char *path = file_join(task->folder, EVIDENCE_RESULT);

	task->result = json_read_file(path, 256 << 20, &err);
	if (task->result && (!WIFEXITED(status) || WEXITSTATUS(status) != 0) &&
	    strcmp(json_text_of(task->result, "verdict", ""), "error") != 0) {
		json_decref(task->result);
		task->result = NULL;
		error_set(&err, EIO, "the scenario's process did not end well");
	}
	if (!task->result)
		task->result = error_result(task, error_text(&err));
}

static struct task *task_of(struct task *tasks, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (tasks[i].pid == pid && !tasks[i].result)
			return &tasks[i];
	return NULL;
}

static void start_one(struct task *task, const struct run_options *options)
{
	fflush(NULL);
	task->pid = fork();
	if (task->pid == 0)
		run_one(task, options);
	if (task->pid < 0)
		task->result = error_result(task, "cannot start a process");
}

static void pass_on(struct task *tasks, size_t started)
{
	for (size_t i = 0; i < started; i++)
		if (!tasks[i].result && tasks[i].pid > 0)
			kill(tasks[i].pid, SIGINT);
}

bool run_tasks(struct task *tasks, size_t count, const struct run_options *options)
{
	size_t started = 0, done = 0;
	bool passed_on = false;

	catch_interrupts();
	while (done < count) {
		while (started < count && started - done < (size_t)options->jobs && !interrupted) {
			start_one(&tasks[started++], options);
			if (tasks[started - 1].result)
				done++;
		}
		if (done == started)
			break;
		if (interrupted && !passed_on) {
			pass_on(tasks, started);
			passed_on = true;
		}
		if (options->keep_world)
			interrupted = 0;
		int status;
		pid_t pid = waitpid(-1, &status, 0);
		struct task *task = pid > 0 ? task_of(tasks, started, pid) : NULL;
		if (!task)
			continue;
		collect(task, status);
		done++;
		if (options->ended)
			options->ended(options->arg, task, done, count);
	}
	return !interrupted;
}

void task_done(struct task *task)
{
	json_decref(task->result);
	free(task->folder);
}
