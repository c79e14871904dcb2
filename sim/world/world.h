/* world.h: the private world of one scenario: namespaces, the recorded wire, the router, the
 * resolver, the watch on listeners, and the agent program inside.
 *
 *	agent netns A: eth0 (TAP) <-> router = recorder = fault injector <-> wan0 (TUN): netns W,
 *cloud
 *
 * The recorder is the wire: a packet that is not in the evidence was not delivered. One world a
 * process, made while the process has one thread; afterwards the process lives in W. */
#ifndef SIM_WORLD_WORLD_H
#define SIM_WORLD_WORLD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/loop.h"
#include "base/verb.h"
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
	struct loop *loop; /* borrowed */
	struct tap *tap;   /* socket.*, dns.*, agent.*, world.* */
	uint64_t seed;
	world_udp
		*printers; /* called for UDP to 10.16.0.0/12 and to broadcast; NULL: all refused */
	/* Absent hosts are answered by ICMP host unreachable. NULL: none is present. */
	bool (*is_printer)(void *arg, uint32_t address);
	/* Does the printer listen on this UDP port? If not, ICMP port unreachable. NULL: always. */
	bool (*is_open)(void *arg, uint32_t address, uint16_t port);
	void *arg;
	/* Folders the agent may see besides the system's, read-only, at the same absolute paths:
	 * the folder of the agent program and what else it needs. NULL-terminated; NULL: none. They
	 * are opened before root is given up, so they may lie where the unprivileged user cannot
	 * go. */
	const char *const *visible;
	/* Absolute paths that must look empty even where a visible folder holds them: the evidence.
	 * NULL-terminated; NULL: none. */
	const char *const *hidden;
};

/* Whom the worker becomes when it was started as root (the user behind sudo, else 65534), or
 * whoever it is. The evidence folder must be writable by this user before world_new. */
void world_owner(uid_t *uid, gid_t *gid);

/* Makes namespaces, wire and resolver. Fails with a sentence that names the cure when the
 * environment refuses. The caller must have one thread; root becomes world_owner. Afterwards the
 * working directory and open descriptors are what they were, and the process lives in namespace W,
 * whatever world_new returned: a failed process is good for nothing but saying why. */
struct world *world_new(const struct world_options *options, struct error *err);
void world_free(struct world *world); /* ends whatever still runs inside, by process id */

/* A listening socket on 0.0.0.0:443 in W for the cloud; the caller owns it. Connections to printers
 * never reach it: the router refuses port 443 of a printer. */
int world_cloud_socket(struct world *world, struct error *err);

/* The same for a TCP port of all printers (9100, 515, 1865); getsockname on an accepted connection
 * tells which printer. Connections to the cloud's addresses never reach it. */
int world_printer_socket(struct world *world, uint16_t port, struct error *err);

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
	const char *const *argv; /* NULL-terminated; argv[0] searched in its PATH */
	const char *const
		*environment; /* "NAME=value", NULL-terminated; nothing else is inherited */
	const struct world_file *files;
	size_t file_count;
	const char *hostname; /* NULL: "agent" */
	const char *folder;   /* its working directory; NULL: its state folder */
	int output_fd;        /* stdout and stderr are copied here, up to output_max */
	uint64_t output_max;
	uint64_t state_max; /* bytes in its state folder, and again in /tmp */
};

/* Where the agent may write: this, /tmp, /var/tmp and /dev/shm. What is there stays until the world
 * ends, so a second world_start finds it. */
#define WORLD_STATE_FOLDER "/var/lib/ecsp-agent"

/* Starts the program; a tree left over from a former start is ended first. -EBUSY while the former
 * program runs. "agent.start" when it was executed. A file's path below /run or WORLD_STATE_FOLDER
 * costs least; any other absolute path works. Fails with -ENOENT or -EACCES when the program cannot
 * be executed by world_owner inside. */
int world_start(struct world *world, const struct world_program *program, struct error *err);
int world_signal(struct world *world, int signal); /* to the agent's main process */
void world_kill(struct world *world);              /* the whole process tree; why: "stop" */
/* The same, and "agent.killed" says why; nothing is said when nothing was running. */
void world_kill_for(struct world *world, const char *why);
/* Descriptor of the agent's network namespace, for somebody who wants to look in; borrowed. */
int world_agent_network(const struct world *world);
bool world_running(const struct world *world); /* the agent's main process */
/* A listening unix socket for the panel, bound at a path below /run inside the agent's view (before
 * start). Caller owns the descriptor. */
int world_panel_socket(struct world *world, const char *path, struct error *err);

/* Network faults by name with parameters: "wire.loss" {percent, direction}, "wire.delay" {ms,
 * jitterMs, direction}, "wire.down" (no carrier), "wire.blackhole" (silently drop all to and from
 * the cloud). direction: "up" (from the agent), "down", "both". Seeded: the same seed loses the
 * same packets. "fault.reached" {fault, count, total}: at the first effect, and in sum at the end.
 */
int world_fault(struct world *world, const char *fault, const json_t *parameters,
		struct error *err);
void world_fault_clear(struct world *world, const char *fault); /* NULL: all */
extern const struct verb_list world_faults;
/* What the name server says instead of the truth, through world_fault too; see dnsfault.h. */
extern const struct verb_list dns_faults;
/* Is the fault one of these lists, so world_fault's? */
bool world_has_fault(const char *fault);
/* Faults of the agent's state folder, through world_fault too; see inject.h. Armed before the agent
 * starts: only then are its calls reported. */
extern const struct verb_list storage_faults;

/* Last look: what still listens goes to the tap ("world.sockets"), the process tree ends, the wire
 * is read empty, and "world.counters" {kernelFrames, recordedFrames, dropped} follows. The recorder
 * may be written after. */
void world_finish(struct world *world);

/* Each regular file that is in the folders that the agent may write to, after world_finish. False
 * if it could not look at all of them. */
struct world_left_file {
	const char *path; /* as the agent sees it */
	unsigned mode;    /* permission bits */
	const uint8_t *data;
	size_t size;
};
typedef void world_left_sink(void *arg, const struct world_left_file *file);
bool world_left(struct world *world, world_left_sink *sink, void *arg);

struct recorder *world_recorder(struct world *world); /* borrowed */

/* Everything world_new needs, tried for real in a child process; the sentence names the cure. */
int world_probe(struct error *err);

#endif
