#include "sim/world/world.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/wall.h"
#include "sim/world/agent.h"
#include "sim/world/broker.h"
#include "sim/world/delayline.h"
#include "sim/world/inject.h"
#include "sim/world/jail.h"
#include "sim/world/left.h"
#include "sim/world/namespace.h"
#include "sim/world/network.h"
#include "sim/world/router.h"
#include "sim/world/sentry.h"
#include "sim/world/wirefault.h"

enum { FRAME_MAX = ETHERNET_SIZE + PACKET_MAX, BURST = 256, LOOKS_MAX = 50, BACKLOG = 512 };

struct world {
	struct world_options options;
	struct network network;
	struct jail jail;
	struct recorder *recorder;
	struct wirefault *faults;
	struct dnsfault *names;
	struct delayline *delays;
	struct router *router;
	struct inject *inject;
	struct sentry *sentry;
	struct agent *agent;
	struct watch *tap_watch, *tun_watch;
	uint64_t seen, lost; /* frames either way; packets the wire had no room for */
	bool carrier_off;
	uint64_t drops_before, excused; /* see show_carrier */
	uint8_t frame[FRAME_MAX];
};

void world_owner(uid_t *uid, gid_t *gid)
{
	namespace_owner(uid, gid);
}

static void lose(struct world *world)
{
	world->lost++;
}

static void to_agent(void *arg, const uint8_t *frame, size_t size)
{
	struct world *world = arg;

	/* Not delivered, so not recorded: the recorder holds what passed the wire. */
	if (write(world->network.tap, frame, size) != (ssize_t)size) {
		lose(world);
		return;
	}
	world->seen++;
	recorder_frame(world->recorder, wall_now(), false, frame, size);
}

static void to_cloud(void *arg, const uint8_t *packet, size_t size)
{
	struct world *world = arg;

	if (write(world->network.tun, packet, size) != (ssize_t)size)
		lose(world);
}

static void later(void *arg, uint64_t at_ns, bool from_agent, const uint8_t *packet, size_t size)
{
	struct world *world = arg;

	if (!delayline_add(world->delays, at_ns, from_agent, packet, size))
		lose(world);
}

static void arrive(void *arg, bool from_agent, uint8_t *packet, size_t size)
{
	struct world *world = arg;
	router_arrive(world->router, from_agent, packet, size);
}

static uint64_t now(void *arg)
{
	const struct world *world = arg;
	return loop_now(world->options.loop);
}

/* Reads up to a burst of frames; false when there are no more. */
static bool read_tap(struct world *world)
{
	for (int i = 0; i < BURST; i++) {
		ssize_t size = read(world->network.tap, world->frame, sizeof(world->frame));
		if (size <= 0)
			return false;
		world->seen++;
		recorder_frame(world->recorder, wall_now(), true, world->frame, (size_t)size);
		router_from_agent(world->router, world->frame, (size_t)size);
	}
	return true;
}

static bool read_tun(struct world *world)
{
	for (int i = 0; i < BURST; i++) {
		ssize_t size = read(world->network.tun, world->frame, sizeof(world->frame));
		if (size <= 0)
			return false;
		router_from_cloud(world->router, world->frame, (size_t)size);
	}
	return true;
}

static void tap_ready(void *arg, unsigned events)
{
	(void)events;
	read_tap(arg);
}

static void tun_ready(void *arg, unsigned events)
{
	(void)events;
	read_tun(arg);
}

static void make_wire(struct world *world)
{
	const struct world_options *options = &world->options;
	struct router_options router = { .tap = options->tap,
					 .now = now,
					 .to_agent = to_agent,
					 .to_cloud = to_cloud,
					 .later = later,
					 .arg = world,
					 .printers = options->printers,
					 .is_printer = options->is_printer,
					 .is_open = options->is_open,
					 .printers_arg = options->arg };

	world->faults = wirefault_new(options->seed, options->tap);
	world->names = dnsfault_new(options->tap);
	world->delays = delayline_new(options->loop, arrive, world);
	router.faults = world->faults;
	router.names = world->names;
	world->router = router_new(&router);
	world->tap_watch =
		watch_new(options->loop, world->network.tap, LOOP_READ, tap_ready, world);
	world->tun_watch =
		watch_new(options->loop, world->network.tun, LOOP_READ, tun_ready, world);
}

static void name_addresses(struct recorder *recorder)
{
	recorder_name(recorder, WORLD_AGENT_IP, "agent");
	recorder_name(recorder, WORLD_GATEWAY_IP, "gateway");
	recorder_name(recorder, WORLD_DNS_IP, "resolver");
	recorder_name(recorder, WORLD_API_IP, "api.ecsp.example");
	recorder_name(recorder, WORLD_MQTT_IP, "mqtt.ecsp.example");
	recorder_name(recorder, WORLD_SERVICE_IP, "service.ecsp.example");
}

/* Killed on purpose, it did not crash. */
static void killed(void *arg)
{
	struct world *world = arg;
	agent_expect_end(world->agent);
}

/* Everything that needs what root has, or had. */
static int leave_machine(struct world *world, struct error *err)
{
	const struct world_options *options = &world->options;
	struct broker broker = { .socket = -1 };

	int code = jail_open(&world->jail, options->visible, err);
	if (!code && geteuid() == 0)
		code = broker_start(&broker, err);
	if (!code)
		code = namespace_enter(&broker, err);
	if (!code)
		code = network_init(&world->network, &broker, err);
	broker_stop(&broker);
	return code ? code : jail_build(&world->jail, options->visible, options->hidden, err);
}

struct world *world_new(const struct world_options *options, struct error *err)
{
	struct world *world = alloc_zero(1, sizeof(*world));

	world->options = *options;
	world->network = (struct network){ -1, -1, -1, -1, -1, -1, -1, 0 };
	if (leave_machine(world, err)) {
		world_free(world);
		return NULL;
	}
	world->recorder = recorder_new();
	name_addresses(world->recorder);
	make_wire(world);
	world->inject = inject_new(
		&(struct inject_options){ .tap = options->tap, .killed = killed, .arg = world });
	world->sentry = sentry_new(&(struct sentry_options){ .loop = options->loop,
							     .tap = options->tap,
							     .network = &world->network,
							     .inject = world->inject });
	world->agent = agent_new(&(struct agent_options){ .loop = options->loop,
							  .tap = options->tap,
							  .jail = &world->jail,
							  .network = &world->network,
							  .inject = world->inject,
							  .sentry = world->sentry });
	return world;
}

void world_free(struct world *world)
{
	if (!world)
		return;
	agent_free(world->agent);
	sentry_free(world->sentry);
	inject_free(world->inject);
	watch_free(world->tap_watch);
	watch_free(world->tun_watch);
	router_free(world->router);
	delayline_free(world->delays);
	wirefault_free(world->faults);
	dnsfault_free(world->names);
	recorder_free(world->recorder);
	jail_done(&world->jail);
	network_done(&world->network);
	free(world);
}

static int listen_everywhere(uint16_t port, struct error *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int code = errno;
	if (fd >= 0)
		close(fd);
	return error_set(err, code, "cannot listen on port %u inside the world: %s", port,
			 strerror(code));
}

int world_cloud_socket(struct world *world, struct error *err)
{
	(void)world;
	return listen_everywhere(443, err);
}

int world_printer_socket(struct world *world, uint16_t port, struct error *err)
{
	(void)world;
	return listen_everywhere(port, err);
}

void world_udp_send(struct world *world, uint32_t from, uint16_t from_port, uint32_t to,
		    uint16_t to_port, const uint8_t *data, size_t size)
{
	struct packet_ends ends = {
		.from = from, .from_port = from_port, .to = to, .to_port = to_port
	};
	router_udp(world->router, &ends, data, size);
}

int world_start(struct world *world, const struct world_program *program, struct error *err)
{
	return agent_start(world->agent, program, err);
}

int world_signal(struct world *world, int signal)
{
	return agent_signal(world->agent, signal);
}

void world_kill_for(struct world *world, const char *why)
{
	agent_kill(world->agent, why);
}

void world_kill(struct world *world)
{
	agent_kill(world->agent, "stop");
}

int world_agent_network(const struct world *world)
{
	return world->network.agent;
}

bool world_running(const struct world *world)
{
	return agent_running(world->agent);
}

int world_panel_socket(struct world *world, const char *path, struct error *err)
{
	return jail_listen(&world->jail, path, err);
}

/* Frames that the agent's kernel dropped itself, cable or no cable. */
static uint64_t kernel_drops(const struct world *world)
{
	struct netlink_counters counters = { 0 };

	return network_counters(&world->network, &counters) ? 0 : counters.send_dropped;
}

/* A wire that is down shows: the agent's link has no carrier. What its kernel drops then is the
 * fault's doing and no hole in the evidence. */
static int show_carrier(struct world *world, struct error *err)
{
	bool off = wirefault_is_down(world->faults);

	if (off == world->carrier_off)
		return 0;
	if (off)
		world->drops_before = kernel_drops(world);
	int code = network_carrier(&world->network, !off);
	if (code)
		return error_set(err, -code, "cannot switch the carrier: %s", strerror(-code));
	if (!off)
		world->excused += kernel_drops(world) - world->drops_before;
	world->carrier_off = off;
	/* From here on the agent's own kernel drops what it sends: this is all there will be to
	 * see. */
	(void)wirefault_drops_frame(world->faults);
	tap_seen(world->options.tap, "world.carrier", json_pack("{s:b}", "on", !off));
	return 0;
}

bool world_has_fault(const char *fault)
{
	return verb_find(&world_faults, fault) || verb_find(&dns_faults, fault) ||
	       verb_find(&storage_faults, fault);
}

int world_fault(struct world *world, const char *fault, const json_t *parameters, struct error *err)
{
	if (verb_find(&storage_faults, fault))
		return inject_set(world->inject, fault, parameters, err);
	if (verb_find(&dns_faults, fault))
		return dnsfault_set(world->names, parameters, err);
	int code = wirefault_set(world->faults, fault, parameters, err);
	return code ? code : show_carrier(world, err);
}

void world_fault_clear(struct world *world, const char *fault)
{
	struct error err;

	inject_clear(world->inject, fault);
	dnsfault_clear(world->names, fault);
	wirefault_clear(world->faults, fault);
	if (show_carrier(world, &err))
		tap_seen(world->options.tap, "world.error",
			 json_pack("{s:s, s:s}", "what", "carrier", "why", err.text));
}

/* Reads until the kernel's count is the recorder's, or does not become it. */
static int settle(struct world *world, struct netlink_counters *counters)
{
	for (int look = 0; look < LOOKS_MAX; look++) {
		while (read_tap(world) || read_tun(world))
			;
		int code = network_counters(&world->network, counters);
		if (code)
			return code;
		if (counters->sent + counters->received == world->seen)
			return 0;
		loop_turn(world->options.loop, false);
	}
	return 0;
}

void world_finish(struct world *world)
{
	struct netlink_counters counters = { 0 };

	sentry_report(world->sentry);
	agent_clear(world->agent);
	world_fault_clear(world, NULL);
	int code = settle(world, &counters);
	sentry_drain(world->sentry);
	if (code)
		tap_seen(world->options.tap, "world.error",
			 json_pack("{s:s, s:s}", "what", "counters", "why", strerror(-code)));
	uint64_t frames = counters.sent + counters.received;
	uint64_t dropped = counters.send_dropped - world->excused + recorder_lost(world->recorder) +
			   world->lost;
	recorder_counters(world->recorder, frames, dropped);
	tap_seen(world->options.tap, "world.counters",
		 json_pack("{s:I, s:I, s:I}", "kernelFrames", (json_int_t)frames, "recordedFrames",
			   (json_int_t)recorder_frames(world->recorder), "dropped",
			   (json_int_t)dropped));
}

bool world_left(struct world *world, world_left_sink *sink, void *arg)
{
	return left_look(&world->jail, sink, arg);
}

struct recorder *world_recorder(struct world *world)
{
	return world->recorder;
}
