#include "sim/world/sentry.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "sim/world/caller.h"
#include "sim/world/filecall.h"

enum { NOTICE_SIZE = 32768, STATE_UNCONNECTED = 7 };

struct sentry {
	struct loop *loop;
	struct tap *tap;
	const struct network *network;
	struct inject *inject;
	int filter;
	struct watch *filter_watch, *ends_watch;
	bool watched;    /* an agent ran under the filter */
	uint64_t missed; /* times the kernel had more to tell of ended sockets than it could keep */
};

static const char *protocol_name(int protocol)
{
	static const struct {
		int number;
		const char *name;
	} names[] = { { IPPROTO_TCP, "tcp" },         { IPPROTO_UDP, "udp" },
		      { IPPROTO_ICMP, "icmp" },       { IPPROTO_SCTP, "sctp" },
		      { IPPROTO_UDPLITE, "udplite" }, { IPPROTO_MPTCP, "tcp" } };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].number == protocol)
			return names[i].name;
	return "other";
}

static const char *type_name(int type)
{
	switch (type) {
	case SOCK_STREAM:
		return "stream";
	case SOCK_DGRAM:
		return "dgram";
	case SOCK_RAW:
		return "raw";
	default:
		return "other";
	}
}

struct call {
	pid_t pid;
	int fd; /* a copy of the agent's socket */
	int family, type, protocol;
};

static bool look(int socket, int option, int *value)
{
	socklen_t size = sizeof(*value);
	return getsockopt(socket, SOL_SOCKET, option, value, &size) == 0;
}

/* False when it is no internet socket. */
static bool look_at_socket(struct call *call, int number)
{
	call->fd = caller_descriptor(call->pid, number);
	return call->fd >= 0 && look(call->fd, SO_DOMAIN, &call->family) &&
	       (call->family == AF_INET || call->family == AF_INET6) &&
	       look(call->fd, SO_TYPE, &call->type) && look(call->fd, SO_PROTOCOL, &call->protocol);
}

static void add_address(json_t *fields, const struct sockaddr_storage *address)
{
	char text[INET6_ADDRSTRLEN] = "";
	uint16_t port = 0;

	if (address->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)address;
		inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text));
		port = ntohs(in->sin_port);
	} else if (address->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)address;
		inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof(text));
		port = ntohs(in->sin6_port);
	}
	json_object_set_new(fields, "address", json_string(text));
	json_object_set_new(fields, "port", json_integer(port));
}

/* Reads from the caller's memory what it binds to. */
static void read_bound(const struct seccomp_notif *request, struct sockaddr_storage *address)
{
	size_t size =
		request->data.args[2] < sizeof(*address) ? request->data.args[2] : sizeof(*address);
	struct iovec here = { address, size };
	struct iovec there = { (void *)(uintptr_t)request->data.args[1], size };

	if (process_vm_readv((pid_t)request->pid, &here, 1, &there, 1, 0) < 0)
		address->ss_family = AF_UNSPEC;
}

static void note(struct sentry *sentry, const struct seccomp_notif *request)
{
	struct call call = { .pid = caller_process((pid_t)request->pid), .fd = -1 };
	struct sockaddr_storage address = { 0 };
	bool binds = request->data.nr == SYS_bind;
	uint64_t id = request->id;

	bool internet = look_at_socket(&call, (int)request->data.args[0]);
	AUTO_CLOSE int fd = call.fd;
	if (!internet)
		return;
	if (binds) {
		read_bound(request, &address);
	} else {
		socklen_t size = sizeof(address);
		getsockname(fd, (struct sockaddr *)&address, &size);
	}
	/* Ended meanwhile: what was read may be another process's. */
	if (ioctl(sentry->filter, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) < 0)
		return;
	json_t *fields = json_pack("{s:s, s:i, s:s}", "protocol", protocol_name(call.protocol),
				   "pid", (int)call.pid, "type", type_name(call.type));
	add_address(fields, &address);
	tap_seen(sentry->tap, binds ? "socket.bind" : "socket.listen", fields);
}

static void note_file(struct sentry *sentry, const struct seccomp_notif *request)
{
	const struct filecall *filecall = filecall_find(request->data.nr);
	char path[PATH_MAX];
	uint64_t id = request->id;

	if (!filecall || filecall->file != FILECALL_NONE)
		return;
	pid_t pid = caller_process((pid_t)request->pid);
	if (!filecall_foreign(filecall, request, pid, path))
		return;
	if (ioctl(sentry->filter, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) < 0)
		return;
	tap_seen(sentry->tap, "file.write",
		 json_pack("{s:o, s:s, s:i}", "path", json_lossy_text(path, strlen(path)), "call",
			   filecall->title, "pid", (int)pid));
}

static void end_filter(struct sentry *sentry)
{
	watch_free(sentry->filter_watch);
	sentry->filter_watch = NULL;
	if (sentry->filter >= 0)
		close(sentry->filter);
	sentry->filter = -1;
}

static void filter_ready(void *arg, unsigned events)
{
	struct sentry *sentry = arg;
	struct pollfd ready = { .fd = sentry->filter, .events = POLLIN };
	struct seccomp_notif request = { 0 };

	(void)events;
	if (poll(&ready, 1, 0) <= 0)
		return;
	if (!(ready.revents & POLLIN)) { /* nobody is left under this filter */
		end_filter(sentry);
		return;
	}
	if (ioctl(sentry->filter, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0)
		return; /* the caller was killed before it was heard */
	if (request.data.nr == SYS_bind || request.data.nr == SYS_listen)
		note(sentry, &request);
	else
		note_file(sentry, &request);
	int error = inject_call(sentry->inject, sentry->filter, &request);
	if (error == INJECT_KILLED)
		return;
	struct seccomp_notif_resp answer = { .id = request.id, .error = error };
	if (!error)
		answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	/* Fails only when the caller has ended, which is as well. */
	(void)ioctl(sentry->filter, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

static uint8_t attribute_protocol(const uint8_t *at, size_t size)
{
	struct nlattr attribute;

	while (size >= sizeof(attribute)) {
		memcpy(&attribute, at, sizeof(attribute));
		if (attribute.nla_len < sizeof(attribute) || attribute.nla_len > size)
			return 0;
		if (attribute.nla_type == INET_DIAG_PROTOCOL &&
		    attribute.nla_len > sizeof(attribute))
			return at[sizeof(attribute)];
		size_t whole = (attribute.nla_len + 3u) & ~3u;
		if (whole > size)
			return 0;
		at += whole;
		size -= whole;
	}
	return 0;
}

/* Calls back for each socket of a netlink answer; true when the dump is over. */
static bool each_socket(const uint8_t *data, size_t size,
			void (*socket)(void *arg, const struct inet_diag_msg *about,
				       uint8_t protocol),
			void *arg)
{
	struct nlmsghdr header;
	struct inet_diag_msg about;

	while (size >= sizeof(header)) {
		memcpy(&header, data, sizeof(header));
		if (header.nlmsg_len < sizeof(header) || header.nlmsg_len > size)
			return true;
		if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR)
			return true;
		size_t fixed = sizeof(header) + sizeof(about);
		if (header.nlmsg_len >= fixed) {
			memcpy(&about, data + sizeof(header), sizeof(about));
			socket(arg, &about,
			       attribute_protocol(data + fixed, header.nlmsg_len - fixed));
		}
		size_t whole = (header.nlmsg_len + 3u) & ~3u;
		if (whole >= size)
			return false;
		data += whole;
		size -= whole;
	}
	return false;
}

static void note_end(void *arg, const struct inet_diag_msg *about, uint8_t protocol)
{
	struct sentry *sentry = arg;

	if (about->id.idiag_sport)
		tap_seen(sentry->tap, "socket.destroyed",
			 json_pack("{s:s, s:i, s:i}", "protocol", protocol_name(protocol), "port",
				   (int)ntohs(about->id.idiag_sport), "remotePort",
				   (int)ntohs(about->id.idiag_dport)));
}

static void ends_ready(void *arg, unsigned events)
{
	static uint8_t data[NOTICE_SIZE];
	struct sentry *sentry = arg;

	(void)events;
	for (;;) {
		ssize_t size = recv(sentry->network->agent_ends, data, sizeof(data), MSG_DONTWAIT);
		if (size > 0)
			each_socket(data, (size_t)size, note_end, sentry);
		else if (size < 0 && errno == ENOBUFS)
			sentry->missed++;
		else
			return;
	}
}

struct sentry *sentry_new(const struct sentry_options *options)
{
	const struct network *network = options->network;
	struct loop *loop = options->loop;
	struct sentry *sentry = alloc_zero(1, sizeof(*sentry));
	sentry->loop = loop;
	sentry->tap = options->tap;
	sentry->network = network;
	sentry->inject = options->inject;
	sentry->filter = -1;
	sentry->ends_watch = watch_new(loop, network->agent_ends, LOOP_READ, ends_ready, sentry);
	return sentry;
}

void sentry_free(struct sentry *sentry)
{
	if (!sentry)
		return;
	end_filter(sentry);
	watch_free(sentry->ends_watch);
	free(sentry);
}

void sentry_watch(struct sentry *sentry, int filter)
{
	end_filter(sentry);
	sentry->filter = filter;
	sentry->watched = true;
	sentry->filter_watch = watch_new(sentry->loop, filter, LOOP_READ, filter_ready, sentry);
}

void sentry_drain(struct sentry *sentry)
{
	ends_ready(sentry, LOOP_READ);
}

struct listing {
	json_t *rows;
	int protocol;
};

static void list_socket(void *arg, const struct inet_diag_msg *about, uint8_t protocol)
{
	struct listing *listing = arg;
	char address[INET6_ADDRSTRLEN] = "";

	(void)protocol;
	inet_ntop(about->idiag_family, about->id.idiag_src, address, sizeof(address));
	json_array_append_new(listing->rows,
			      json_pack("{s:s, s:s, s:i}", "protocol",
					protocol_name(listing->protocol), "address", address,
					"port", (int)ntohs(about->id.idiag_sport)));
}

static void list(const struct sentry *sentry, uint8_t family, uint8_t protocol, uint32_t states,
		 json_t *rows)
{
	static uint8_t data[NOTICE_SIZE];
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 body;
	} request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.body = { .sdiag_family = family,
			  .sdiag_protocol = protocol,
			  .idiag_states = states },
	};
	struct listing listing = { rows, protocol };
	int fd = sentry->network->agent_sockets;

	if (send(fd, &request, sizeof(request), 0) < 0)
		return;
	for (;;) {
		ssize_t size = recv(fd, data, sizeof(data), 0);
		if (size <= 0 || each_socket(data, (size_t)size, list_socket, &listing))
			return;
	}
}

void sentry_report(struct sentry *sentry)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	json_t *rows = json_array();

	for (size_t i = 0; i < COUNT_OF(families); i++) {
		list(sentry, families[i], IPPROTO_TCP, 1u << TCP_LISTEN, rows);
		list(sentry, families[i], IPPROTO_UDP, 1u << STATE_UNCONNECTED, rows);
	}
	if (sentry->watched)
		tap_seen(sentry->tap, "world.files", NULL);
	tap_seen(sentry->tap, "world.sockets",
		 json_pack("{s:o, s:I}", "listening", rows, "missed", (json_int_t)sentry->missed));
}
