/* cloud_fixture.h: a cloud on a loopback port, its journal, and programs of other people that talk
 * to it. For tests alone. */
#ifndef SIM_CLOUD_CLOUD_FIXTURE_H
#define SIM_CLOUD_CLOUD_FIXTURE_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/test.h"
#include "sim/cloud/cloud.h"

enum { ARGS_MAX = 40, OUTPUT_MAX = 4 << 20, WAIT_MS = 20000, REQUEST_MS = 300 };

extern char **environ;

static struct loop *loop;
static struct cloud *cloud;
static json_t *journal; /* rows of [kind, fields] */
static struct buf spoken;
static char folder[64], base[64], resolve[64], port_text[8];
static char *output;
static struct error err;

static void seen(struct tap *tap, const char *kind, json_t *fields)
{
	(void)tap;
	ck_assert_msg(fields, "%s without fields", kind);
	json_array_append_new(journal, json_pack("[s, o]", kind, fields));
}

static struct tap tap = { seen };

static void hear(void *arg, const struct plaintext *piece)
{
	(void)arg;
	buf_printf(&spoken, "%s %s %.*s\n", piece->protocol, piece->from_agent ? "agent" : "cloud",
		   piece->size > 20 ? 20 : (int)piece->size, (const char *)piece->data);
}

static inline int count_of(const char *kind)
{
	int count = 0;
	size_t i;
	json_t *row;

	json_array_foreach (journal, i, row)
		count += !strcmp(json_string_value(json_array_get(row, 0)), kind);
	return count;
}

/* Fields of the last observation of this kind. */
static inline json_t *last(const char *kind)
{
	for (size_t i = json_array_size(journal); i-- > 0;) {
		json_t *row = json_array_get(journal, i);
		if (!strcmp(json_string_value(json_array_get(row, 0)), kind))
			return json_array_get(row, 1);
	}
	ck_abort_msg("no %s", kind);
}

static inline void expect(const char *kind, const char *field, const char *value)
{
	ck_assert_str_eq(json_text_of(last(kind), field, "(no such text)"), value);
}

static char *path_of(const char *name)
{
	return file_join(folder, name);
}

static void write_file(const char *name, const char *text)
{
	AUTO_FREE char *path = path_of(name);
	ck_assert_int_eq(file_write(path, text, strlen(text), &err), 0);
}

static void begin_listening(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(here);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&here, sizeof(here)), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	getsockname(fd, (struct sockaddr *)&here, &size);
	snprintf(port_text, sizeof(port_text), "%u", ntohs(here.sin_port));
	snprintf(base, sizeof(base), "https://api.ecsp.example:%s", port_text);
	snprintf(resolve, sizeof(resolve), "api.ecsp.example:%s:127.0.0.1", port_text);
	ck_assert_int_eq(cloud_listen(cloud, fd, &err), 0);
}

static inline void setup(void)
{
	static const char *const serials[] = { "X8G9000415", NULL };
	struct cloud_options options = {
		.tap = &tap, .store_path = ":memory:", .plaintext = hear, .request_ms = REQUEST_MS
	};

	loop = options.loop = loop_new();
	journal = json_array();
	buf_init(&spoken, OUTPUT_MAX);
	snprintf(folder, sizeof(folder), "/tmp/cloud-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	cloud = cloud_new(&options, &err);
	ck_assert_msg(cloud, "%s", err.text);
	begin_listening();
	ck_assert_int_eq(cloud_add_agent(cloud, "dc-0001", "secret", "dc", &err), 0);
	ck_assert_int_eq(cloud_add_support_user(cloud, "sam", serials, &err), 0);
	write_file("ca.pem", cloud_ca(cloud));
}

static inline void teardown(void)
{
	static const char *const names[] = { "ca.pem", "out", "down.pem", "upload.json", "store" };

	cloud_free(cloud);
	loop_free(loop);
	json_decref(journal);
	buf_done(&spoken);
	free(output);
	output = NULL;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		AUTO_FREE char *path = path_of(names[i]);
		unlink(path);
	}
	rmdir(folder);
}

struct child {
	pid_t pid;
	int fd;
	struct watch *watch;
	bool ended;
};

static void child_ended(void *arg, unsigned events)
{
	struct child *child = arg;
	(void)events;
	child->ended = true;
	watch_set(child->watch, 0);
}

static inline void start(struct child *child, const char *const *words)
{
	AUTO_FREE char *out = path_of("out");
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	int status =
		posix_spawnp(&child->pid, words[0], &actions, NULL, (char *const *)words, environ);
	ck_assert_msg(!status, "%s cannot be run: this test needs it", words[0]);
	posix_spawn_file_actions_destroy(&actions);
	child->fd = pidfd_open(child->pid, 0);
	child->ended = false;
	child->watch = watch_new(loop, child->fd, LOOP_READ, child_ended, child);
}

static inline bool is_over(void *arg)
{
	return ((struct child *)arg)->ended;
}

/* Exit code; what it printed is in output. */
static inline int finish(struct child *child)
{
	AUTO_FREE char *out = path_of("out");
	int status;

	if (!loop_run_until(loop, is_over, child, WAIT_MS))
		kill(child->pid, SIGKILL);
	waitpid(child->pid, &status, 0);
	watch_free(child->watch);
	close(child->fd);
	free(output);
	output = file_read(out, OUTPUT_MAX, NULL, &err);
	ck_assert_msg(WIFEXITED(status), "a client did not end by itself");
	return WEXITSTATUS(status);
}

/* curl with the words every call has, then those given (NULL-terminated). */
static inline int curl(const char *const *more)
{
	AUTO_FREE char *ca = path_of("ca.pem");
	const char *words[ARGS_MAX] = { "curl", "-sS",       "-m",    "10",        "--cacert",
					ca,     "--resolve", resolve, "--noproxy", "*" };
	size_t count = 10;
	struct child child;

	while (*more)
		words[count++] = *more++;
	start(&child, words);
	return finish(&child);
}

#define CURL(...) curl((const char *const[]){ __VA_ARGS__, NULL })
#define LOGIN     "-u", "dc-0001:secret", "-H", "Content-Type: application/json"

static inline const char *url(const char *path)
{
	static char text[160];
	snprintf(text, sizeof(text), "%s%s", base, path);
	return text;
}

static const char registration[] = "@ecsp/examples/valid/registration.full.json";
static const char upload[] = "@ecsp/examples/valid/upload.full.json";

static inline void sign_on(void)
{
	ck_assert_int_eq(CURL(LOGIN, "-X", "PUT", "-d", registration, url("/v1/agents/dc-0001")),
			 0);
	ck_assert_str_eq(output, "{\"agent\":\"dc-0001\"}");
}

static inline int send_upload(const char *key)
{
	char header[64];
	snprintf(header, sizeof(header), "Idempotency-Key: %s", key);
	return CURL(LOGIN, "-H", header, "-d", upload, "-w", " %{http_code}",
		    url("/v1/agents/dc-0001/records"));
}

static inline void arm(const char *fault, json_t *parameters)
{
	AUTO_JSON json_t *owned = parameters;
	ck_assert_msg(!cloud_fault(cloud, fault, owned, &err), "%s", err.text);
}

#endif
