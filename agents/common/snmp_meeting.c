#include "agents/common/snmp_meeting.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"

enum { DATAGRAM_MAX = 2048, DATAGRAMS_A_TURN = 16 };

struct snmp_meeting {
	struct snmp_meeting_options options;
	int fd;
	int32_t number;
	int64_t sent;
	struct watch *watch;
	struct timer *timer;
	snmp_met *done;
	void *arg;
};

void snmp_meeting_cancel(struct snmp_meeting *meeting)
{
	if (!meeting)
		return;
	watch_free(meeting->watch);
	timer_free(meeting->timer);
	if (meeting->fd >= 0)
		close(meeting->fd);
	free(meeting);
}

static void finish(struct snmp_meeting *meeting, const struct snmp_engine *engine)
{
	snmp_met *done = meeting->done;
	void *arg = meeting->arg;

	snmp_meeting_cancel(meeting);
	done(arg, engine);
}

/* What cannot be sent now may be sent at the next try. */
static void ask(struct snmp_meeting *meeting)
{
	uint8_t bytes[SNMP_ENGINE_ASK_MAX];
	size_t size = snmp_engine_ask(meeting->number, bytes);

	meeting->sent++;
	timer_in(meeting->timer, (uint64_t)meeting->options.timeout_ms);
	(void)!send(meeting->fd, bytes, size, 0);
}

static void due(void *arg)
{
	struct snmp_meeting *meeting = arg;

	if (meeting->fd >= 0 && meeting->sent <= meeting->options.retries)
		ask(meeting);
	else
		finish(meeting, NULL);
}

static void readable(void *arg, unsigned events)
{
	struct snmp_meeting *meeting = arg;
	uint8_t data[DATAGRAM_MAX];
	struct snmp_engine engine;

	(void)events;
	for (int i = 0; i < DATAGRAMS_A_TURN; i++) {
		ssize_t got = recv(meeting->fd, data, sizeof(data), MSG_DONTWAIT);
		if (got < 0)
			return; /* nothing more, or a port that is closed: the timer goes on */
		if (!snmp_engine_read(data, (size_t)got, meeting->number, &engine))
			continue;
		finish(meeting, &engine);
		return;
	}
}

/* Connected, the kernel lets in only what comes from there. */
static int open_socket(const struct snmp_meeting_options *options)
{
	struct sockaddr_in peer = { .sin_family = AF_INET,
				    .sin_port = htons(options->port),
				    .sin_addr.s_addr = htonl(options->address) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&peer, sizeof(peer)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

struct snmp_meeting *snmp_meet(const struct snmp_meeting_options *options, snmp_met *done,
			       void *arg)
{
	struct snmp_meeting *meeting = alloc_zero(1, sizeof(*meeting));
	uint32_t random = 0;

	/* A number that nobody beside the way can guess; without one a fixed number does. */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = (uint32_t)loop_now(options->loop);
	meeting->options = *options;
	meeting->number = (int32_t)(random & INT32_MAX);
	meeting->done = done;
	meeting->arg = arg;
	meeting->timer = timer_new(options->loop, due, meeting);
	meeting->fd = open_socket(options);
	if (meeting->fd < 0) {
		timer_in(meeting->timer, 0);
		return meeting;
	}
	meeting->watch = watch_new(options->loop, meeting->fd, LOOP_READ, readable, meeting);
	ask(meeting);
	return meeting;
}
