#include "sim/world/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "sim/world/filecall.h"

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#error "the filter knows x86_64 and aarch64"
#endif

enum {
	X32 = 0x40000000, /* added to call numbers of the x32 way on x86_64 */
	REFUSE = SECCOMP_RET_ERRNO | EPERM,
	ABSENT = SECCOMP_RET_ERRNO | ENOSYS,
	PROGRAM_MAX = 256,
	WRITING = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC,
	NEW_NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
			 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
};

static const struct {
	uint32_t call;
	uint32_t action;
} rules[] = {
	{ SYS_bind, SECCOMP_RET_USER_NOTIF },
	{ SYS_listen, SECCOMP_RET_USER_NOTIF },
	/* io_uring binds and listens past this filter, so it is not there. */
	{ SYS_io_uring_setup, ABSENT },
	{ SYS_io_uring_enter, ABSENT },
	{ SYS_io_uring_register, ABSENT },
	/* Their flags lie in memory, where a filter cannot see them; C libraries go on to clone and
	 * openat. */
	{ SYS_clone3, ABSENT },
	{ SYS_openat2, ABSENT },
	{ SYS_unshare, REFUSE },
	{ SYS_setns, REFUSE },
	{ SYS_mount, REFUSE },
	{ SYS_umount2, REFUSE },
	{ SYS_pivot_root, REFUSE },
	{ SYS_chroot, REFUSE },
	{ SYS_open_tree, REFUSE },
	{ SYS_move_mount, REFUSE },
	{ SYS_fsopen, REFUSE },
	{ SYS_fsconfig, REFUSE },
	{ SYS_fsmount, REFUSE },
	{ SYS_fspick, REFUSE },
	{ SYS_mount_setattr, REFUSE },
	{ SYS_open_by_handle_at, REFUSE },
	{ SYS_ptrace, REFUSE },
	{ SYS_process_vm_readv, REFUSE },
	{ SYS_process_vm_writev, REFUSE },
	{ SYS_pidfd_getfd, REFUSE },
	{ SYS_kcmp, REFUSE },
	{ SYS_bpf, REFUSE },
	{ SYS_perf_event_open, REFUSE },
	{ SYS_userfaultfd, REFUSE },
	{ SYS_add_key, REFUSE },
	{ SYS_request_key, REFUSE },
	{ SYS_keyctl, REFUSE },
	{ SYS_kexec_load, REFUSE },
	{ SYS_kexec_file_load, REFUSE },
	{ SYS_init_module, REFUSE },
	{ SYS_finit_module, REFUSE },
	{ SYS_delete_module, REFUSE },
	{ SYS_reboot, REFUSE },
	{ SYS_swapon, REFUSE },
	{ SYS_swapoff, REFUSE },
	{ SYS_acct, REFUSE },
	{ SYS_quotactl, REFUSE },
	{ SYS_syslog, REFUSE },
	{ SYS_settimeofday, REFUSE },
	{ SYS_clock_settime, REFUSE },
#if defined(__x86_64__)
	{ SYS_iopl, REFUSE },
	{ SYS_ioperm, REFUSE },
#endif
};

/* AF_VSOCK, AF_ALG and their kind know no network namespace. */
static const uint32_t families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };

struct program {
	struct sock_filter code[PROGRAM_MAX];
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

static void answer(struct program *program, uint32_t action)
{
	add(program, BPF_RET | BPF_K, action, 0, 0);
}

/* Both machines are little-endian: the low half of an argument comes first. */
static void load_argument(struct program *program, size_t index)
{
	load(program, offsetof(struct seccomp_data, args) + index * sizeof(uint64_t));
}

static void load_first_argument(struct program *program)
{
	load_argument(program, 0);
}

static void watch_always(struct program *program, const struct filecall *filecall)
{
	add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)filecall->call, 0, 1);
	answer(program, SECCOMP_RET_USER_NOTIF);
}

/* Opening to write is reported, opening to read is the common case and passes at once. */
static void watch_writing(struct program *program, const struct filecall *filecall)
{
	add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)filecall->call, 0, 4);
	load_argument(program, (size_t)filecall->flags);
	add(program, BPF_JMP | BPF_JSET | BPF_K, WRITING, 0, 1);
	answer(program, SECCOMP_RET_USER_NOTIF);
	answer(program, SECCOMP_RET_ALLOW);
}

/* Calls on open files are many, and nobody asks for them but the faults of the state folder. */
static void watch_files(struct program *program, bool storage)
{
	for (const struct filecall *at = filecalls; at < filecalls + filecall_count; at++) {
		if (at->flags)
			watch_writing(program, at);
		else if (at->file == FILECALL_NONE || storage)
			watch_always(program, at);
	}
}

static void write_program(struct program *program, bool storage)
{
	program->size = 0;
	load(program, offsetof(struct seccomp_data, arch));
	add(program, BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 1, 0);
	answer(program, SECCOMP_RET_KILL_PROCESS);
	load(program, offsetof(struct seccomp_data, nr));
	add(program, BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1);
	answer(program, ABSENT);
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		add(program, BPF_JMP | BPF_JEQ | BPF_K, rules[i].call, 0, 1);
		answer(program, rules[i].action);
	}
	watch_files(program, storage);
	uint8_t count = COUNT_OF(families);
	add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, (uint8_t)(count + 3));
	load_first_argument(program);
	for (uint8_t i = 0; i < count; i++)
		add(program, BPF_JMP | BPF_JEQ | BPF_K, families[i], (uint8_t)(count - i), 0);
	answer(program, SECCOMP_RET_ERRNO | EAFNOSUPPORT);
	answer(program, SECCOMP_RET_ALLOW);
	add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3);
	load_first_argument(program);
	add(program, BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1);
	answer(program, REFUSE);
	answer(program, SECCOMP_RET_ALLOW);
}

int filter_install(bool storage)
{
	struct program program;
	unsigned flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;

	write_program(&program, storage);
	struct sock_fprog all = { .len = program.size, .filter = program.code };
	long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			  flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &all);
	/* Kernels before 5.19 do not know the second flag; without it a signal may make the agent
	 * repeat a call that was reported, which is then reported twice. */
	if (fd < 0 && errno == EINVAL)
		fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &all);
	return fd < 0 ? -errno : (int)fd;
}
