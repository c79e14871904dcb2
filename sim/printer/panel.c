#include "sim/printer/panel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/line_server.h"
#include "sim/printer/behaviour.h"
#include "sim/printer/device.h"

enum { CLIENTS_MAX = 64 };

struct panel {
	struct device *device;
	struct line_server *server;
};

static char *answer(void *arg, struct line_client *client, const char *line, size_t size)
{
	struct panel *panel = arg;
	bool watch = false;
	AUTO_JSON json_t *answer = panel_answer(panel->device, line, size, &watch);

	if (watch)
		line_client_listen(client);
	return json_text(answer);
}

struct panel *panel_new(struct device *device, int listening_fd)
{
	struct panel *panel = alloc_zero(1, sizeof(*panel));

	panel->device = device;
	panel->server =
		line_server_new(&(struct line_server_options){ .loop = device->host->loop,
							       .fd = listening_fd,
							       .line_max = PANEL_LINE_MAX,
							       .answer_max = 8 * PANEL_LINE_MAX,
							       .clients_max = CLIENTS_MAX,
							       .answer = answer,
							       .arg = panel });
	return panel;
}

void panel_free(struct panel *panel)
{
	if (!panel)
		return;
	line_server_free(panel->server);
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
	AUTO_JSON json_t *event = json_pack("{s:s}", "event", "changed");
	panel_add_state(panel->device, event);
	AUTO_FREE char *text = json_text(event);
	line_server_tell(panel->server, text);
}
