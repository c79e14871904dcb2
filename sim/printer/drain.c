#include "sim/printer/drain.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "sim/printer/device.h"

enum { CONNECTIONS_MAX = 512, BACKLOG = 128, CHUNK = 65536 };

struct connection {
	struct drain *drain;
	int fd;
	struct watch *watch;
	struct connection *next, **link;
};

struct drain {
	struct loop *loop;
	struct fleet *fleet;
	int fd;
	bool hangs_up;
	struct watch *watch;
	struct connection *first; /* newest first */
	size_t count;
};

/* A scanning client waits 10 s for the first word of a scanner; to hang up tells it at once. */
const struct drain_port drain_ports[] = {
	{ 9100, false },
	{ 515, false },
	{ 1865, true },
	{ 0, false },
};

static void connection_free(struct connection *connection)
{
	*connection->link = connection->next;
	if (connection->next)
		connection->next->link = connection->link;
	connection->drain->count--;
	watch_free(connection->watch);
	close(connection->fd);
	free(connection);
}

static void reset(int fd)
{
	const struct linger at_once = { .l_onoff = 1 };
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
}

static void on_bytes(void *arg, unsigned events)
{
	struct connection *connection = arg;
	uint8_t chunk[CHUNK];

	(void)events;
	ssize_t size = recv(connection->fd, chunk, sizeof(chunk), 0);
	if (size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	connection_free(connection);
}

static bool is_served(const struct drain *drain, int fd)
{
	struct sockaddr_in local;
	socklen_t size = sizeof(local);

	if (getsockname(fd, (struct sockaddr *)&local, &size) < 0)
		return false;
	const struct device *device = fleet_at(drain->fleet, ntohl(local.sin_addr.s_addr));
	return device && device->on;
}

static void drop_oldest(struct drain *drain)
{
	struct connection *last = drain->first;
	while (last->next)
		last = last->next;
	connection_free(last);
}

static void on_connection(void *arg, unsigned events)
{
	struct drain *drain = arg;

	(void)events;
	int fd = accept4(drain->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return; /* gone again before it was accepted */
	if (!is_served(drain, fd)) {
		reset(fd);
		return;
	}
	if (drain->hangs_up) {
		close(fd);
		return;
	}
	if (drain->count == CONNECTIONS_MAX)
		drop_oldest(drain);
	struct connection *connection = alloc_zero(1, sizeof(*connection));
	connection->drain = drain;
	connection->fd = fd;
	connection->link = &drain->first;
	connection->next = drain->first;
	if (connection->next)
		connection->next->link = &connection->next;
	drain->first = connection;
	drain->count++;
	connection->watch = watch_new(drain->loop, fd, LOOP_READ, on_bytes, connection);
}

struct drain *drain_new(struct loop *loop, struct fleet *fleet, int fd, bool hangs_up)
{
	struct drain *drain = alloc_zero(1, sizeof(*drain));

	drain->loop = loop;
	drain->fleet = fleet;
	drain->fd = fd;
	drain->hangs_up = hangs_up;
	drain->watch = watch_new(loop, fd, LOOP_READ, on_connection, drain);
	return drain;
}

void drain_free(struct drain *drain)
{
	if (!drain)
		return;
	while (drain->first)
		connection_free(drain->first);
	watch_free(drain->watch);
	close(drain->fd);
	free(drain);
}

int drain_socket(const char *interface, uint16_t port, struct error *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    (!interface || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
				      (socklen_t)strlen(interface)) == 0) &&
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int code = errno;
	if (fd >= 0)
		close(fd);
	return error_set(err, code, "cannot listen on TCP port %u: %s", port, strerror(code));
}
