#include "agents/es/panel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "agents/common/backoff.h"
#include "agents/es/line.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/log.h"

enum { STABLE_MS = 10000, READ_SIZE = 65536 };

struct asked {
	struct asked *next;
	struct panel *panel;
	double id;
	struct timer *timer;
	panel_done *done;
	void *arg;
};

struct panel {
	struct panel_options options;
	int fd; /* -1: not connected */
	struct watch *watch;
	struct timer *retry, *stable;
	struct backoff backoff;
	struct buf in, out;
	struct asked *asked;
	double next_id;
	bool told; /* that it cannot be reached */
};

static void answer(struct asked *asked, const cJSON *line)
{
	struct asked **at = &asked->panel->asked;
	panel_done *done = asked->done;
	void *arg = asked->arg;

	while (*at != asked)
		at = &(*at)->next;
	*at = asked->next;
	timer_free(asked->timer);
	free(asked);
	done(arg, line);
}

static void not_answered(void *arg)
{
	answer(arg, NULL);
}

static void hang_up(struct panel *panel, const char *why)
{
	int64_t wait = backoff_next(&panel->backoff, 0);

	if (!panel->told)
		log_line(LOG_LEVEL_WARN, "panel", "%s; trying again", why);
	panel->told = true;
	watch_free(panel->watch);
	panel->watch = NULL;
	if (panel->fd >= 0)
		close(panel->fd);
	panel->fd = -1;
	buf_clear(&panel->in);
	buf_clear(&panel->out);
	timer_stop(panel->stable);
	timer_in(panel->retry, (uint64_t)wait);
	/* Their timers tell those who asked; now is also in time. */
	for (struct asked *asked = panel->asked; asked; asked = asked->next)
		timer_in(asked->timer, 0);
}

static void take_line(struct panel *panel, const char *text, size_t size)
{
	cJSON *line = line_parse(text, size);
	double id;

	if (!line) {
		log_line(LOG_LEVEL_WARN, "panel", "a line that is no JSON object, ignored");
	} else if (cJSON_GetObjectItemCaseSensitive(line, "event")) {
		panel->options.changed(panel->options.arg, line);
	} else if (line_id(line, &id)) {
		struct asked *asked = panel->asked;
		while (asked && (asked->id < id || asked->id > id))
			asked = asked->next;
		if (asked)
			answer(asked, line);
	}
	cJSON_Delete(line);
}

static void take_lines(struct panel *panel)
{
	for (;;) {
		const uint8_t *end =
			panel->in.size ? memchr(panel->in.data, '\n', panel->in.size) : NULL;
		if (!end)
			return;
		size_t size = (size_t)(end - panel->in.data);
		AUTO_FREE char *text = alloc_bytes(panel->in.data, size);
		buf_drop(&panel->in, size + 1);
		take_line(panel, text, size);
	}
}

static void flush(struct panel *panel)
{
	while (panel->out.size) {
		ssize_t put = send(panel->fd, panel->out.data, panel->out.size,
				   MSG_NOSIGNAL | MSG_DONTWAIT);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) /* a broken connection shows as readable */
			break;
		buf_drop(&panel->out, (size_t)put);
	}
	watch_set(panel->watch, panel->out.size ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

static void ready(void *arg, unsigned events)
{
	struct panel *panel = arg;
	uint8_t chunk[READ_SIZE];

	if (events & LOOP_READ) {
		ssize_t got = recv(panel->fd, chunk, sizeof(chunk), MSG_DONTWAIT);
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
			hang_up(panel, got ? strerror(errno) : "hung up");
			return;
		}
		if (got > 0 && !buf_add(&panel->in, chunk, (size_t)got)) {
			hang_up(panel, "a line that is too long");
			return;
		}
		take_lines(panel);
	}
	if (events & LOOP_WRITE)
		flush(panel);
}

/* A unix socket connects at once or not at all. */
static int open_socket(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
	if (connect(fd, (const struct sockaddr *)&name, sizeof(name)) < 0) {
		int status = -errno;
		close(fd);
		return status;
	}
	return fd;
}

static void try_connect(void *arg)
{
	struct panel *panel = arg;
	int fd = open_socket(panel->options.path);

	if (fd < 0) {
		hang_up(panel, strerror(-fd));
		return;
	}
	panel->fd = fd;
	panel->told = false;
	panel->watch = watch_new(panel->options.loop, fd, LOOP_READ, ready, panel);
	timer_in(panel->stable, STABLE_MS);
	log_line(LOG_LEVEL_INFO, "panel", "connected");
	panel->options.up(panel->options.arg);
}

static void is_stable(void *arg)
{
	struct panel *panel = arg;

	backoff_reset(&panel->backoff);
}

void panel_ask(struct panel *panel, const char *verb, cJSON *what, panel_done *done, void *arg)
{
	struct asked *asked = alloc_zero(1, sizeof(*asked));
	cJSON *line = cJSON_CreateObject();

	asked->panel = panel;
	asked->id = ++panel->next_id;
	asked->done = done;
	asked->arg = arg;
	asked->next = panel->asked;
	asked->timer = timer_new(panel->options.loop, not_answered, asked);
	panel->asked = asked;
	cJSON_AddNumberToObject(line, "id", asked->id);
	cJSON_AddItemToObject(line, verb, what);
	AUTO_FREE char *text = cJSON_PrintUnformatted(line);
	cJSON_Delete(line);
	bool room = panel->fd >= 0 && panel->out.size + strlen(text) + 1 <= PANEL_LINE_MAX;
	timer_in(asked->timer, room ? (uint64_t)panel->options.timeout_ms : 0);
	if (!room)
		return;
	buf_add_text(&panel->out, text);
	buf_add_u8(&panel->out, '\n');
	flush(panel);
}

struct panel *panel_new(const struct panel_options *options)
{
	struct panel *panel = alloc_zero(1, sizeof(*panel));

	panel->options = *options;
	panel->fd = -1;
	buf_init(&panel->in, PANEL_LINE_MAX + READ_SIZE);
	buf_init(&panel->out, PANEL_LINE_MAX);
	backoff_init(&panel->backoff, options->backoff_min_ms, options->backoff_max_ms);
	panel->retry = timer_new(options->loop, try_connect, panel);
	panel->stable = timer_new(options->loop, is_stable, panel);
	timer_in(panel->retry, 0);
	return panel;
}

void panel_free(struct panel *panel)
{
	if (!panel)
		return;
	while (panel->asked)
		answer(panel->asked, NULL);
	watch_free(panel->watch);
	timer_free(panel->retry);
	timer_free(panel->stable);
	if (panel->fd >= 0)
		close(panel->fd);
	buf_done(&panel->in);
	buf_done(&panel->out);
	free(panel);
}
