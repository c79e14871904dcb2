#include "sim/printer/panel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "sim/printer/behaviour.h"
#include "sim/printer/device.h"

enum { CLIENTS_MAX = 64 };

struct client {
	struct panel *panel;
	int fd;
	struct watch *watch;
	struct buf in, out;
	bool told; /* asked to be told of changes */
	struct client *next, **link;
};

struct panel {
	struct device *device;
	int fd;
	struct watch *watch;
	struct client *clients;
	size_t count;
};

static void client_free(struct client *client)
{
	*client->link = client->next;
	if (client->next)
		client->next->link = client->link;
	client->panel->count--;
	watch_free(client->watch);
	close(client->fd);
	buf_done(&client->in);
	buf_done(&client->out);
	free(client);
}

/* Sends what waits. False: the client is gone. */
static bool flush(struct client *client)
{
	while (client->out.size) {
		ssize_t sent = send(client->fd, client->out.data, client->out.size, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN)
			break;
		if (sent < 0)
			return false;
		buf_drop(&client->out, (size_t)sent);
	}
	watch_set(client->watch, LOOP_READ | (client->out.size ? LOOP_WRITE : 0));
	return true;
}

/* False: the client is gone, or does not read what it asked for. */
static bool send_line(struct client *client, const json_t *json)
{
	char *text = json_text(json);
	buf_add_text(&client->out, text);
	buf_add_u8(&client->out, '\n');
	free(text);
	return !client->out.failed && flush(client);
}

static bool answer_line(struct client *client, const char *line, size_t size)
{
	json_t *answer = panel_answer(client->panel->device, line, size, &client->told);
	bool alive = send_line(client, answer);
	json_decref(answer);
	return alive;
}

/* Answers every whole line. A line over the limit ends the connection: there is no telling where
 * the next one begins. */
static bool answer_lines(struct client *client)
{
	uint8_t *end;
	while (client->in.size && (end = memchr(client->in.data, '\n', client->in.size))) {
		size_t size = (size_t)(end - client->in.data);
		if (!answer_line(client, (const char *)client->in.data, size))
			return false;
		buf_drop(&client->in, size + 1);
	}
	return client->in.size < PANEL_LINE_MAX;
}

static bool take(struct client *client)
{
	uint8_t chunk[16384];
	ssize_t size = recv(client->fd, chunk, sizeof(chunk), 0);
	if (size < 0)
		return errno == EAGAIN || errno == EINTR;
	if (size == 0)
		return false;
	return buf_add(&client->in, chunk, (size_t)size) && answer_lines(client);
}

static void on_client(void *arg, unsigned events)
{
	struct client *client = arg;
	bool alive = true;

	if (events & LOOP_WRITE)
		alive = flush(client);
	if (alive && events & LOOP_READ)
		alive = take(client);
	if (!alive)
		client_free(client);
}

static void on_connection(void *arg, unsigned events)
{
	struct panel *panel = arg;
	(void)events;
	int fd = accept4(panel->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return; /* gone again before it was accepted */
	if (panel->count == CLIENTS_MAX) {
		close(fd);
		return;
	}
	struct client *client = alloc_zero(1, sizeof(*client));
	client->panel = panel;
	client->fd = fd;
	buf_init(&client->in, PANEL_LINE_MAX + 16384);
	buf_init(&client->out, 8 * PANEL_LINE_MAX);
	client->link = &panel->clients;
	client->next = panel->clients;
	if (client->next)
		client->next->link = &client->next;
	panel->clients = client;
	panel->count++;
	client->watch = watch_new(panel->device->host->loop, fd, LOOP_READ, on_client, client);
}

struct panel *panel_new(struct device *device, int listening_fd)
{
	struct panel *panel = alloc_zero(1, sizeof(*panel));
	panel->device = device;
	panel->fd = listening_fd;
	panel->watch = watch_new(device->host->loop, listening_fd, LOOP_READ, on_connection, panel);
	return panel;
}

void panel_free(struct panel *panel)
{
	if (!panel)
		return;
	while (panel->clients)
		client_free(panel->clients);
	watch_free(panel->watch);
	close(panel->fd);
	free(panel);
}

int device_panel(struct device *device, int listening_fd, struct error *err)
{
	int flags = fcntl(listening_fd, F_GETFL);
	if (flags < 0 || fcntl(listening_fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return error_set(err, errno, "panel of %s: %s", device->name, strerror(errno));
	if (device->panel)
		return error_set(err, EEXIST, "panel of %s: found a second one", device->name);
	device->panel = panel_new(device, listening_fd);
	return 0;
}

void panel_notify(struct panel *panel)
{
	if (!panel)
		return;
	json_t *event = json_pack("{s:s}", "event", "changed");
	panel_add_state(panel->device, event);
	for (struct client *client = panel->clients; client; client = client->next) {
		/* Freed by its own watch, as a request of this very client may have led here. */
		if (client->told && !send_line(client, event))
			shutdown(client->fd, SHUT_RDWR);
	}
	json_decref(event);
}
