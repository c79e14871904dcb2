#include "conformance/living.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "base/wall.h"
#include "conformance/census.h"
#include "conformance/control.h"
#include "conformance/living_cloud.h"
#include "conformance/living_panels.h"
#include "sim/cloud/cloud.h"
#include "sim/printer/drain.h"
#include "sim/printer/front.h"
#include "sim/world/lan.h"
#include "sim/world/world.h"

enum { DRAINS_MAX = 8, LACKS_MAX = 4096, HOSTS_MAX = 16 << 20 };

/* Observations on their way into a file. */
struct diary {
	struct tap tap; /* first */
	FILE *file;
};

struct living {
	struct living_options options;
	struct diary diary;
	struct loop *time; /* the printers' own; NULL: everybody's */
	struct live *live;
	struct front *front;
	struct drain *drains[DRAINS_MAX];
	size_t drain_count;
	struct living_panels *panels;
	struct census *census;
	struct living_cloud *cloud;
	struct control *control;
	struct request_to to; /* what the control socket reaches */
	struct buf lacks;
};

static void seen(struct tap *tap, const char *kind, json_t *fields)
{
	struct diary *diary = (struct diary *)tap;
	char now[WALL_TEXT_MAX];
	AUTO_JSON json_t *line =
		json_pack("{s:s,s:s}", "time", wall_format(wall_now(), now), "kind", kind);

	if (fields)
		json_object_update(line, fields);
	json_decref(fields);
	AUTO_FREE char *text = json_text(line);
	(void)fprintf(diary->file, "%s\n", text); /* ferror is asked at the end */
}

static int open_diary(struct living *living, struct error *err)
{
	const char *path = living->options.journal;

	living->diary.tap.seen = seen;
	if (!path)
		return 0;
	living->diary.file = fopen(path, "we");
	if (!living->diary.file)
		return error_set(err, errno, "cannot write %s: %s", path, strerror(errno));
	setlinebuf(living->diary.file); /* somebody may be reading along */
	return 0;
}

static struct tap *tap_of(struct living *living)
{
	return living->diary.file ? &living->diary.tap : NULL;
}

/* ---- the network ---- */

/* Names of everything that stands in this network, for /etc/hosts. */
static char *hosts_of(const struct fleetfile *file)
{
	struct buf text;
	char address[IPV4_TEXT_MAX];

	buf_init(&text, HOSTS_MAX);
	buf_add_text(&text, "127.0.0.1 localhost\n198.51.100.10 api.ecsp.example\n"
			    "198.51.100.11 mqtt.ecsp.example\n"
			    "198.51.100.12 service.ecsp.example\n");
	for (const char *const *region = region_names; *region; region++) {
		AUTO_FREE char *api = region_host("api", *region);
		AUTO_FREE char *mqtt = region_host("mqtt", *region);
		buf_printf(&text, "198.51.100.10 %s\n198.51.100.11 %s\n", api, mqtt);
	}
	for (size_t i = 0; i < file->groups.count; i++) {
		const struct fleet_group *group = fleetfile_group(file, i);
		for (size_t k = 0; k < fleet_group_size(group); k++) {
			AUTO_FREE char *name = fleet_group_name(group, k);
			buf_printf(&text, "%s %s\n",
				   ipv4_format(group->address + (uint32_t)k, address), name);
		}
	}
	return buf_steal(&text);
}

static int enter_network(const struct living *living, struct error *err)
{
	if (living->options.loopback)
		return 0;
	AUTO_FREE char *hosts = hosts_of(living->options.file);
	return lan_enter(hosts, err);
}

/* ---- printers ---- */

static void make_time(struct living *living)
{
	const struct living_options *options = &living->options;

	if (!options->scale && !options->start)
		return;
	living->time = loop_new_virtual(options->start ? options->start : wall_now());
	loop_follow(living->time, options->loop, options->scale ? (double)options->scale : 1);
}

static int make_printers(struct living *living, struct error *err)
{
	const struct living_options *options = &living->options;

	make_time(living);
	living->live = live_new(&(struct live_options){ .loop = options->loop,
							.time = living->time,
							.file = options->file,
							.tap = tap_of(living),
							.loopback = options->loopback,
							.frozen = options->frozen },
				err);
	living->to.live = living->live;
	if (!living->live)
		return -EINVAL;
	if (!live_count(living->live))
		return 0; /* a cloud alone: nothing of printers listens */
	living->front = front_new(&(struct front_options){ .loop = options->loop,
							   .fleet = live_fleet(living->live),
							   .interface = "lo",
							   .snmp_port = options->snmp_port,
							   .enpc_port = options->enpc_port },
				  err);
	return living->front ? 0 : -EIO;
}

/* On the machine's own loopback another program may have such a port: the printers do without it,
 * and say so. */
static void open_drains(struct living *living)
{
	for (size_t i = 0; living->front && drain_ports[i].number && i < DRAINS_MAX; i++) {
		struct error err = { 0 };
		int fd = drain_socket("lo", drain_ports[i].number, &err);
		if (fd < 0) {
			buf_printf(&living->lacks, "%s%s", living->lacks.size ? "; " : "",
				   err.text);
			continue;
		}
		living->drains[living->drain_count++] =
			drain_new(living->options.loop, live_fleet(living->live), fd,
				  drain_ports[i].hangs_up);
	}
}

/* ---- cloud ---- */

static int make_cloud(struct living *living, struct error *err)
{
	const struct living_options *options = &living->options;

	if (!options->file->cloud)
		return 0;
	living->census = census_new(tap_of(living));
	living->to.census = living->census;
	living->cloud =
		living_cloud_new(&(struct living_cloud_options){ .loop = options->loop,
								 .tap = census_tap(living->census),
								 .census = living->census,
								 .file = options->file,
								 .live = living->live,
								 .loopback = options->loopback,
								 .port = options->cloud_port,
								 .ca = options->ca },
				 err);
	if (!living->cloud)
		return -EIO;
	living->to.cloud = living_cloud_cloud(living->cloud);
	return 0;
}

/* ---- for those who come in ---- */

/* Outside of a network of its own the port is part of the URL, and the name is not known. */
char *living_url(const struct living *living, const char *scheme, const char *host)
{
	return living->options.loopback || !strcmp(scheme, "mqtts")
		       ? alloc_printf("%s://%s:%u", scheme, host, living_port(living))
		       : alloc_printf("%s://%s", scheme, host);
}

/* A panel takes two descriptors, and each of its agents two more of the cloud. */
static void allow_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static int make_panels(struct living *living, struct error *err)
{
	const struct living_options *options = &living->options;
	AUTO_FREE char *api = living_url(living, "https", "api.ecsp.example");
	AUTO_FREE char *mqtt = living_url(living, "mqtts", "mqtt.ecsp.example");

	living->panels = living_panels_new(
		&(struct living_panels_options){ .file = options->file,
						 .live = living->live,
						 .folder = options->agents,
						 .api = living->cloud ? api : NULL,
						 .mqtt = mqtt,
						 .ca = options->ca },
		err);
	return living->panels ? 0 : -EIO;
}

static void add_cloud_variables(const struct living *living, json_t *variables)
{
	const struct form_list *logins = &living->options.file->logins;
	const struct fleet_login *login = logins->count ? logins->items : NULL;
	AUTO_FREE char *api_host = region_host("api", login ? login->region : NULL);
	AUTO_FREE char *mqtt_host = region_host("mqtt", login ? login->region : NULL);
	AUTO_FREE char *api = living_url(living, "https", api_host);
	AUTO_FREE char *mqtt = living_url(living, "mqtts", mqtt_host);

	json_object_set_new(variables, "ECSP_API", json_string(api));
	json_object_set_new(variables, "ECSP_MQTT", json_string(mqtt));
	json_object_set_new(variables, "ECSP_CA", json_string(living->options.ca));
	if (living_panels_config(living->panels))
		json_object_set_new(variables, "ECSP_AGENTS",
				    json_string(living_panels_config(living->panels)));
	if (!login)
		return;
	json_object_set_new(variables, "ECSP_ID", json_string(login->id));
	json_object_set_new(variables, "ECSP_SECRET", json_string(login->secret));
}

static void make_about(struct living *living)
{
	json_t *variables = json_pack("{s:s}", "ECSP_CONTROL", living->options.control);

	if (living->options.journal)
		json_object_set_new(variables, "ECSP_JOURNAL",
				    json_string(living->options.journal));
	if (living->cloud)
		add_cloud_variables(living, variables);
	living->to.about = json_pack("{s:i,s:b,s:o}", "pid", (int)getpid(), "network",
				     !living->options.loopback, "environment", variables);
}

const json_t *living_environment(const struct living *living)
{
	return json_object_get(living->to.about, "environment");
}

/* ---- all of it ---- */

struct living *living_new(const struct living_options *options, struct error *err)
{
	struct living *living = alloc_zero(1, sizeof(*living));

	living->options = *options;
	buf_init(&living->lacks, LACKS_MAX);
	/* First of all: where a world lives already, nothing of its files may be touched. */
	living->control = control_new(options->loop, options->control, &living->to, err);
	int status = living->control ? open_diary(living, err) : -EADDRINUSE;
	if (status == 0)
		status = enter_network(living, err);
	if (status == 0)
		status = make_printers(living, err);
	if (status == 0) {
		open_drains(living);
		allow_files();
		status = make_cloud(living, err);
	}
	if (status == 0)
		status = make_panels(living, err);
	if (status == 0) {
		make_about(living);
		return living;
	}
	living_free(living);
	return NULL;
}

void living_free(struct living *living)
{
	if (!living)
		return;
	control_free(living->control);
	living_panels_free(living->panels);
	living_cloud_free(living->cloud);
	census_free(living->census);
	for (size_t i = 0; i < living->drain_count; i++)
		drain_free(living->drains[i]);
	front_free(living->front);
	live_free(living->live);
	loop_free(living->time);
	if (living->diary.file)
		fclose(living->diary.file);
	json_decref(living->to.about);
	buf_done(&living->lacks);
	free(living);
}

const struct live *living_printers(const struct living *living)
{
	return living->live;
}

const char *living_lacks(const struct living *living)
{
	return living->lacks.size ? buf_text(&living->lacks) : NULL;
}

uint16_t living_port(const struct living *living)
{
	return living->cloud ? living_cloud_port(living->cloud) : 0;
}

const char *living_agents(const struct living *living, size_t *count)
{
	*count = living_panels_count(living->panels);
	return living_panels_config(living->panels);
}
