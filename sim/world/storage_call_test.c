#include "sim/world/storage_call.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "sim/world/world.h"

/* Of this process: its memory and descriptors are as good as an agent's. */
static bool read_call(struct storage_call *call, long number, uint64_t a, uint64_t b, uint64_t c,
		      uint64_t d)
{
	struct seccomp_notif request = {
		.pid = (uint32_t)getpid(),
		.data = { .nr = (int)number, .args = { a, b, c, d } },
	};

	return storage_call_read(call, &request);
}

static uint64_t at(const char *text)
{
	return (uint64_t)(uintptr_t)text;
}

START_TEST(calls_below_the_state_folder_are_known_by_their_path)
{
	static const char name[] = WORLD_STATE_FOLDER "/records/../records/1";
	static const char other[] = "/tmp/x";
	struct storage_call call;
	uint64_t here = (uint64_t)AT_FDCWD;

	ck_assert(read_call(&call, SYS_openat, here, at(name), O_WRONLY | O_CREAT, 0600));
	ck_assert_str_eq(call.path, WORLD_STATE_FOLDER "/records/1");
	ck_assert_int_eq(call.kind->effect, FILECALL_OPENS);
	ck_assert_uint_eq(call.flags, O_WRONLY | O_CREAT);
	ck_assert(read_call(&call, SYS_unlinkat, here, at(name), 0, 0));
	ck_assert_int_eq(call.kind->effect, FILECALL_REMOVES);
	/* A new name counts, not the old one. */
	ck_assert(read_call(&call, SYS_renameat2, here, at(other), here, at(name)));
	ck_assert_int_eq(call.kind->effect, FILECALL_NAMES);
	ck_assert(!read_call(&call, SYS_renameat2, here, at(name), here, at(other)));
}
END_TEST

START_TEST(what_lies_elsewhere_is_nobodys_business)
{
	static const char beside[] = WORLD_STATE_FOLDER "-other/1";
	static const char mode[] = WORLD_STATE_FOLDER "/1";
	struct storage_call call;
	AUTO_CLOSE int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert(!read_call(&call, SYS_write, (uint64_t)null, 0, 0, 0));
	ck_assert(!read_call(&call, SYS_write, (uint64_t)ends[1], 0, 0, 0));
	ck_assert(!read_call(&call, SYS_write, 9999, 0, 0, 0));
	ck_assert(!read_call(&call, SYS_mkdirat, (uint64_t)AT_FDCWD, at(beside), 0, 0));
	ck_assert(!read_call(&call, SYS_unlinkat, (uint64_t)AT_FDCWD, 8 /* no memory */, 0, 0));
	ck_assert(!read_call(&call, SYS_getpid, 0, 0, 0, 0));
	ck_assert(!read_call(&call, SYS_fchmodat, (uint64_t)AT_FDCWD, at(mode), 0600, 0));
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(a_write_says_from_which_byte_on_the_file_changes)
{
	struct storage_call call;

	/* What it says of a file elsewhere is not used, but it says it. */
	for (int i = 0; i < 2; i++) {
		char path[] = "/tmp/storage-call-XXXXXX";
		AUTO_CLOSE int fd = mkstemp(path);
		ck_assert_int_eq(unlink(path), 0);
		ck_assert_int_eq(write(fd, "abcdef", 6), 6);
		ck_assert_int_eq(lseek(fd, 2, SEEK_SET), 2);
		if (i)
			ck_assert_int_eq(fcntl(fd, F_SETFL, O_APPEND), 0);
		read_call(&call, SYS_write, (uint64_t)fd, 0, 0, 0);
		ck_assert_uint_eq(call.from, i ? 6 : 2);
		read_call(&call, SYS_pwrite64, (uint64_t)fd, 0, 0, 4);
		ck_assert_uint_eq(call.from, 4);
		read_call(&call, SYS_ftruncate, (uint64_t)fd, 3, 0, 0);
		ck_assert_uint_eq(call.from, 3);
		read_call(&call, SYS_pwritev2, (uint64_t)fd, 0, 0, UINT64_MAX);
		ck_assert_uint_eq(call.from, i ? 6 : 2);
	}
}
END_TEST

TEST_MAIN("sim.world.storage_call", calls_below_the_state_folder_are_known_by_their_path,
	  what_lies_elsewhere_is_nobodys_business, a_write_says_from_which_byte_on_the_file_changes)
