/* world.h: the private world of one scenario: namespaces, the recorded wire, the router, the
 * resolver, the watch on listeners, and the agent program inside.
 *
 *	agent netns A: eth0 (TAP) <-> router = recorder = fault injector <-> wan0 (TUN): netns W, cloud
 *
 * The recorder is the wire: a packet that is not in the evidence was not delivered. One world a
 * process, made while the process has one thread; afterwards the process lives in W. */
#ifndef SIM_WORLD_WORLD_H
#define SIM_WORLD_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>

#include "base/error.h"
#include "base/loop.h"
#include "sim/tap.h"
#include "sim/world/recorder.h"

#define WORLD_AGENT_IP   0x0a000005u /* 10.0.0.5/8, by way of the gateway, never on-link */
#define WORLD_GATEWAY_IP 0x0a000001u
#define WORLD_DNS_IP     0x0a000035u
#define WORLD_CLOUD_NET  0xc6336400u /* 198.51.100.0/24: every address is the cloud's */
#define WORLD_API_IP     0xc633640au /* .10 api.ecsp.example */
#define WORLD_MQTT_IP    0xc633640bu /* .11 mqtt.ecsp.example */
#define WORLD_SERVICE_IP 0xc633640cu /* .12 service.ecsp.example */
#define WORLD_PRINTERS   0x0a100000u /* 10.16.0.0 and up */

struct world; /* opaque */

/* A UDP datagram from the agent to a printer address (or broadcast). */
typedef void world_udp(void *arg, uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port,
		       const uint8_t *data, size_t size);

struct world_options {
	struct loop *loop;   /* borrowed */
	struct tap *tap;     /* socket.*, dns.*, agent.*, world.* */
	uint64_t seed;
	world_udp *printers; /* called for UDP to 10.16.0.0/12 and to broadcast */
	bool (*is_printer)(void *arg, uint32_t address); /* absent hosts are answered by ICMP host unreachable */
	void *arg;
};

/* Makes namespaces, wire and resolver. Fails with a sentence that names the cure when the
 * environment refuses. The caller must be single-threaded; root drops to an unprivileged uid. */
struct world *world_new(const struct world_options *options, struct error *err);
void world_free(struct world *world); /* ends whatever still runs inside, by process id */

/* A listening socket on 0.0.0.0:443 in W for the cloud; the caller owns it. */
int world_cloud_socket(struct world *world, struct error *err);

/* A printer's answer to the agent. */
void world_udp_send(struct world *world, uint32_t from, uint16_t from_port, uint32_t to,
		    uint16_t to_port, const uint8_t *data, size_t size);

/* The program under test. Files the agent may see: the system read-only, the program's own folder
 * read-only, `files` (borrowed contents) at their paths, its state folder. */
struct world_file {
	const char *path; /* absolute, in the agent's view, e.g. "/etc/ecsp/config.json" */
	const char *data;
	size_t size;
};
struct world_program {
	const char *const *argv;          /* NULL-terminated; argv[0] searched in PATH */
	const char *const *environment;   /* "NAME=value", NULL-terminated; nothing else is inherited */
	const struct world_file *files;
	size_t file_count;
	const char *hostname;
	int output_fd;                    /* stdout and stderr are copied here, up to output_max */
	uint64_t output_max;
	uint64_t state_max;               /* bytes in its state folder and /tmp */
};
int world_start(struct world *world, const struct world_program *program, struct error *err);
int world_signal(struct world *world, int signal);   /* to the agent's main process */
void world_kill(struct world *world);                /* the whole process tree */
bool world_running(const struct world *world);       /* the agent's main process */
/* A listening unix socket for the panel, bound at a path inside the agent's view (before start).
 * Caller owns the descriptor. */
int world_panel_socket(struct world *world, const char *path, struct error *err);

/* Network faults by name with parameters: "wire.loss", "wire.delay", "wire.down", "wire.blackhole"
 * (silently drop all to the cloud). Seeded: the same seed loses the same packets. */
int world_fault(struct world *world, const char *fault, const json_t *parameters,
		struct error *err);
void world_fault_clear(struct world *world, const char *fault); /* NULL: all */
extern const char *const world_faults[];

/* Last look: listeners and counters go to the tap ("world.sockets", "world.counters"
 * {kernelFrames, recordedFrames, dropped}). The recorder may be written after. */
void world_finish(struct world *world);
struct recorder *world_recorder(struct world *world); /* borrowed */

/* Everything world_new needs, tried for real in a child process; the sentence names the cure. */
int world_probe(struct error *err);

#endif
