#include "sim/world/jail.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "sim/world/world_fixture.h"

enum { SECRET_SIZE = 64 };

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

/* A file of the machine's that the agent must not find, in the name of whom the world will be. */
static void leave_secret(char secret[SECRET_SIZE])
{
	uid_t uid;
	gid_t gid;

	world_owner(&uid, &gid);
	snprintf(secret, SECRET_SIZE, "/tmp/world-secret-XXXXXX");
	AUTO_CLOSE int fd = mkstemp(secret);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fchmod(fd, 0666), 0);
	ck_assert_int_eq(fchown(fd, uid, gid), 0);
}

START_TEST(nothing_of_the_machine_is_in_sight)
{
	static const char *const hidden[] = { "secret", "project", ".sock", "boot" };
	char here[PATH_MAX], script[PATH_MAX + 512], secret[SECRET_SIZE];

	leave_secret(secret);
	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	begin();
	snprintf(script, sizeof(script),
		 "set -- /proc/[0-9]*; echo processes $#; test -e %s && echo secret;"
		 "test -e '%s/sim' && echo project; ls -A /home /root /srv /mnt /media;"
		 "find / -xdev -type s; ls /tmp/..; ls /sys/class/net",
		 secret, here);
	SHELL(script);
	await_end();
	for (size_t i = 0; i < COUNT_OF(hidden); i++)
		ck_assert_msg(!strstr(output(), hidden[i]), "%s: %s", hidden[i], output());
	ck_assert_int_eq(unlink(secret), 0);
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

TEST_MAIN("sim.world.jail", the_file_system_is_read_only_but_for_its_own_folders,
	  nothing_of_the_machine_is_in_sight, the_programs_own_folder_is_there_and_read_only,
	  given_files_stand_at_their_paths, the_agent_has_no_power_over_its_world,
	  it_runs_without_capabilities, the_panel_socket_is_in_the_agents_view)
