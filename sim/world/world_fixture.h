/* world_fixture.h: a world of its own for each test, in the process that Check forks for it: a
 * program runs in it, and all that the world told is at hand.
 *
 *	RUN_PROBE("udp", "10.16.0.9", "161");
 *	CHECK_OUTPUT("answer: ask");
 *	finish();
 */
#ifndef SIM_WORLD_WORLD_FIXTURE_H
#define SIM_WORLD_WORLD_FIXTURE_H

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"
#include "sim/world/world.h"

enum { WITHIN_MS = 10000, OUTPUT_MAX = 1 << 20, PRINTERS = 1000 };

/* A world and all it told. */
struct stage {
	struct tap tap;
	struct loop *loop;
	struct world *world;
	json_t *journal; /* array of {kind, fields} */
	char folder[PATH_MAX], program[PATH_MAX + 32];
	int output;
	uint64_t output_max, state_max;
	const struct world_file *files;
	size_t file_count;
};

static struct stage stage = { .output_max = OUTPUT_MAX, .state_max = OUTPUT_MAX };

static inline void seen(struct tap *tap, const char *kind, json_t *fields)
{
	(void)tap;
	json_array_append_new(stage.journal,
			      json_pack("{s:s, s:o?}", "kind", kind, "fields", fields));
}

/* The n-th observation of a kind, from 0; NULL if there are fewer. */
static inline const json_t *told(const char *kind, int n)
{
	size_t i;
	json_t *row;

	json_array_foreach (stage.journal, i, row)
		if (!strcmp(json_text_of(row, "kind", ""), kind) && n-- == 0)
			return json_object_get(row, "fields");
	return NULL;
}

static inline bool is_printer(void *arg, uint32_t address)
{
	(void)arg;
	return address - WORLD_PRINTERS < PRINTERS;
}

static inline bool is_open(void *arg, uint32_t address, uint16_t port)
{
	(void)arg;
	(void)address;
	return port != 7;
}

/* Printers that say everything back. */
static inline void echo(void *arg, uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port,
			const uint8_t *data, size_t size)
{
	(void)arg;
	world_udp_send(stage.world, to, to_port, from, from_port, data, size);
}

static inline void find_program(void)
{
	char self[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);

	ck_assert_int_gt(size, 0);
	self[size] = 0;
	snprintf(stage.folder, sizeof(stage.folder), "%s", dirname(self));
	snprintf(stage.program, sizeof(stage.program), "%s/world_probe_agent", stage.folder);
	ck_assert_msg(!access(stage.program, X_OK), "%s is not built", stage.program);
}

static inline void begin(void)
{
	const char *visible[] = { stage.folder, NULL };
	struct error err = { 0 };

	find_program();
	stage.output = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	ck_assert_int_ge(stage.output, 0);
	stage.tap.seen = seen;
	stage.journal = json_array();
	stage.loop = loop_new();
	struct world_options options = { .loop = stage.loop,
					 .tap = &stage.tap,
					 .seed = 1,
					 .printers = echo,
					 .is_printer = is_printer,
					 .is_open = is_open,
					 .visible = visible };
	stage.world = world_new(&options, &err);
	ck_assert_msg(stage.world, "%s", error_text(&err));
}

static inline int start_argv(const char *const *argv, struct error *err)
{
	/* A probe built with sanitizers looks for leaks by ptrace, which no agent may use. */
	static const char *const environment[] = { "PATH=/usr/bin:/bin", "TOLD=yes",
						   "ASAN_OPTIONS=detect_leaks=0", NULL };
	struct world_program program = { .argv = argv,
					 .environment = environment,
					 .files = stage.files,
					 .file_count = stage.file_count,
					 .hostname = "tester",
					 .output_fd = stage.output,
					 .output_max = stage.output_max,
					 .state_max = stage.state_max };
	return world_start(stage.world, &program, err);
}

static inline void start(const char *const *argv)
{
	struct error err;
	ck_assert_msg(!start_argv(argv, &err), "%s", error_text(&err));
}

static inline bool ended(void *arg)
{
	(void)arg;
	return !world_running(stage.world);
}

static inline void await_end(void)
{
	ck_assert_msg(loop_run_until(stage.loop, ended, NULL, WITHIN_MS), "the agent did not end");
}

#define PROBE(...)    start((const char *const[]){ stage.program, __VA_ARGS__, NULL })
#define SHELL(script) start((const char *const[]){ "sh", "-c", script, NULL })

/* What the agent wrote up to now. */
static inline const char *output(void)
{
	static char text[65536];
	ssize_t size = pread(stage.output, text, sizeof(text) - 1, 0);

	text[size < 0 ? 0 : size] = 0;
	return text;
}

static inline bool said(void *arg)
{
	return strstr(output(), arg);
}

static inline void await_output(const char *text)
{
	ck_assert_msg(loop_run_until(stage.loop, said, (void *)(uintptr_t)text, WITHIN_MS),
		      "never said \"%s\" but: %s", text, output());
}

#define CHECK_OUTPUT(text) ck_assert_msg(strstr(output(), text), "found: %s", output())

/* Ends the world; whatever the test did, nothing of the wire may be missing in the evidence. */
static inline void finish(void)
{
	world_finish(stage.world);
	const json_t *counters = told("world.counters", 0);
	ck_assert_ptr_nonnull(counters);
	ck_assert_int_eq(json_int_of(counters, "kernelFrames", -1),
			 json_int_of(counters, "recordedFrames", -2));
	ck_assert_int_eq(json_int_of(counters, "dropped", -1), 0);
	ck_assert_ptr_null(told("world.error", 0));
	world_free(stage.world);
	loop_free(stage.loop);
	json_decref(stage.journal);
	close(stage.output);
}

static inline void run(const char *const *argv)
{
	begin();
	start(argv);
	await_end();
}

#define RUN_PROBE(...)                                                                             \
	do {                                                                                       \
		begin();                                                                           \
		PROBE(__VA_ARGS__);                                                                \
		await_end();                                                                       \
	} while (0)
#define RUN_SHELL(script) run((const char *const[]){ "sh", "-c", script, NULL })

#endif
