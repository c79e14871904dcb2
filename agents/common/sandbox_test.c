#include "agents/common/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/test.h"

/* With AddressSanitizer nothing is fatal, and what its search for leaks needs is allowed. */
#if defined(__SANITIZE_ADDRESS__)
enum { FATAL = EPERM, SANITIZED = true };
#else
enum { FATAL = -SIGSYS, SANITIZED = false };
#endif

enum { INSIDE_FAILED = 200 };

/* What becomes of a process that does it inside: 0, its errno, or minus the signal. */
static int outcome(long (*act)(void))
{
	struct error err = { 0 };
	int status = 0;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (sandbox_enter(true, &err) < 0)
			_exit(INSIDE_FAILED);
		_exit(act() < 0 ? errno : 0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

struct deed {
	const char *what;
	long (*act)(void);
	int expected;
};

static void check(const struct deed *deeds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int found = outcome(deeds[i].act);
		ck_assert_msg(found == deeds[i].expected, "%s: found %d, expected %d",
			      deeds[i].what, found, deeds[i].expected);
	}
}

static long start_program(void)
{
	static char name[] = "true";
	char *const arguments[] = { name, NULL };

	return execve("/bin/true", arguments, NULL);
}

static long trace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long read_another(void)
{
	return syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
}

static long become_another(void)
{
	return syscall(SYS_setuid, 65534);
}

static long give_up_group(void)
{
	return syscall(SYS_setresgid, 65534, 65534, 65534);
}

static long mount_something(void)
{
	return syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL);
}

static long leave_namespace(void)
{
	return syscall(SYS_unshare, 0);
}

static long load_bpf(void)
{
	return syscall(SYS_bpf, 0, NULL, 0);
}

static long set_clock(void)
{
	return syscall(SYS_clock_settime, 0, NULL);
}

START_TEST(what_only_an_intruder_does_ends_the_process)
{
	const struct deed deeds[] = {
		{ "execve", start_program, FATAL },
		{ "ptrace", trace, SANITIZED ? 0 : FATAL },
		{ "process_vm_readv", read_another, FATAL },
		{ "setuid", become_another, FATAL },
		{ "setresgid", give_up_group, FATAL },
		{ "mount", mount_something, FATAL },
		{ "unshare", leave_namespace, FATAL },
		{ "bpf", load_bpf, FATAL },
		{ "clock_settime", set_clock, FATAL },
	};

	check(deeds, COUNT_OF(deeds));
}
END_TEST

static int bound(int type)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	return fd < 0 || bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0 ? -1 : fd;
}

static long open_door(void)
{
	int fd = bound(SOCK_STREAM);
	return fd < 0 ? fd : listen(fd, 1);
}

static long let_in(void)
{
	return accept4(0, NULL, NULL, 0);
}

static long make_process(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	return pid;
}

static long end_another(void)
{
	return kill(getppid(), 0);
}

static long end_thread_of_another(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), 0);
}

static long type_into_terminal(void)
{
	return ioctl(0, TIOCSTI, "x");
}

START_TEST(what_an_agent_is_not_for_is_refused)
{
	const struct deed deeds[] = {
		{ "listen", open_door, EPERM },
		{ "accept", let_in, EPERM },
		{ "fork", make_process, SANITIZED ? 0 : EPERM },
		{ "kill", end_another, EPERM },
		{ "tgkill", end_thread_of_another, EPERM },
		{ "TIOCSTI", type_into_terminal, EPERM },
	};

	check(deeds, COUNT_OF(deeds));
}
END_TEST

static long open_packets(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0);
}

static long open_crypto(void)
{
	return socket(AF_ALG, SOCK_SEQPACKET, 0);
}

static long open_vsock(void)
{
	return socket(AF_VSOCK, SOCK_STREAM, 0);
}

START_TEST(sockets_are_of_the_families_that_agents_speak)
{
	const struct deed deeds[] = {
		{ "AF_PACKET", open_packets, EAFNOSUPPORT },
		{ "AF_ALG", open_crypto, EAFNOSUPPORT },
		{ "AF_VSOCK", open_vsock, EAFNOSUPPORT },
	};

	check(deeds, COUNT_OF(deeds));
}
END_TEST

static long map(int protection, int flags, int fd)
{
	return mmap(NULL, 4096, protection, flags, fd, 0) == MAP_FAILED ? -1 : 0;
}

static long map_written_code(void)
{
	return map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static long map_code_of_nobody(void)
{
	return map(PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static long turn_data_into_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static long map_writable_library(void)
{
	AUTO_CLOSE int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	return map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE, fd);
}

static long map_library(void)
{
	AUTO_CLOSE int fd = open("/lib64/ld-linux-x86-64.so.2", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = open("/lib/ld-linux-aarch64.so.1", O_RDONLY | O_CLOEXEC);
	return map(PROT_READ | PROT_EXEC, MAP_PRIVATE, fd);
}

START_TEST(memory_is_never_written_and_executed)
{
	const struct deed deeds[] = {
		{ "written and executed", map_written_code, EPERM },
		{ "code of no file", map_code_of_nobody, EPERM },
		{ "data turned into code", turn_data_into_code, EPERM },
		{ "a library that can be written", map_writable_library, EPERM },
		{ "a library", map_library, 0 },
	};

	check(deeds, COUNT_OF(deeds));
}
END_TEST

static long call_of_tomorrow(void)
{
	return syscall(5000);
}

START_TEST(a_call_that_nobody_knows_is_not_there)
{
	ck_assert_int_eq(outcome(call_of_tomorrow), ENOSYS);
}
END_TEST

static void *say_done(void *arg)
{
	return arg;
}

static long start_thread(void)
{
	pthread_t thread;
	void *result = NULL;
	char mine = 0;

	errno = pthread_create(&thread, NULL, say_done, &mine);
	if (errno)
		return -1;
	errno = pthread_join(thread, &result);
	return result == &mine ? 0 : -1;
}

static long open_udp(void)
{
	int fd = bound(SOCK_DGRAM);
	return fd < 0 ? fd : 0;
}

static long give_up(void)
{
	abort();
}

START_TEST(what_an_agent_lives_on_goes_on)
{
	const struct deed deeds[] = {
		{ "a thread", start_thread, 0 },
		{ "a UDP socket", open_udp, 0 },
		{ "abort", give_up, -SIGABRT },
	};

	check(deeds, COUNT_OF(deeds));
}
END_TEST

static void *open_door_beside(void *arg)
{
	long *result = arg;
	*result = open_door();
	return NULL;
}

static long open_door_in_thread(void)
{
	pthread_t thread;
	long result = 0;

	if (pthread_create(&thread, NULL, open_door_beside, &result) != 0)
		return 0;
	pthread_join(thread, NULL);
	errno = EPERM; /* of the other thread; result tells whether it was one */
	return result;
}

START_TEST(threads_that_start_later_are_held_too)
{
	ck_assert_int_eq(outcome(open_door_in_thread), EPERM);
}
END_TEST

START_TEST(no_image_of_the_memory_is_left)
{
	struct error err = { 0 };
	struct rlimit limit;

	ck_assert_int_eq(sandbox_enter(false, &err), 0);
	ck_assert_int_eq(prctl(PR_GET_DUMPABLE), 0);
	ck_assert_int_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	ck_assert_int_eq(getrlimit(RLIMIT_CORE, &limit), 0);
	ck_assert_uint_eq(limit.rlim_max, 0);
}
END_TEST

static long end_of_unfiltered(void)
{
	struct error err = { 0 };
	pid_t pid = fork();

	if (pid == 0)
		_exit(sandbox_enter(false, &err) == 0 && open_door() == 0 ? 0 : 1);
	int status = 1;
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

START_TEST(without_the_filter_a_door_can_be_opened)
{
	ck_assert_int_eq(end_of_unfiltered(), 0);
}
END_TEST

TEST_MAIN("agents.common.sandbox", what_only_an_intruder_does_ends_the_process,
	  what_an_agent_is_not_for_is_refused, sockets_are_of_the_families_that_agents_speak,
	  memory_is_never_written_and_executed, a_call_that_nobody_knows_is_not_there,
	  what_an_agent_lives_on_goes_on, threads_that_start_later_are_held_too,
	  no_image_of_the_memory_is_left, without_the_filter_a_door_can_be_opened)
