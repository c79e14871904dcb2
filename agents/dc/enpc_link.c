#include "agents/dc/enpc_link.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/buf.h"

enum { DATAGRAM_MAX = 2048, DATAGRAMS_A_TURN = 64 };

struct enpc_call {
	struct enpc_options options;
	int fd;
	bool probe;
	int64_t sent;
	struct watch *watch;
	struct timer *timer;
	enpc_done *done;
	void *arg;
};

void enpc_cancel(struct enpc_call *call)
{
	if (!call)
		return;
	watch_free(call->watch);
	timer_free(call->timer);
	if (call->fd >= 0)
		close(call->fd);
	free(call);
}

static void finish(struct enpc_call *call, uint32_t from, const struct enpc_reply *reply)
{
	enpc_done *done = call->done;
	void *arg = call->arg;

	enpc_cancel(call);
	done(arg, from, reply);
}

static bool send_request(struct enpc_call *call)
{
	uint8_t packet[ENPC_REQUEST_SIZE];
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(ENPC_PORT),
				  .sin_addr.s_addr = htonl(call->options.address) };
	const struct sockaddr *name = call->probe ? (const struct sockaddr *)&to : NULL;

	enpc_request(call->options.function, packet);
	call->sent++;
	timer_in(call->timer, (uint64_t)call->options.timeout_ms);
	return sendto(call->fd, packet, sizeof(packet), 0, name, name ? sizeof(to) : 0) ==
	       (ssize_t)sizeof(packet);
}

static void due(void *arg)
{
	struct enpc_call *call = arg;

	/* What cannot be sent now may be sent at the next turn of the clock. */
	if (call->sent <= call->options.retries)
		send_request(call);
	else
		finish(call, 0, NULL);
}

static void readable(void *arg, unsigned events)
{
	struct enpc_call *call = arg;
	uint8_t data[DATAGRAM_MAX];
	struct sockaddr_in from = { 0 };
	struct enpc_reply reply;

	(void)events;
	for (int i = 0; i < DATAGRAMS_A_TURN; i++) {
		socklen_t size = sizeof(from);
		ssize_t got = recvfrom(call->fd, data, sizeof(data), MSG_DONTWAIT,
				       (struct sockaddr *)&from, &size);
		if (got < 0)
			return; /* nothing more, or a port that is closed: the timer goes on */
		if (ntohs(from.sin_port) != ENPC_PORT ||
		    !enpc_parse(call->options.function, data, (size_t)got, &reply))
			continue;
		uint32_t address = ntohl(from.sin_addr.s_addr);
		if (!call->probe) {
			finish(call, address, &reply);
			return;
		}
		call->done(call->arg, address, &reply);
	}
}

static bool open_socket(struct enpc_call *call)
{
	int one = 1;
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(ENPC_PORT),
				  .sin_addr.s_addr = htonl(call->options.address) };

	call->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (call->fd < 0)
		return false;
	if (call->probe)
		return setsockopt(call->fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)) == 0;
	/* Connected, the kernel lets in only what comes from that printer. */
	return connect(call->fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
}

struct enpc_call *enpc_ask(const struct enpc_options *options, enpc_done *done, void *arg)
{
	struct enpc_call *call = alloc_zero(1, sizeof(*call));

	call->options = *options;
	call->probe = options->function->packet == 'P';
	call->done = done;
	call->arg = arg;
	call->timer = timer_new(options->loop, due, call);
	if (!open_socket(call) || !send_request(call)) {
		enpc_cancel(call);
		return NULL;
	}
	call->watch = watch_new(options->loop, call->fd, LOOP_READ, readable, call);
	return call;
}
