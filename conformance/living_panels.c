#include "conformance/living_panels.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"

/* A connection more is made once, when an agent starts. */
enum { BACKLOG = 8, START_MS_EACH = 20 };

struct living_panels {
	struct living_panels_options options;
	char *sockets, *config; /* paths; config NULL until written */
	char **paths;           /* of sockets that are there */
	size_t count;
};

static int refuse(int fd, const char *path, int code, struct error *err)
{
	if (fd >= 0)
		close(fd);
	return error_set(err, code, "cannot open the panel %s: %s", path, strerror(code));
}

/* What a world that ended badly left there is replaced. */
static int listen_at(const char *path, struct error *err)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(name.sun_path))
		return refuse(-1, path, ENAMETOOLONG, err);
	memcpy(name.sun_path, path, strlen(path) + 1);
	if (unlink(path) < 0 && errno != ENOENT)
		return refuse(-1, path, errno, err);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0 ||
	    listen(fd, BACKLOG) < 0)
		return refuse(fd, path, errno, err);
	return fd;
}

static int open_panel(struct living_panels *self, struct device *device, struct error *err)
{
	AUTO_FREE char *name = alloc_printf("%s.sock", device_name(device));
	char *path = file_join(self->sockets, name);
	int fd = listen_at(path, err);

	if (fd < 0) {
		free(path);
		return fd;
	}
	self->paths[self->count++] = path;
	return device_panel(device, fd, err);
}

/* Calls for each printer that has a panel. */
static int each(struct living_panels *self,
		int (*one)(struct living_panels *self, const struct fleet_group *group,
			   size_t index, struct device *device, void *arg, struct error *err),
		void *arg, struct error *err)
{
	size_t at = 0;
	int status = 0;

	for (size_t i = 0; i < self->options.file->groups.count; i++) {
		const struct fleet_group *group = fleetfile_group(self->options.file, i);
		for (size_t k = 0; k < fleet_group_size(group); k++, at++)
			if (group->panel && status == 0)
				status = one(self, group, k, live_device(self->options.live, at),
					     arg, err);
	}
	return status;
}

static int open_one(struct living_panels *self, const struct fleet_group *group, size_t index,
		    struct device *device, void *arg, struct error *err)
{
	(void)group;
	(void)index;
	(void)arg;
	return open_panel(self, device, err);
}

static int add_one(struct living_panels *self, const struct fleet_group *group, size_t index,
		   struct device *device, void *arg, struct error *err)
{
	AUTO_FREE char *id = fleet_group_agent(group, index);
	AUTO_FREE char *secret = fleet_group_secret(self->options.file, group, index);
	AUTO_FREE char *name = alloc_printf("%s.sock", device_name(device));
	AUTO_FREE char *path = file_join(self->sockets, name);

	(void)err;
	json_array_append_new(
		arg, json_pack("{s:s,s:s,s:s}", "id", id, "secret", secret, "panel", path));
	return 0;
}

static int write_config(struct living_panels *self, struct error *err)
{
	const struct living_panels_options *options = &self->options;
	AUTO_FREE char *path = file_join(options->folder, "agents.json");
	AUTO_FREE char *state = file_join(options->folder, "state");
	json_t *instances = json_array();
	AUTO_JSON json_t *config =
		json_pack("{s:s,s:s,s:s,s:s,s:I,s:o}", "api", options->api, "mqtt", options->mqtt,
			  "ca", options->ca, "state", state, "startOverMs",
			  (json_int_t)(self->count * START_MS_EACH), "instances", instances);

	each(self, add_one, instances, NULL);
	AUTO_FREE char *text = json_text(config);
	int status = file_write(path, text, strlen(text), err);
	if (status == 0)
		self->config = alloc_text(path);
	return status;
}

static int open_all(struct living_panels *self, struct error *err)
{
	int status = file_make_folders(self->sockets, err);

	if (status == 0)
		status = each(self, open_one, NULL, err);
	if (status == 0 && self->options.api)
		status = write_config(self, err);
	return status;
}

static bool any(const struct fleetfile *file)
{
	for (size_t i = 0; i < file->groups.count; i++)
		if (fleetfile_group(file, i)->panel)
			return true;
	return false;
}

struct living_panels *living_panels_new(const struct living_panels_options *options,
					struct error *err)
{
	struct living_panels *self = alloc_zero(1, sizeof(*self));

	self->options = *options;
	self->sockets = file_join(options->folder, "panel");
	self->paths = alloc_zero(live_count(options->live) + 1, sizeof(*self->paths));
	if (!any(options->file) || open_all(self, err) == 0)
		return self;
	living_panels_free(self);
	return NULL;
}

void living_panels_free(struct living_panels *self)
{
	if (!self)
		return;
	for (size_t i = 0; i < self->count; i++) {
		unlink(self->paths[i]);
		free(self->paths[i]);
	}
	if (self->count)
		rmdir(self->sockets);
	if (self->config)
		unlink(self->config); /* it holds secrets of nobody any more */
	if (self->count)
		rmdir(self->options.folder); /* stays while the agents' folders are in it */
	free(self->paths);
	free(self->sockets);
	free(self->config);
	free(self);
}

size_t living_panels_count(const struct living_panels *self)
{
	return self->count;
}

const char *living_panels_config(const struct living_panels *self)
{
	return self->config;
}
