/* Each test makes a world of its own in the process that Check forks for it. */
#include "sim/world/world.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"

enum { WITHIN_MS = 10000, OUTPUT_MAX = 1 << 20, PRINTERS = 1000 };

/* A world and all it told. */
struct stage {
	struct tap tap;
	struct loop *loop;
	struct world *world;
	json_t *journal; /* array of {kind, fields} */
	char folder[PATH_MAX], program[PATH_MAX + 32], secret[64];
	int output;
	uint64_t output_max, state_max;
	const struct world_file *files;
	size_t file_count;
};

static struct stage stage = { .output_max = OUTPUT_MAX, .state_max = OUTPUT_MAX };

static void seen(struct tap *tap, const char *kind, json_t *fields)
{
	(void)tap;
	json_array_append_new(stage.journal,
			      json_pack("{s:s, s:o?}", "kind", kind, "fields", fields));
}

/* The n-th observation of a kind, from 0; NULL if there are fewer. */
static const json_t *told(const char *kind, int n)
{
	size_t i;
	json_t *row;

	json_array_foreach (stage.journal, i, row)
		if (!strcmp(json_text_of(row, "kind", ""), kind) && n-- == 0)
			return json_object_get(row, "fields");
	return NULL;
}

static bool is_printer(void *arg, uint32_t address)
{
	(void)arg;
	return address - WORLD_PRINTERS < PRINTERS;
}

static bool is_open(void *arg, uint32_t address, uint16_t port)
{
	(void)arg;
	(void)address;
	return port != 7;
}

/* Printers that say everything back. */
static void echo(void *arg, uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port,
		 const uint8_t *data, size_t size)
{
	(void)arg;
	world_udp_send(stage.world, to, to_port, from, from_port, data, size);
}

static void find_program(void)
{
	char self[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);

	ck_assert_int_gt(size, 0);
	self[size] = 0;
	snprintf(stage.folder, sizeof(stage.folder), "%s", dirname(self));
	snprintf(stage.program, sizeof(stage.program), "%s/world_probe_agent", stage.folder);
	ck_assert_msg(!access(stage.program, X_OK), "%s is not built", stage.program);
}

/* A file of the machine's that the agent must not find, in the name of whom the world will be. */
static void leave_secret(void)
{
	uid_t uid;
	gid_t gid;

	world_owner(&uid, &gid);
	snprintf(stage.secret, sizeof(stage.secret), "/tmp/world-secret-XXXXXX");
	AUTO_CLOSE int fd = mkstemp(stage.secret);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fchmod(fd, 0666), 0);
	ck_assert_int_eq(fchown(fd, uid, gid), 0);
}

static void begin(void)
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

static int start_argv(const char *const *argv, struct error *err)
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

static void start(const char *const *argv)
{
	struct error err;
	ck_assert_msg(!start_argv(argv, &err), "%s", error_text(&err));
}

static bool ended(void *arg)
{
	(void)arg;
	return !world_running(stage.world);
}

static void await_end(void)
{
	ck_assert_msg(loop_run_until(stage.loop, ended, NULL, WITHIN_MS), "the agent did not end");
}

#define PROBE(...)    start((const char *const[]){ stage.program, __VA_ARGS__, NULL })
#define SHELL(script) start((const char *const[]){ "sh", "-c", script, NULL })

/* What the agent wrote up to now. */
static const char *output(void)
{
	static char text[65536];
	ssize_t size = pread(stage.output, text, sizeof(text) - 1, 0);

	text[size < 0 ? 0 : size] = 0;
	return text;
}

static bool said(void *arg)
{
	return strstr(output(), arg);
}

static void await_output(const char *text)
{
	ck_assert_msg(loop_run_until(stage.loop, said, (void *)(uintptr_t)text, WITHIN_MS),
		      "never said \"%s\" but: %s", text, output());
}

#define CHECK_OUTPUT(text) ck_assert_msg(strstr(output(), text), "found: %s", output())

/* Ends the world; whatever the test did, nothing of the wire may be missing in the evidence. */
static void finish(void)
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

static void run(const char *const *argv)
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

START_TEST(this_machine_lets_a_world_be)
{
	struct error err = { 0 };
	int code = world_probe(&err);
	ck_assert_msg(!code, "%s", error_text(&err));
}
END_TEST

START_TEST(a_program_runs_and_its_exit_is_told)
{
	RUN_SHELL("echo $TOLD $HOME $(hostname); exit 7");
	CHECK_OUTPUT("yes tester");
	ck_assert_str_eq(json_text_of(told("agent.start", 0), "program", ""), "sh");
	ck_assert_int_gt(json_int_of(told("agent.start", 0), "pid", 0), 0);
	ck_assert_int_eq(json_int_of(told("agent.exit", 0), "code", -1), 7);
	ck_assert(json_is_false(json_object_get(told("agent.exit", 0), "crashed")));
	finish();
}
END_TEST

START_TEST(a_crash_is_told_as_one)
{
	RUN_PROBE("crash");
	ck_assert_int_eq(json_int_of(told("agent.exit", 0), "signal", -1), SIGABRT);
	ck_assert(json_is_true(json_object_get(told("agent.exit", 0), "crashed")));
	finish();
}
END_TEST

START_TEST(sigterm_reaches_the_program)
{
	begin();
	PROBE("wait");
	await_output("waiting");
	ck_assert_int_eq(world_signal(stage.world, SIGTERM), 0);
	await_end();
	CHECK_OUTPUT("signal 15");
	ck_assert_int_eq(json_int_of(told("agent.exit", 0), "code", -1), 0);
	ck_assert(json_is_true(json_object_get(told("agent.exit", 0), "asked")));
	ck_assert_int_eq(world_signal(stage.world, SIGTERM), -ESRCH);
	finish();
}
END_TEST

START_TEST(a_program_that_does_not_exist_is_an_error)
{
	struct error err = { 0 };

	begin();
	ck_assert_int_eq(start_argv((const char *const[]){ "/nonexistent/x", NULL }, &err),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent/x"));
	ck_assert_int_eq(start_argv((const char *const[]){ "/etc/passwd", NULL }, &err), -EACCES);
	ck_assert_ptr_null(told("agent.start", 0));
	finish();
}
END_TEST

START_TEST(the_file_system_is_read_only_but_for_its_own_folders)
{
	RUN_SHELL("for d in / /etc /usr /usr/bin /run /dev /home /root /var /opt; do"
		  "  touch $d/x 2>/dev/null && echo wrote $d; done;"
		  "for d in . /tmp /var/tmp /dev/shm /var/lib/ecsp-agent; do"
		  "  touch $d/x || echo refused $d; done; pwd; echo done");
	ck_assert_str_eq(output(), WORLD_STATE_FOLDER "\ndone\n");
	finish();
}
END_TEST

/* call NULL: any call on a path that begins so. */
static bool file_was_told(const char *call, const char *path)
{
	const json_t *line;
	for (int i = 0; (line = told("file.write", i)); i++) {
		const char *found = json_text_of(line, "path", "");
		if (call ? !strcmp(found, path) && !strcmp(json_text_of(line, "call", ""), call)
			 : !strncmp(found, path, strlen(path)))
			return true;
	}
	return false;
}

START_TEST(every_change_of_a_foreign_file_is_told_and_none_of_its_own)
{
	static const struct {
		const char *call, *path;
	} told_of[] = {
		{ "unlinkat", "/etc/passwd" }, { "renameat2", "/etc/hosts" },
		{ "mkdir", "/srv/den" },       { "symlinkat", "/usr/bin/link" },
		{ "linkat", "/usr/bin/hard" }, { "fchmodat", "/etc/shadow" },
		{ "rmdir", "/opt" },           { "openat", "/etc/new" },
		{ "renameat2", "/etc/back" },
	};
	RUN_SHELL("mkdir -p /var/lib/ecsp-agent/deep/er /tmp/a; touch a b; mv a c; rm c; rmdir "
		  "/tmp/a;"
		  "ln -s /etc/passwd see; chmod 600 b; exec 2>/dev/null;"
		  "rm -f /etc/passwd; mv /etc/hosts mine; mkdir /srv/den; ln -s x /usr/bin/link;"
		  "ln b /usr/bin/hard; chmod 600 /etc/shadow; rmdir /opt; echo > /etc/new;"
		  "mv b /etc/back");
	for (size_t i = 0; i < COUNT_OF(told_of); i++)
		ck_assert_msg(file_was_told(told_of[i].call, told_of[i].path), "%s of %s",
			      told_of[i].call, told_of[i].path);
	ck_assert(!file_was_told(NULL, WORLD_STATE_FOLDER) && !file_was_told(NULL, "/tmp") &&
		  !file_was_told(NULL, "/var"));
	finish();
}
END_TEST

START_TEST(nothing_of_the_machine_is_in_sight)
{
	static const char *const hidden[] = { "secret", "project", ".sock", "boot" };
	char here[PATH_MAX], script[PATH_MAX + 512];

	leave_secret();
	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	begin();
	snprintf(script, sizeof(script),
		 "set -- /proc/[0-9]*; echo processes $#; test -e %s && echo secret;"
		 "test -e '%s/sim' && echo project; ls -A /home /root /srv /mnt /media;"
		 "find / -xdev -type s; ls /tmp/..; ls /sys/class/net",
		 stage.secret, here);
	SHELL(script);
	await_end();
	for (size_t i = 0; i < COUNT_OF(hidden); i++)
		ck_assert_msg(!strstr(output(), hidden[i]), "%s: %s", hidden[i], output());
	ck_assert_int_eq(unlink(stage.secret), 0);
	CHECK_OUTPUT("processes 2\n"); /* init and sh */
	CHECK_OUTPUT("eth0\nlo");
	finish();
}
END_TEST

START_TEST(the_programs_own_folder_is_there_and_read_only)
{
	char script[PATH_MAX * 2 + 128];

	begin();
	snprintf(script, sizeof(script), "test -x %s && echo there; touch %s/x || echo refused",
		 stage.program, stage.folder);
	SHELL(script);
	await_end();
	CHECK_OUTPUT("there");
	CHECK_OUTPUT("refused");
	finish();
}
END_TEST

START_TEST(given_files_stand_at_their_paths)
{
	static const struct world_file files[] = {
		{ "/etc/resolv.conf", "nameserver 10.0.0.53\n", 21 },
		{ "/etc/ecsp/deep/config.json", "{config}", 8 },
		{ "/etc/ssl/certs/ca-certificates.crt", "{ca}", 4 },
		{ "/run/ecsp/token", "{token}", 7 },
		{ "/usr/share/ecsp/new", "{new}", 5 },
	};

	stage.files = files;
	stage.file_count = COUNT_OF(files);
	RUN_SHELL("cat /etc/resolv.conf /etc/ecsp/deep/config.json /run/ecsp/token "
		  "/usr/share/ecsp/new /etc/ssl/certs/ca-certificates.crt; head -c 5 /etc/passwd;"
		  "echo x > /run/ecsp/token; ls -A /run/.files");
	CHECK_OUTPUT("nameserver 10.0.0.53\n{config}{token}{new}{ca}root:");
	CHECK_OUTPUT("/run/ecsp/token: Read-only file system");
	finish();
}
END_TEST

START_TEST(the_state_folder_survives_a_restart)
{
	begin();
	SHELL("echo kept > state; echo also > /tmp/x");
	await_end();
	SHELL("cat state /tmp/x");
	await_end();
	ck_assert_str_eq(output(), "kept\nalso\n");
	ck_assert_ptr_nonnull(told("agent.exit", 1));
	finish();
}
END_TEST

START_TEST(a_running_program_is_not_started_again)
{
	struct error err;

	begin();
	PROBE("wait");
	ck_assert_int_eq(start_argv((const char *const[]){ "true", NULL }, &err), -EBUSY);
	world_kill(stage.world);
	ck_assert(!world_running(stage.world));
	ck_assert_str_eq(json_text_of(told("agent.killed", 0), "why", ""), "stop");
	finish();
}
END_TEST

START_TEST(the_agent_has_no_power_over_its_world)
{
	RUN_PROBE("calls");
	static const char *const refused[] = { "unshare: Op", "vsock: Addr",   "packet: Addr",
					       "raw: Op",     "io_uring: Fun", "ptrace: Op",
					       "files: Perm" };
	for (size_t i = 0; i < COUNT_OF(refused); i++)
		CHECK_OUTPUT(refused[i]);
	ck_assert_int_eq(json_int_of(told("agent.exit", 0), "code", -1), 0); /* init lived */
	finish();
}
END_TEST

START_TEST(it_runs_without_capabilities)
{
	RUN_SHELL("grep -E '^(Cap|NoNewPrivs)' /proc/self/status; id -u");
	CHECK_OUTPUT("CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
		     "CapBnd:\t0000000000000000\n");
	CHECK_OUTPUT("NoNewPrivs:\t1\n1000\n");
	finish();
}
END_TEST

START_TEST(a_printer_answers)
{
	RUN_PROBE("udp", "10.16.0.9", "161");
	CHECK_OUTPUT("answer: ask");
	finish();
}
END_TEST

START_TEST(a_datagram_larger_than_the_wire_passes_in_pieces)
{
	RUN_PROBE("big", "10.16.0.9", "161");
	CHECK_OUTPUT("size: 4000");
	finish();
}
END_TEST

START_TEST(what_nobody_listens_to_is_refused)
{
	static const struct {
		const char *word, *address, *port, *error;
	} rows[] = {
		{ "udp", "10.16.0.9", "7", "refused" },
		{ "udp", "198.51.100.10", "443", "refused" },
		{ "udp", "10.0.0.53", "5353", "refused" },
		{ "tcp", "198.51.100.10", "80", "refused" },
		{ "tcp", "10.16.0.9", "443", "refused" },
		{ "tcp", "10.16.0.9", "9100", "refused" },
		{ "tcp", "10.0.0.53", "53", "refused" },
		{ "tcp", "10.31.0.9", "443", "No route to host" },
		{ "tcp", "8.8.8.8", "443", "unreachable" },
	};

	begin();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ck_assert_int_eq(ftruncate(stage.output, 0), 0);
		lseek(stage.output, 0, SEEK_SET);
		PROBE(rows[i].word, rows[i].address, rows[i].port);
		await_end();
		ck_assert_msg(strstr(output(), rows[i].error), "%s %s: %s", rows[i].address,
			      rows[i].port, output());
	}
	finish();
}
END_TEST

START_TEST(an_absent_host_is_answered_by_icmp)
{
	char text[PATH_MAX * 2 + 256];

	/* UDP programs do not hear of it unless they ask, so the kernel's own count is the proof.
	 */
	begin();
	snprintf(text, sizeof(text),
		 "%s flood 10.31.0.9 161 3; while ! grep -q 'InType3' /proc/net/snmp; do :; done; "
		 "grep IcmpMsg /proc/net/snmp",
		 stage.program);
	SHELL(text);
	await_end();
	CHECK_OUTPUT("InType3");
	CHECK_OUTPUT("IcmpMsg: 3");
	finish();
}
END_TEST

START_TEST(the_cloud_is_reached_and_printers_are_not_mistaken_for_it)
{
	struct error err;
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);

	begin();
	AUTO_CLOSE int cloud = world_cloud_socket(stage.world, &err);
	ck_assert_msg(cloud >= 0, "%s", error_text(&err));
	AUTO_CLOSE int raw = world_printer_socket(stage.world, 9100, &err);
	ck_assert_msg(raw >= 0, "%s", error_text(&err));
	PROBE("tcp", "198.51.100.77", "443");
	await_end();
	PROBE("tcp", "10.16.0.4", "9100");
	await_end();
	ck_assert_str_eq(output(), "connected\nconnected\n");
	AUTO_CLOSE int first = accept(cloud, (struct sockaddr *)&peer, &size);
	ck_assert_int_ge(first, 0);
	AUTO_CLOSE int second = accept(raw, NULL, NULL);
	ck_assert_int_ge(second, 0);
	PROBE("tcp", "198.51.100.77", "9100");
	await_end();
	PROBE("tcp", "10.16.0.4", "443");
	await_end();
	ck_assert_int_eq(accept(cloud, NULL, NULL), -1);
	ck_assert_int_eq(accept(raw, NULL, NULL), -1);
	finish();
}
END_TEST

START_TEST(names_resolve_and_queries_are_told)
{
	static const struct world_file files[] = {
		{ "/etc/resolv.conf", "nameserver 10.0.0.53\n", 21 },
		{ "/etc/nsswitch.conf", "hosts: dns\n", 11 },
	};

	stage.files = files;
	stage.file_count = COUNT_OF(files);
	RUN_PROBE("name", "mqtt.ecsp.example");
	PROBE("name", "www.example.com");
	await_end();
	CHECK_OUTPUT("mqtt.ecsp.example: 198.51.100.11\n");
	CHECK_OUTPUT("www.example.com: Name or service not known\n");
	ck_assert_str_eq(json_text_of(told("dns.query", 0), "name", ""), "mqtt.ecsp.example");
	ck_assert_str_eq(json_text_of(told("dns.query", 0), "answer", ""), "198.51.100.11");
	finish();
}
END_TEST

static void check_listener(const char *word, const char *kind, const char *port)
{
	RUN_PROBE(word, port);
	const json_t *row = told(kind, 0);
	ck_assert_msg(row, "no %s", kind);
	ck_assert_int_eq(json_int_of(row, "port", -1), atoi(port));
	ck_assert_int_eq(json_int_of(row, "pid", -1),
			 json_int_of(told("agent.start", 0), "pid", -2));
	finish();
}

START_TEST(a_listener_is_seen_however_short_its_life)
{
	check_listener("listen", "socket.listen", "8080");
}
END_TEST

START_TEST(a_listener_of_a_thread_is_seen)
{
	check_listener("thread", "socket.listen", "8081");
}
END_TEST

START_TEST(a_bound_datagram_socket_is_seen)
{
	check_listener("bindudp", "socket.bind", "5353");
}
END_TEST

START_TEST(the_end_of_a_socket_is_told_by_the_kernel)
{
	begin();
	PROBE("listen", "8080");
	await_end();
	world_finish(stage.world);
	ck_assert_int_eq(json_int_of(told("socket.destroyed", 0), "port", -1), 8080);
	world_free(stage.world);
}
END_TEST

START_TEST(a_daemon_is_seen_and_ended)
{
	RUN_PROBE("stay", "9999");
	ck_assert_int_eq(json_int_of(told("agent.exit", 0), "code", -1), 0);
	pid_t daemon = (pid_t)json_int_of(told("socket.listen", 0), "pid", 0);
	ck_assert_int_eq(kill(daemon, 0), 0);
	world_finish(stage.world);
	const json_t *rows = json_object_get(told("world.sockets", 0), "listening");
	ck_assert_uint_eq(json_array_size(rows), 1);
	ck_assert_int_eq(json_int_of(json_array_get(rows, 0), "port", -1), 9999);
	ck_assert_int_eq(json_int_of(told("agent.left", 0), "count", -1), 1);
	ck_assert_str_ne(json_text_of(told("agent.left", 0), "name", ""), "");
	ck_assert_int_eq(kill(daemon, 0), -1);
	ck_assert_int_eq(errno, ESRCH);
	world_free(stage.world);
}
END_TEST

START_TEST(a_program_that_was_struck_down_is_not_blamed_for_what_is_left)
{
	begin();
	SHELL("sleep 60 & echo waiting; wait");
	await_output("waiting");
	world_signal(stage.world, SIGKILL);
	await_end();
	world_finish(stage.world);
	ck_assert_ptr_null(told("agent.left", 0));
	world_free(stage.world);
}
END_TEST

START_TEST(children_that_end_with_the_program_are_not_left)
{
	begin();
	SHELL("sleep 60 & child=$!; trap 'kill $child; exit 0' TERM; echo waiting; wait");
	await_output("waiting");
	world_signal(stage.world, SIGTERM);
	await_end();
	world_finish(stage.world);
	ck_assert_ptr_null(told("agent.left", 0));
	world_free(stage.world);
}
END_TEST

START_TEST(a_burst_is_recorded_to_the_last_frame)
{
	RUN_PROBE("flood", "10.16.0.9", "161", "20000");
	world_finish(stage.world);
	const json_t *counters = told("world.counters", 0);
	ck_assert_int_ge(json_int_of(counters, "recordedFrames", -1), 40000);
	ck_assert_int_eq(json_int_of(counters, "kernelFrames", -1),
			 json_int_of(counters, "recordedFrames", -2));
	world_free(stage.world);
}
END_TEST

START_TEST(too_much_output_ends_the_program)
{
	struct stat about;

	RUN_PROBE("spam", "100000000");
	ck_assert_str_eq(json_text_of(told("agent.killed", 0), "why", ""), "output limit");
	ck_assert_int_eq(fstat(stage.output, &about), 0);
	ck_assert_int_eq(about.st_size, OUTPUT_MAX);
	finish();
}
END_TEST

START_TEST(a_fork_bomb_is_contained)
{
	RUN_PROBE("forks");
	CHECK_OUTPUT("made 5");
	finish();
}
END_TEST

START_TEST(a_full_state_folder_is_the_programs_own_trouble)
{
	begin();
	SHELL("dd if=/dev/zero of=a bs=64k count=10; dd if=/dev/zero of=b bs=64k count=10");
	await_end();
	CHECK_OUTPUT("No space left on device");
	finish();
}
END_TEST

static int panel = -1;
static char panel_heard[16];

static void panel_ready(void *arg, unsigned events)
{
	(void)arg;
	(void)events;
	AUTO_CLOSE int fd = accept(panel, NULL, NULL);
	if (fd >= 0)
		recv(fd, panel_heard, sizeof(panel_heard) - 1, 0);
}

static bool heard(void *arg)
{
	(void)arg;
	return panel_heard[0];
}

START_TEST(the_panel_socket_is_in_the_agents_view)
{
	struct error err;

	begin();
	panel = world_panel_socket(stage.world, "/run/ecsp/panel.sock", &err);
	ck_assert_msg(panel >= 0, "%s", error_text(&err));
	struct watch *watch = watch_new(stage.loop, panel, LOOP_READ, panel_ready, NULL);
	PROBE("panel", "/run/ecsp/panel.sock");
	ck_assert(loop_run_until(stage.loop, heard, NULL, WITHIN_MS));
	ck_assert_str_eq(panel_heard, "hello");
	await_end();
	watch_free(watch);
	close(panel);
	ck_assert_int_lt(world_panel_socket(stage.world, "/etc/panel.sock", &err), 0);
	finish();
}
END_TEST

START_TEST(a_black_hole_is_silent_and_told)
{
	struct error err;

	begin();
	AUTO_JSON json_t *none = json_object();
	AUTO_CLOSE int cloud = world_cloud_socket(stage.world, &err);
	ck_assert_int_ge(cloud, 0);
	ck_assert_int_eq(world_fault(stage.world, "wire.blackhole", none, &err), 0);
	start((const char *const[]){ "timeout", "0.3", stage.program, "tcp", "198.51.100.10", "443",
				     NULL });
	await_end();
	ck_assert_int_eq(json_int_of(told("agent.exit", 0), "code", -1), 124);
	world_fault_clear(stage.world, "wire.blackhole");
	PROBE("tcp", "198.51.100.10", "443");
	await_end();
	CHECK_OUTPUT("connected");
	ck_assert_str_eq(json_text_of(told("fault.reached", 0), "fault", ""), "wire.blackhole");
	finish();
}
END_TEST

START_TEST(a_wire_that_is_down_has_no_carrier)
{
	struct error err;

	begin();
	AUTO_JSON json_t *none = json_object();
	ck_assert_int_eq(world_fault(stage.world, "wire.down", none, &err), 0);
	SHELL("cat /sys/class/net/eth0/carrier");
	await_end();
	ck_assert_str_eq(json_text_of(told("fault.reached", 0), "fault", ""), "wire.down");
	PROBE("flood", "10.16.0.9", "161", "5");
	await_end();
	world_fault_clear(stage.world, NULL);
	SHELL("cat /sys/class/net/eth0/carrier");
	await_end();
	ck_assert_str_eq(output(), "0\n1\n");
	PROBE("udp", "10.16.0.9", "161");
	await_end();
	CHECK_OUTPUT("answer: ask");
	finish();
}
END_TEST

START_TEST(a_delay_delays)
{
	struct error err;

	begin();
	AUTO_JSON json_t *ms = json_pack("{s:i}", "ms", 40);
	ck_assert_int_eq(world_fault(stage.world, "wire.delay", ms, &err), 0);
	loop_update(stage.loop);
	uint64_t before = loop_now(stage.loop);
	PROBE("udp", "10.16.0.9", "161");
	await_end();
	CHECK_OUTPUT("answer: ask");
	ck_assert_uint_ge(loop_now(stage.loop) - before, 80000000);
	finish();
}
END_TEST

START_TEST(a_root_harness_gives_up_root)
{
	uid_t uid, before = geteuid();
	gid_t gid;

	world_owner(&uid, &gid);
	begin();
	ck_assert_uint_ne(uid, 0);
	ck_assert_uint_eq(geteuid(), 1000); /* what namespace_owner is called inside */
	/* A file that only root may write is closed now. */
	ck_assert(before != 0 || open("/etc/passwd", O_WRONLY | O_CLOEXEC) < 0);
	finish();
}
END_TEST

TEST_MAIN("world.world", this_machine_lets_a_world_be, a_program_runs_and_its_exit_is_told,
	  a_crash_is_told_as_one, sigterm_reaches_the_program,
	  a_program_that_does_not_exist_is_an_error,
	  the_file_system_is_read_only_but_for_its_own_folders,
	  every_change_of_a_foreign_file_is_told_and_none_of_its_own,
	  nothing_of_the_machine_is_in_sight, the_programs_own_folder_is_there_and_read_only,
	  given_files_stand_at_their_paths, the_state_folder_survives_a_restart,
	  a_running_program_is_not_started_again, the_agent_has_no_power_over_its_world,
	  it_runs_without_capabilities, a_printer_answers,
	  a_datagram_larger_than_the_wire_passes_in_pieces, what_nobody_listens_to_is_refused,
	  an_absent_host_is_answered_by_icmp,
	  the_cloud_is_reached_and_printers_are_not_mistaken_for_it,
	  names_resolve_and_queries_are_told, a_listener_is_seen_however_short_its_life,
	  a_listener_of_a_thread_is_seen, a_bound_datagram_socket_is_seen,
	  the_end_of_a_socket_is_told_by_the_kernel, a_daemon_is_seen_and_ended,
	  a_program_that_was_struck_down_is_not_blamed_for_what_is_left,
	  children_that_end_with_the_program_are_not_left, a_burst_is_recorded_to_the_last_frame,
	  too_much_output_ends_the_program, a_fork_bomb_is_contained,
	  a_full_state_folder_is_the_programs_own_trouble, the_panel_socket_is_in_the_agents_view,
	  a_black_hole_is_silent_and_told, a_wire_that_is_down_has_no_carrier, a_delay_delays,
	  a_root_harness_gives_up_root)
