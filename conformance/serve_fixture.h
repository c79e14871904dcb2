/* serve_fixture.h: one simulated printer behind real sockets on the loopback, for tests: a child
 * process answers on two ephemeral UDP ports until it is told to end. */
#ifndef CONFORMANCE_SERVE_FIXTURE_H
#define CONFORMANCE_SERVE_FIXTURE_H

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/loop.h"
#include "sim/printer/fleet.h"
#include "sim/printer/walk.h"

enum { SERVE_LOOPBACK = 0x7f000001 };

struct serve {
	pid_t child;
	uint16_t snmp_port, enpc_port;
};

struct serve_socket {
	struct fleet *fleet;
	int fd;
	uint16_t service; /* 161 or 3289 */
	struct sockaddr_in peer;
};

static inline int serve_bind(uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(SERVE_LOOPBACK) };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &size) < 0)
		abort();
	*port = ntohs(at.sin_port);
	return fd;
}

static inline void serve_sink(void *arg, const struct datagram *datagram)
{
	struct serve_socket *socket = arg;
	sendto(socket->fd, datagram->data, datagram->size, 0, (struct sockaddr *)&socket->peer,
	       sizeof(socket->peer));
}

static inline void serve_ready(void *arg, unsigned events)
{
	struct serve_socket *socket = arg;
	socklen_t size = sizeof(socket->peer);
	uint8_t data[65536];
	(void)events;
	ssize_t got = recvfrom(socket->fd, data, sizeof(data), 0, (struct sockaddr *)&socket->peer,
			       &size);
	if (got < 0)
		return;
	fleet_datagram(socket->fleet,
		       &(struct datagram){ .from = SERVE_LOOPBACK,
					   .from_port = ntohs(socket->peer.sin_port),
					   .to = SERVE_LOOPBACK,
					   .to_port = socket->service,
					   .data = data,
					   .size = (size_t)got },
		       serve_sink, socket);
}

static inline bool serve_never(void *arg)
{
	(void)arg;
	return false;
}

static inline _Noreturn void serve_run(const char *profile, bool frozen, int snmp, int enpc)
{
	struct error err = { 0 };
	struct loop *loop = loop_new();
	struct fleet *fleet = fleet_new(&(struct fleet_options){ .loop = loop, .seed = 1 });
	struct profile *loaded = profile_load(profile, &err);
	const struct device_options options = {
		.name = "one", .profile = loaded, .address = SERVE_LOOPBACK, .frozen = frozen
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!loaded || !fleet_add(fleet, &options, &err)) {
		fprintf(stderr, "%s\n", error_text(&err));
		_exit(1);
	}
	struct serve_socket sockets[] = { { fleet, snmp, 161, { 0 } },
					  { fleet, enpc, 3289, { 0 } } };
	watch_new(loop, snmp, LOOP_READ, serve_ready, &sockets[0]);
	watch_new(loop, enpc, LOOP_READ, serve_ready, &sockets[1]);
	loop_run_until(loop, serve_never, NULL, UINT64_MAX);
	_exit(0);
}

/* Bound before the child runs, so nothing that is sent can come too early. */
static inline struct serve serve_start(const char *profile, bool frozen)
{
	struct serve serve;
	int snmp = serve_bind(&serve.snmp_port), enpc = serve_bind(&serve.enpc_port);

	serve.child = fork();
	if (serve.child == 0)
		serve_run(profile, frozen, snmp, enpc);
	close(snmp);
	close(enpc);
	return serve;
}

static inline void serve_stop(const struct serve *serve)
{
	kill(serve->child, SIGKILL);
	waitpid(serve->child, NULL, 0);
}

/* What snmpwalk says of it, read as import reads it. NULL, told on standard error, if it fails. */
static inline struct mib *serve_walk(const struct serve *serve)
{
	AUTO_FREE char *peer = alloc_printf("127.0.0.1:%u", serve->snmp_port);
	int pipes[2], status;
	struct buf text;
	struct error err = { 0 };
	char piece[65536];
	ssize_t got;

	if (pipe(pipes) < 0)
		return NULL;
	pid_t child = fork();
	if (child == 0) {
		dup2(pipes[1], STDOUT_FILENO);
		close(pipes[0]);
		setenv("MIBDIRS", "/dev/null", 1);
		execlp("snmpwalk", "snmpwalk", "-v2c", "-cpublic", "-On", "-m", "", "-t5", peer,
		       ".1.3", (char *)NULL);
		_exit(127);
	}
	close(pipes[1]);
	buf_init(&text, WALK_FILE_MAX);
	while ((got = read(pipes[0], piece, sizeof(piece))) > 0)
		buf_add(&text, piece, (size_t)got);
	close(pipes[0]);
	waitpid(child, &status, 0);
	struct mib *mib = walk_parse(buf_text(&text), text.size, "snmpwalk", NULL, &err);
	buf_done(&text);
	if (!mib || status != 0)
		fprintf(stderr, "snmpwalk ended with %d: %s\n", status, error_text(&err));
	return mib;
}

/* How many rows of a are not in b with the same type and value; each is told. skip says which
 * OIDs do not count; may be NULL. */
static inline size_t serve_missing(const struct mib *a, const struct mib *b,
				   bool (*skip)(const uint32_t *oid, size_t count))
{
	size_t missing = 0;

	for (size_t i = 0; i < mib_count(a); i++) {
		const struct mib_entry *row = mib_entry(a, i);
		const struct mib_entry *twin = mib_find(b, row->oid, row->oid_count);
		if (skip && skip(row->oid, row->oid_count))
			continue;
		if (twin && twin->type == row->type && twin->number == row->number &&
		    twin->size == row->size &&
		    (!row->size || !memcmp(twin->bytes, row->bytes, row->size)))
			continue;
		char text[OID_TEXT_MAX];
		fprintf(stderr, "%s %s\n", oid_format(row->oid, row->oid_count, text),
			twin ? "differs" : "is missing");
		missing++;
	}
	return missing;
}

#endif
