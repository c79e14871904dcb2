#include "sim/world/sentry.h"

#include <errno.h>
#include <signal.h>

#include "sim/world/world_fixture.h"

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

TEST_MAIN("sim.world.sentry", every_change_of_a_foreign_file_is_told_and_none_of_its_own,
	  a_listener_is_seen_however_short_its_life, a_listener_of_a_thread_is_seen,
	  a_bound_datagram_socket_is_seen, the_end_of_a_socket_is_told_by_the_kernel,
	  a_daemon_is_seen_and_ended)
