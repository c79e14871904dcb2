/* probe.c: does this machine let a world be? Everything is tried in a child process. */
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "sim/world/world.h"

enum { PROBE_WITHIN_MS = 20000 };

static bool ended(void *arg)
{
	return !world_running(arg);
}

static int try_world(struct error *err)
{
	static const char *const argv[] = { "true", NULL };
	static const char *const environment[] = { "PATH=/usr/bin:/bin", NULL };
	const struct world_program program = { .argv = argv,
					       .environment = environment,
					       .output_fd = STDERR_FILENO,
					       .state_max = 1 << 20 };
	struct loop *loop = loop_new();
	struct world *world = world_new(&(struct world_options){ .loop = loop }, err);
	int code = world ? world_start(world, &program, err) : -EPERM;

	if (!code && !loop_run_until(loop, ended, world, PROBE_WITHIN_MS))
		code = error_set(err, ETIMEDOUT, "a program in the world did not end");
	world_free(world);
	loop_free(loop);
	return code;
}

static _Noreturn void probe(int answer)
{
	struct error err = { 0 };
	int code = try_world(&err);

	if (code && write(answer, &err, sizeof(err)) != sizeof(err))
		_exit(EXIT_FAILURE);
	_exit(code ? EXIT_FAILURE : EXIT_SUCCESS);
}

int world_probe(struct error *err)
{
	struct error answer;
	int ends[2], status;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(err, errno, "cannot make a pipe: %s", strerror(errno));
	pid_t child = fork();
	if (child == 0)
		probe(ends[1]);
	int code = errno;
	close(ends[1]);
	AUTO_CLOSE int told = ends[0];
	if (child < 0)
		return error_set(err, code, "cannot fork: %s", strerror(code));
	ssize_t size = read(told, &answer, sizeof(answer));
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
		return 0;
	if (size != sizeof(answer))
		return error_set(err, ECHILD, "the probe of the world ended without an answer");
	if (err)
		*err = answer;
	return -EPERM;
}
