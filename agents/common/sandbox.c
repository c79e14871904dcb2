#include "agents/common/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#error "the filter knows x86_64 and aarch64"
#endif

enum {
	X32 = 0x40000000, /* added to call numbers of the x32 way on x86_64 */
	CODE_MAX = 1024,
	ALLOWED = (int)SECCOMP_RET_ALLOW,
	REFUSED = SECCOMP_RET_ERRNO | EPERM,
	UNKNOWN = SECCOMP_RET_ERRNO | ENOSYS,
	NO_FAMILY = SECCOMP_RET_ERRNO | EAFNOSUPPORT,
};

#if defined(__SANITIZE_ADDRESS__)
/* The search for leaks at the end forks and traces; a report starts a program that finds names. */
#define FATAL REFUSED
#define FORKS ALLOWED
#else
#define FATAL SECCOMP_RET_KILL_PROCESS
#define FORKS REFUSED
#endif

static const uint32_t allowed[] = {
	/* what the loop and the threads live on */
	SYS_epoll_pwait,
	SYS_epoll_ctl,
	SYS_futex,
	SYS_read,
	SYS_write,
	SYS_clock_gettime,
	SYS_recvmsg,
	SYS_sendto,
	SYS_recvfrom,
	SYS_sendmsg,
	SYS_ppoll,
	SYS_sendmmsg,
	SYS_recvmmsg,
	SYS_pselect6,
	SYS_readv,
	SYS_writev,
	SYS_pread64,
	SYS_pwrite64,
	SYS_close,
	SYS_epoll_create1,
	SYS_eventfd2,
	SYS_signalfd4,
	SYS_timerfd_create,
	SYS_timerfd_settime,
	SYS_timerfd_gettime,
	SYS_pipe2,
	SYS_dup,
	SYS_dup3,
	SYS_fcntl,
	SYS_nanosleep,
	SYS_clock_nanosleep,
	SYS_clock_getres,
	SYS_gettimeofday,
	/* sockets of a client */
	SYS_socketpair,
	SYS_connect,
	SYS_bind,
	SYS_shutdown,
	SYS_getsockname,
	SYS_getpeername,
	SYS_getsockopt,
	SYS_setsockopt,
	/* files */
	SYS_openat,
	SYS_newfstatat,
	SYS_fstat,
	SYS_statx,
	SYS_statfs,
	SYS_fstatfs,
	SYS_lseek,
	SYS_faccessat,
	SYS_faccessat2,
	SYS_readlinkat,
	SYS_getdents64,
	SYS_getcwd,
	SYS_fsync,
	SYS_fdatasync,
	SYS_ftruncate,
	SYS_fallocate,
	SYS_flock,
	SYS_fchmod,
	SYS_fchmodat,
	SYS_umask,
	SYS_mkdirat,
	SYS_renameat,
	SYS_renameat2,
	SYS_unlinkat,
	SYS_linkat,
	/* memory */
	SYS_brk,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_mlock,
	SYS_munlock,
	SYS_membarrier,
	/* signals, threads, the end */
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_rt_sigtimedwait,
	SYS_sigaltstack,
	SYS_restart_syscall,
	SYS_set_robust_list,
	SYS_set_tid_address,
	SYS_rseq,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_sched_getparam,
	SYS_sched_getscheduler,
	SYS_exit,
	SYS_exit_group,
	/* who and where */
	SYS_getpid,
	SYS_getppid,
	SYS_gettid,
	SYS_getuid,
	SYS_geteuid,
	SYS_getgid,
	SYS_getegid,
	SYS_uname,
	SYS_sysinfo,
	SYS_getrandom,
	SYS_getrusage,
	SYS_getcpu,
	SYS_getrlimit,
	SYS_prlimit64,
#if defined(__x86_64__)
	/* names from before the *at calls, which aarch64 never had */
	SYS_epoll_wait,
	SYS_poll,
	SYS_select,
	SYS_open,
	SYS_stat,
	SYS_lstat,
	SYS_access,
	SYS_readlink,
	SYS_getdents,
	SYS_mkdir,
	SYS_rmdir,
	SYS_rename,
	SYS_unlink,
	SYS_link,
	SYS_chmod,
	SYS_dup2,
	SYS_pipe,
	SYS_eventfd,
	SYS_time,
	SYS_arch_prctl,
#endif
#if defined(__SANITIZE_ADDRESS__)
	SYS_ptrace,
	SYS_prctl,
	SYS_wait4,
#endif
};

static const struct {
	uint32_t call, action;
} told[] = {
	{ SYS_execve, FATAL },
	{ SYS_execveat, FATAL },
	{ SYS_ptrace, FATAL },
	{ SYS_process_vm_readv, FATAL },
	{ SYS_process_vm_writev, FATAL },
	{ SYS_pidfd_getfd, FATAL },
	{ SYS_setuid, FATAL },
	{ SYS_setgid, FATAL },
	{ SYS_setreuid, FATAL },
	{ SYS_setregid, FATAL },
	{ SYS_setresuid, FATAL },
	{ SYS_setresgid, FATAL },
	{ SYS_setfsuid, FATAL },
	{ SYS_setfsgid, FATAL },
	{ SYS_setgroups, FATAL },
	{ SYS_capset, FATAL },
	{ SYS_mount, FATAL },
	{ SYS_umount2, FATAL },
	{ SYS_move_mount, FATAL },
	{ SYS_open_tree, FATAL },
	{ SYS_fsopen, FATAL },
	{ SYS_fsmount, FATAL },
	{ SYS_mount_setattr, FATAL },
	{ SYS_pivot_root, FATAL },
	{ SYS_chroot, FATAL },
	{ SYS_unshare, FATAL },
	{ SYS_setns, FATAL },
	{ SYS_bpf, FATAL },
	{ SYS_perf_event_open, FATAL },
	{ SYS_userfaultfd, FATAL },
	{ SYS_init_module, FATAL },
	{ SYS_finit_module, FATAL },
	{ SYS_delete_module, FATAL },
	{ SYS_kexec_load, FATAL },
	{ SYS_kexec_file_load, FATAL },
	{ SYS_reboot, FATAL },
	{ SYS_add_key, FATAL },
	{ SYS_request_key, FATAL },
	{ SYS_keyctl, FATAL },
	{ SYS_open_by_handle_at, FATAL },
	{ SYS_clock_settime, FATAL },
	{ SYS_settimeofday, FATAL },
	{ SYS_listen, REFUSED },
	{ SYS_accept, REFUSED },
	{ SYS_accept4, REFUSED },
	{ SYS_kill, REFUSED },
	{ SYS_tkill, REFUSED },
	{ SYS_setsid, REFUSED },
#if defined(__x86_64__)
	{ SYS_iopl, FATAL },
	{ SYS_ioperm, FATAL },
	{ SYS_fork, REFUSED },
	{ SYS_vfork, REFUSED },
#endif
	/* Its flags lie in memory, where no filter sees them; the C library goes on to clone. */
	{ SYS_clone3, UNKNOWN },
};

static const uint32_t families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };
static const uint32_t process_options[] = { PR_SET_NAME, PR_GET_DUMPABLE };
/* Not TIOCSTI, which types into the terminal that an agent was started from. */
static const uint32_t device_requests[] = { FIONBIO, FIONREAD, FIOCLEX, TCGETS, TIOCGWINSZ };

/* Calls that one argument decides on: one of these values, or something else. */
static const struct {
	uint32_t call, argument;
	const uint32_t *values;
	uint8_t count;
	uint32_t otherwise;
} choices[] = {
	{ SYS_socket, 0, families, COUNT_OF(families), NO_FAMILY },
	{ SYS_prctl, 0, process_options, COUNT_OF(process_options), REFUSED },
	{ SYS_ioctl, 1, device_requests, COUNT_OF(device_requests), REFUSED },
};

/* Calls that bits decide on: with one of each it is the first answer, else the second. */
static const struct {
	uint32_t call;
	struct {
		uint32_t argument, bits;
	} first, second;
	uint32_t with, without;
	bool goes_on; /* without: the next row of the same call decides */
} bits[] = {
	{ SYS_clone, { 0, CLONE_THREAD }, { 0, CLONE_THREAD }, ALLOWED, FORKS, false },
	{ SYS_mprotect, { 2, PROT_EXEC }, { 2, PROT_EXEC }, REFUSED, ALLOWED, false },
	{ SYS_mmap, { 2, PROT_EXEC }, { 2, PROT_WRITE }, REFUSED, ALLOWED, true },
	{ SYS_mmap, { 2, PROT_EXEC }, { 3, MAP_ANONYMOUS }, REFUSED, ALLOWED, false },
};

struct program {
	struct sock_filter code[CODE_MAX];
	unsigned short size;
};

static void add(struct program *program, uint16_t code, uint32_t value, uint8_t when_true,
		uint8_t when_false)
{
	program->code[program->size++] = (struct sock_filter){ code, when_true, when_false, value };
}

static void load(struct program *program, size_t offset)
{
	add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void load_call(struct program *program)
{
	load(program, offsetof(struct seccomp_data, nr));
}

/* Both machines are little-endian: the low half of an argument comes first. */
static void load_argument(struct program *program, uint32_t index)
{
	load(program, offsetof(struct seccomp_data, args) + index * sizeof(uint64_t));
}

static void answer(struct program *program, uint32_t action)
{
	add(program, BPF_RET | BPF_K, action, 0, 0);
}

static void answer_call(struct program *program, uint32_t call, uint32_t action)
{
	add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
	answer(program, action);
}

static void answer_choice(struct program *program, uint32_t call, uint32_t argument,
			  const uint32_t *values, uint8_t count, uint32_t otherwise)
{
	add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, (uint8_t)(count + 3));
	load_argument(program, argument);
	for (uint8_t i = 0; i < count; i++)
		add(program, BPF_JMP | BPF_JEQ | BPF_K, values[i], (uint8_t)(count - i), 0);
	answer(program, otherwise);
	answer(program, ALLOWED);
}

static void answer_bits(struct program *program, size_t i)
{
	bool goes_on = bits[i].goes_on;

	add(program, BPF_JMP | BPF_JEQ | BPF_K, bits[i].call, 0, 6);
	load_argument(program, bits[i].first.argument);
	add(program, BPF_JMP | BPF_JSET | BPF_K, bits[i].first.bits, 0, 3);
	load_argument(program, bits[i].second.argument);
	add(program, BPF_JMP | BPF_JSET | BPF_K, bits[i].second.bits, 0, 1);
	answer(program, bits[i].with);
	if (goes_on)
		load_call(program);
	else
		answer(program, bits[i].without);
}

static void write_program(struct program *program)
{
	const uint32_t own = (uint32_t)getpid();

	program->size = 0;
	load(program, offsetof(struct seccomp_data, arch));
	add(program, BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 1, 0);
	answer(program, SECCOMP_RET_KILL_PROCESS);
	load_call(program);
	add(program, BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1);
	answer(program, SECCOMP_RET_KILL_PROCESS);
	for (size_t i = 0; i < COUNT_OF(allowed); i++)
		answer_call(program, allowed[i], ALLOWED);
	for (size_t i = 0; i < COUNT_OF(told); i++)
		answer_call(program, told[i].call, told[i].action);
	for (size_t i = 0; i < COUNT_OF(choices); i++)
		answer_choice(program, choices[i].call, choices[i].argument, choices[i].values,
			      choices[i].count, choices[i].otherwise);
	answer_choice(program, SYS_tgkill, 0, &own, 1, REFUSED); /* abort() */
	for (size_t i = 0; i < COUNT_OF(bits); i++)
		answer_bits(program, i);
	answer(program, UNKNOWN);
}

static int install(struct error *err)
{
	struct program program;

	write_program(&program);
	struct sock_fprog all = { .len = program.size, .filter = program.code };
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &all) < 0)
		return error_set(err, errno, "cannot set the filter of system calls: %s",
				 strerror(errno));
	return 0;
}

int sandbox_enter(bool filtered, struct error *err)
{
	const struct rlimit none = { 0, 0 };

	/* Not dumpable: neither a core file nor another process of the same user shows the memory,
	 * whatever the machine pipes core files into, where the limit does not count. */
	if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return error_set(err, errno, "cannot forbid images of its memory: %s",
				 strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_set(err, errno, "cannot give up privileges: %s", strerror(errno));
	return filtered ? install(err) : 0;
}
