#include "conformance/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"

enum {
	CLIENTS_MAX = 32,
	SILENCE_MS = 10000,
	ANSWER_MAX = 1 << 30, /* the truth of the largest fleet */
	CHUNK = 65536,
};

struct client {
	struct control *control;
	int fd;
	struct watch *watch;
	struct timer *silence;
	struct buf in, out;
	size_t sent; /* of out */
	struct client *next, **link;
};

struct control {
	struct loop *loop;
	const struct request_to *to;
	char *path;
	int fd;
	struct watch *watch;
	struct client *clients;
	size_t count;
};

char *control_default_path(void)
{
	const char *given = getenv("ECSP_CONTROL");
	const char *folder = getenv("XDG_RUNTIME_DIR");

	if (given && *given)
		return alloc_text(given);
	if (folder && *folder)
		return alloc_printf("%s/ecsp.sock", folder);
	return alloc_printf("/tmp/ecsp-%u.sock", geteuid());
}

/* ---- clients ---- */

static void client_free(struct client *client)
{
	*client->link = client->next;
	if (client->next)
		client->next->link = client->link;
	client->control->count--;
	watch_free(client->watch);
	timer_free(client->silence);
	close(client->fd);
	buf_done(&client->in);
	buf_done(&client->out);
	free(client);
}

static void on_silence(void *arg)
{
	client_free(arg);
}

/* Sends what waits. False: the client is gone. */
static bool flush(struct client *client)
{
	while (client->sent < client->out.size) {
		ssize_t sent = send(client->fd, client->out.data + client->sent,
				    client->out.size - client->sent, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN)
			break;
		if (sent < 0)
			return false;
		client->sent += (size_t)sent;
	}
	if (client->sent == client->out.size) {
		buf_clear(&client->out);
		client->sent = 0;
	}
	/* Further requests wait until their predecessor has been answered. */
	watch_set(client->watch, client->out.size ? LOOP_WRITE : LOOP_READ);
	return true;
}

static bool reply(struct client *client, const char *line, size_t size)
{
	AUTO_JSON json_t *answer = request_answer(client->control->to, line, size);
	AUTO_FREE char *text = json_text(answer);

	buf_add_text(&client->out, text);
	buf_add_u8(&client->out, '\n');
	return !client->out.failed && flush(client);
}

/* Answers whole lines until one answer has to wait. A line over the limit is refused, and ends the
 * connection: there is no telling where the next one begins. */
static bool answer_lines(struct client *client)
{
	static const char refusal[] = "{\"error\":\"found a line that is too long\"}\n";
	uint8_t *end;

	while (!client->out.size && client->in.size &&
	       (end = memchr(client->in.data, '\n', client->in.size))) {
		size_t size = (size_t)(end - client->in.data);
		if (!reply(client, (const char *)client->in.data, size))
			return false;
		buf_drop(&client->in, size + 1);
	}
	if (client->out.size || client->in.size <= REQUEST_MAX)
		return true;
	(void)!send(client->fd, refusal, sizeof(refusal) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	return false;
}

static bool take(struct client *client)
{
	uint8_t chunk[CHUNK];
	ssize_t size = recv(client->fd, chunk, sizeof(chunk), 0);

	if (size < 0)
		return errno == EAGAIN || errno == EINTR;
	return size > 0 && buf_add(&client->in, chunk, (size_t)size);
}

static void on_client(void *arg, unsigned events)
{
	struct client *client = arg;
	bool alive = true;

	timer_in(client->silence, SILENCE_MS);
	if (events & LOOP_WRITE)
		alive = flush(client);
	else if (events & LOOP_READ)
		alive = take(client);
	if (!alive || !answer_lines(client))
		client_free(client);
}

static void on_connection(void *arg, unsigned events)
{
	static const char refusal[] = "{\"error\":\"too many are asking at once\"}\n";
	struct control *control = arg;

	(void)events;
	int fd = accept4(control->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return; /* gone again before it was accepted */
	if (control->count == CLIENTS_MAX) {
		(void)!send(fd, refusal, sizeof(refusal) - 1, MSG_NOSIGNAL);
		close(fd);
		return;
	}
	struct client *client = alloc_zero(1, sizeof(*client));
	client->control = control;
	client->fd = fd;
	buf_init(&client->in, REQUEST_MAX + CHUNK);
	buf_init(&client->out, ANSWER_MAX);
	client->link = &control->clients;
	client->next = control->clients;
	if (client->next)
		client->next->link = &client->next;
	control->clients = client;
	control->count++;
	client->watch = watch_new(control->loop, fd, LOOP_READ, on_client, client);
	client->silence = timer_new(control->loop, on_silence, client);
	timer_in(client->silence, SILENCE_MS);
}

/* ---- the socket ---- */

static int set_path(struct sockaddr_un *address, const char *path, struct error *err)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return error_set(err, ENAMETOOLONG, "found the path %s, expected at most %zu bytes",
				 path, sizeof(address->sun_path) - 1);
	memcpy(address->sun_path, path, strlen(path) + 1);
	return 0;
}

/* Takes away a socket of ours that nobody listens on any more. */
static int clear_path(const struct sockaddr_un *address, struct error *err)
{
	struct stat status;

	if (lstat(address->sun_path, &status) < 0)
		return 0;
	if (!S_ISSOCK(status.st_mode) || status.st_uid != geteuid())
		return error_set(err, EEXIST,
				 "found %s there already, expected no file or a "
				 "socket of this user",
				 address->sun_path);
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
			errno == EAGAIN))
		return error_set(err, EADDRINUSE,
				 "a living fleet already answers at %s; give this one another "
				 "--control PATH",
				 address->sun_path);
	unlink(address->sun_path);
	return 0;
}

static int open_socket(const char *path, struct error *err)
{
	struct sockaddr_un address;
	int status = set_path(&address, path, err);

	if (status == 0)
		status = clear_path(&address, err);
	if (status < 0)
		return status;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before = umask(0177);
	bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	int code = errno;
	umask(before);
	if (bound && listen(fd, CLIENTS_MAX) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return error_set(err, code, "cannot listen at %s: %s", path, strerror(code));
}

struct control *control_new(struct loop *loop, const char *path, const struct request_to *to,
			    struct error *err)
{
	int fd = open_socket(path, err);
	if (fd < 0)
		return NULL;
	struct control *control = alloc_zero(1, sizeof(*control));
	control->loop = loop;
	control->to = to;
	control->path = alloc_text(path);
	control->fd = fd;
	control->watch = watch_new(loop, fd, LOOP_READ, on_connection, control);
	return control;
}

void control_free(struct control *control)
{
	if (!control)
		return;
	while (control->clients)
		client_free(control->clients);
	watch_free(control->watch);
	close(control->fd);
	unlink(control->path);
	free(control->path);
	free(control);
}
