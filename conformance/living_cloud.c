#include "conformance/living_cloud.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "conformance/census.h"
#include "sim/cloud/cloud.h"

enum { BACKLOG = 512 };

struct living_cloud {
	struct cloud *cloud;
	char *ca; /* NULL until written */
	uint16_t port;
};

static int refuse(int fd, uint16_t port, struct error *err)
{
	int code = errno;
	if (fd >= 0)
		close(fd);
	return error_set(err, code, "cannot listen on TCP port %u for the cloud: %s", port,
			 strerror(code));
}

/* Returns the socket; port becomes the one that it has. */
static int open_socket(bool loopback, uint16_t *port, struct error *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(*port) };
	socklen_t size = sizeof(address);
	int on = 1;

	if (loopback)
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, BACKLOG) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		return refuse(fd, *port, err);
	*port = ntohs(address.sin_port);
	return fd;
}

/* Only a world that speaks of regions has them. */
static const char *const *regions_of(const struct fleetfile *file)
{
	for (size_t i = 0; i < file->logins.count; i++)
		if (((const struct fleet_login *)file->logins.items)[i].region)
			return region_names;
	return NULL;
}

/* In charge of every printer, whichever region its agent is in. */
static int add_support(struct cloud *cloud, const char *const *regions, const char *const *serials,
		       struct error *err)
{
	int status = cloud_add_support_user(cloud, LIVING_SUPPORT_USER, serials, err);

	for (size_t i = 0; regions && regions[i] && status == 0; i++)
		status =
			cloud_add_region_user(cloud, regions[i], LIVING_SUPPORT_USER, serials, err);
	return status;
}

/* The ES Agents of printers with a panel. */
static int add_panel_logins(struct cloud *cloud, const struct living_cloud_options *options,
			    struct error *err)
{
	const struct fleetfile *file = options->file;
	int status = 0;

	for (size_t i = 0; i < file->groups.count; i++) {
		const struct fleet_group *group = fleetfile_group(file, i);
		size_t count = group->panel ? fleet_group_size(group) : 0;
		for (size_t k = 0; k < count && status == 0; k++) {
			AUTO_FREE char *id = fleet_group_agent(group, k);
			AUTO_FREE char *secret = fleet_group_secret(file, group, k);
			census_expect(options->census, id);
			status = cloud_add_agent(cloud, id, secret, "es", err);
		}
	}
	return status;
}

static int add_logins(struct cloud *cloud, const struct living_cloud_options *options,
		      struct error *err)
{
	const struct form_list *list = &options->file->logins;
	size_t count = live_count(options->live);
	AUTO_FREE const char **serials = alloc_zero(count + 1, sizeof(*serials));
	int status = 0;

	for (size_t i = 0; i < list->count && status == 0; i++) {
		const struct fleet_login *login = (const struct fleet_login *)list->items + i;
		census_expect(options->census, login->id);
		status =
			cloud_add_region_agent(cloud, login->region ? login->region : "", login->id,
					       login->secret, fleet_login_types[login->type], err);
	}
	if (status == 0)
		status = add_panel_logins(cloud, options, err);
	for (size_t i = 0; i < count; i++)
		serials[i] = device_serial(live_device(options->live, i));
	return status < 0 ? status : add_support(cloud, regions_of(options->file), serials, err);
}

static int write_ca(struct living_cloud *self, const char *path, struct error *err)
{
	const char *ca = cloud_ca(self->cloud);
	int status = file_write(path, ca, strlen(ca), err);
	if (status == 0)
		self->ca = alloc_text(path);
	return status;
}

static int build(struct living_cloud *self, const struct living_cloud_options *options,
		 struct error *err)
{
	self->port = options->port;
	self->cloud = cloud_new(&(struct cloud_options){ .loop = options->loop,
							 .tap = options->tap,
							 .store_path = ":memory:",
							 .regions = regions_of(options->file) },
				err);
	int fd = self->cloud ? open_socket(options->loopback, &self->port, err) : -EIO;
	int status = fd < 0 ? fd : cloud_listen(self->cloud, fd, err);
	if (status == 0)
		status = add_logins(self->cloud, options, err);
	return status < 0 ? status : write_ca(self, options->ca, err);
}

struct living_cloud *living_cloud_new(const struct living_cloud_options *options, struct error *err)
{
	struct living_cloud *self = alloc_zero(1, sizeof(*self));

	if (build(self, options, err) == 0)
		return self;
	living_cloud_free(self);
	return NULL;
}

void living_cloud_free(struct living_cloud *self)
{
	if (!self)
		return;
	if (self->ca)
		unlink(self->ca); /* nobody can be verified by it any more */
	cloud_free(self->cloud);
	free(self->ca);
	free(self);
}

struct cloud *living_cloud_cloud(const struct living_cloud *self)
{
	return self->cloud;
}

uint16_t living_cloud_port(const struct living_cloud *self)
{
	return self->port;
}
