#include "base/line_server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/lines.h"

struct line_client {
	struct line_server *server;
	int fd;
	struct watch *watch;
	struct timer *silence;
	struct lines in;
	struct buf out;
	size_t sent; /* of out */
	bool listens;
	struct line_client *next, **link;
};

struct line_server {
	struct line_server_options options;
	struct watch *watch;
	struct line_client *clients;
	size_t count;
};

static void client_free(struct line_client *client)
{
	*client->link = client->next;
	if (client->next)
		client->next->link = client->link;
	client->server->count--;
	watch_free(client->watch);
	timer_free(client->silence);
	close(client->fd);
	lines_done(&client->in);
	buf_done(&client->out);
	free(client);
}

static void on_silence(void *arg)
{
	client_free(arg);
}

/* Sends what waits. False: the client is gone. */
static bool flush(struct line_client *client)
{
	while (client->sent < client->out.size) {
		ssize_t sent = send(client->fd, client->out.data + client->sent,
				    client->out.size - client->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
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
	/* Further lines wait until their predecessor has been answered. */
	watch_set(client->watch, client->out.size ? LOOP_WRITE : LOOP_READ);
	return true;
}

static bool send_line(struct line_client *client, const char *text)
{
	buf_add_text(&client->out, text);
	buf_add_u8(&client->out, '\n');
	return !client->out.failed && flush(client);
}

/* Answers whole lines until one answer has to wait. */
static bool answer_lines(struct line_client *client)
{
	const struct line_server_options *options = &client->server->options;
	const char *line;
	size_t size;

	while (!client->out.size) {
		switch (lines_next(&client->in, &line, &size)) {
		case LINES_NONE:
			return true;
		case LINES_TOO_LONG:
			if (options->too_long)
				send_line(client, options->too_long);
			return false;
		case LINES_ONE:
			break;
		}
		AUTO_FREE char *text = options->answer(options->arg, client, line, size);
		if (!send_line(client, text))
			return false;
	}
	return true;
}

static bool take(struct line_client *client)
{
	uint8_t piece[LINES_PIECE_MAX];
	ssize_t size = recv(client->fd, piece, sizeof(piece), MSG_DONTWAIT);

	if (size < 0)
		return errno == EAGAIN || errno == EINTR;
	return size > 0 && lines_add(&client->in, piece, (size_t)size);
}

static void on_client(void *arg, unsigned events)
{
	struct line_client *client = arg;
	bool alive = true;

	if (client->silence)
		timer_in(client->silence, client->server->options.silence_ms);
	if (events & LOOP_WRITE)
		alive = flush(client);
	else if (events & LOOP_READ)
		alive = take(client);
	if (!alive || !answer_lines(client))
		client_free(client);
}

static void client_new(struct line_server *server, int fd)
{
	const struct line_server_options *options = &server->options;
	struct line_client *client = alloc_zero(1, sizeof(*client));

	client->server = server;
	client->fd = fd;
	lines_init(&client->in, options->line_max);
	buf_init(&client->out, options->answer_max);
	client->link = &server->clients;
	client->next = server->clients;
	if (client->next)
		client->next->link = &client->next;
	server->clients = client;
	server->count++;
	client->watch = watch_new(options->loop, fd, LOOP_READ, on_client, client);
	if (!options->silence_ms)
		return;
	client->silence = timer_new(options->loop, on_silence, client);
	timer_in(client->silence, options->silence_ms);
}

static void on_connection(void *arg, unsigned events)
{
	struct line_server *server = arg;
	const struct line_server_options *options = &server->options;

	(void)events;
	int fd = accept4(options->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return; /* gone again before it was accepted */
	if (server->count < options->clients_max) {
		client_new(server, fd);
		return;
	}
	if (options->too_many) {
		AUTO_FREE char *line = alloc_printf("%s\n", options->too_many);
		(void)!send(fd, line, strlen(line), MSG_NOSIGNAL);
	}
	close(fd);
}

struct line_server *line_server_new(const struct line_server_options *options)
{
	struct line_server *server = alloc_zero(1, sizeof(*server));

	server->options = *options;
	server->watch = watch_new(options->loop, options->fd, LOOP_READ, on_connection, server);
	return server;
}

void line_server_free(struct line_server *server)
{
	if (!server)
		return;
	while (server->clients)
		client_free(server->clients);
	watch_free(server->watch);
	close(server->options.fd);
	free(server);
}

void line_client_listen(struct line_client *client)
{
	client->listens = true;
}

void line_server_tell(struct line_server *server, const char *line)
{
	for (struct line_client *client = server->clients; client; client = client->next)
		/* Freed by its own watch, as a line of this very client may have led here. */
		if (client->listens && !send_line(client, line))
			shutdown(client->fd, SHUT_RDWR);
}
