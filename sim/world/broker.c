#include "sim/world/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "sim/world/fdpass.h"

enum broker_job { BROKER_MAP, BROKER_TUN };

struct request {
	enum broker_job job;
	pid_t worker;
	uid_t uid;
	gid_t gid;
};

enum { CANNOT_ENTER = 1 }; /* an answer beside 0 and negative errno */

static int write_file(const char *path, const char *text)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

static int write_map(pid_t worker, const char *name, unsigned outside)
{
	char path[64], line[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", worker, name);
	snprintf(line, sizeof(line), "1000 %u 1\n", outside);
	return write_file(path, line);
}

static int serve_map(const struct request *request)
{
	int code = write_map(request->worker, "uid_map", request->uid);
	return code ? code : write_map(request->worker, "gid_map", request->gid);
}

static int serve_tun(int network, int *fd)
{
	/* A root that lacks CAP_SYS_ADMIN in its own namespace may not enter another one. */
	if (setns(network, CLONE_NEWNET) < 0)
		return errno == EPERM ? CANNOT_ENTER : -errno;
	*fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return *fd < 0 ? -errno : 0;
}

static void serve(int socket, pid_t worker)
{
	struct request request;
	int network;

	while (fdpass_receive(socket, &request, sizeof(request), &network, NULL, -1) ==
	       sizeof(request)) {
		AUTO_CLOSE int fd = -1;
		request.worker = worker;
		int code =
			request.job == BROKER_MAP ? serve_map(&request) : serve_tun(network, &fd);
		if (network >= 0)
			close(network);
		if (fdpass_send(socket, &code, sizeof(code), fd))
			return;
	}
}

int broker_start(struct broker *broker, struct error *err)
{
	int ends[2];
	pid_t worker = getpid();

	*broker = (struct broker){ .socket = -1 };
	int code = fdpass_pair(ends);
	if (code)
		return error_set(err, -code, "cannot make a socket pair: %s", strerror(-code));
	pid_t pid = fork();
	if (pid == 0) {
		/* Nothing of the worker's may stay open here, or its ends would never be seen. */
		signal(SIGINT, SIG_IGN); /* ends with the worker, not with the terminal */
		dup2(ends[1], 3);
		close_range(4, ~0u, 0);
		serve(3, worker);
		_exit(0);
	}
	code = errno;
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return error_set(err, code, "cannot fork: %s", strerror(code));
	}
	*broker = (struct broker){ .socket = ends[0], .pid = pid };
	return 0;
}

void broker_stop(struct broker *broker)
{
	if (broker->socket < 0)
		return;
	close(broker->socket);
	while (waitpid(broker->pid, NULL, 0) < 0 && errno == EINTR)
		;
	broker->socket = -1;
}

static int ask(const struct broker *broker, const struct request *request, int network, int *fd)
{
	int answer;

	int code = fdpass_send(broker->socket, request, sizeof(*request), network);
	if (code)
		return code;
	ssize_t got = fdpass_receive(broker->socket, &answer, sizeof(answer), fd, NULL, 10000);
	if (got < 0)
		return (int)got;
	return got == sizeof(answer) ? answer : -EPIPE;
}

int broker_map(const struct broker *broker, uid_t uid, gid_t gid, struct error *err)
{
	struct request request = { .job = BROKER_MAP, .uid = uid, .gid = gid };
	int code = ask(broker, &request, -1, NULL);

	if (code)
		return error_set(err, -code,
				 "root cannot write the identity map: %s; run outside of this "
				 "container or user namespace, or as an ordinary user",
				 strerror(-code));
	return 0;
}

int broker_tun(const struct broker *broker, int network, struct error *err)
{
	struct request request = { .job = BROKER_TUN };
	int fd = -1;
	int code = ask(broker, &request, network, &fd);

	if (code == CANNOT_ENTER)
		return error_set(err, EPERM,
				 "this root may not enter the world's network; start the container "
				 "with `--cap-add SYS_ADMIN`, or run as an ordinary user, for "
				 "example with `--user 1000`");
	if (code)
		return error_set(err, -code,
				 "root cannot open /dev/net/tun: %s; load the driver with "
				 "`modprobe tun`, or give the container `--device /dev/net/tun`",
				 strerror(-code));
	return fd;
}
