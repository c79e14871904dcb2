#include "sim/printer/front.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"

enum {
	PORT_SNMP = 161,
	PORT_ENPC = 3289,
	BURST = 32,             /* datagrams a system call */
	DATAGRAM_MAX = 65536,   /* IPv4 has no larger */
	QUEUE_BYTES = 16 << 20, /* asked for; the system gives what it allows */
};

/* One service of all printers. */
struct service {
	struct front *front;
	int fd;
	uint16_t port; /* as the fleet knows it, whatever the socket is bound to */
	struct watch *watch;
};

struct front {
	struct fleet *fleet;
	struct service services[2];
	uint8_t (*bytes)[DATAGRAM_MAX]; /* BURST of them */
};

struct control {
	_Alignas(struct cmsghdr) uint8_t bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

/* ---- out ---- */

static void send_by(int fd, const struct datagram *out)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(out->to_port),
				  .sin_addr.s_addr = htonl(out->to) };
	struct in_pktinfo from = { .ipi_spec_dst.s_addr = htonl(out->from) };
	struct iovec part = { (void *)out->data, out->size };
	struct control control = { { 0 } };
	struct cmsghdr *header = (struct cmsghdr *)control.bytes;
	struct msghdr message = { .msg_name = &to,
				  .msg_namelen = sizeof(to),
				  .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	*header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(from)),
				    .cmsg_level = IPPROTO_IP,
				    .cmsg_type = IP_PKTINFO };
	memcpy(CMSG_DATA(header), &from, sizeof(from));
	/* A datagram that the system does not take is lost, as on any network. */
	(void)!sendmsg(fd, &message, MSG_DONTWAIT);
}

/* A printer that answers from a port of another number is faulty, and rare enough for a socket of
 * its own. */
static void send_from_port(const struct datagram *out)
{
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(out->from_port) };
	int on = 1;
	AUTO_CLOSE int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, (struct sockaddr *)&own, sizeof(own)) == 0)
		send_by(fd, out);
}

static void answer(void *arg, const struct datagram *out)
{
	const struct service *service = arg;

	if (out->from_port == service->port)
		send_by(service->fd, out);
	else
		send_from_port(out);
}

/* ---- in ---- */

static uint32_t asked_address(struct msghdr *message)
{
	struct in_pktinfo info;

	for (struct cmsghdr *at = CMSG_FIRSTHDR(message); at; at = CMSG_NXTHDR(message, at)) {
		if (at->cmsg_level != IPPROTO_IP || at->cmsg_type != IP_PKTINFO)
			continue;
		memcpy(&info, CMSG_DATA(at), sizeof(info));
		return ntohl(info.ipi_addr.s_addr);
	}
	return 0;
}

static void take(struct service *service, struct msghdr *message, const uint8_t *data, size_t size)
{
	const struct sockaddr_in *from = message->msg_name;
	uint32_t to = asked_address(message);
	struct datagram in = { .from = ntohl(from->sin_addr.s_addr),
			       .to = (to & 0xffffff) == 0xffffff ? 0xffffffff : to,
			       .from_port = ntohs(from->sin_port),
			       .to_port = service->port,
			       .data = data,
			       .size = size };

	fleet_datagram(service->front->fleet, &in, answer, service);
}

static void on_datagrams(void *arg, unsigned events)
{
	struct service *service = arg;
	struct mmsghdr messages[BURST];
	struct sockaddr_in from[BURST];
	struct iovec parts[BURST];
	struct control controls[BURST];

	(void)events;
	for (size_t i = 0; i < BURST; i++) {
		parts[i] = (struct iovec){ service->front->bytes[i], DATAGRAM_MAX };
		messages[i].msg_hdr = (struct msghdr){ .msg_name = &from[i],
						       .msg_namelen = sizeof(from[i]),
						       .msg_iov = &parts[i],
						       .msg_iovlen = 1,
						       .msg_control = &controls[i],
						       .msg_controllen = sizeof(controls[i]) };
	}
	int count = recvmmsg(service->fd, messages, BURST, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++)
		take(service, &messages[i].msg_hdr, service->front->bytes[i], messages[i].msg_len);
}

/* ---- making ---- */

static int open_socket(const char *interface, uint16_t port, struct error *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int on = 1, size = QUEUE_BYTES;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 &&
	    (!interface || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
				      (socklen_t)strlen(interface)) == 0) &&
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) == 0 &&
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	int code = errno;
	if (fd >= 0)
		close(fd);
	return error_set(err, code, "cannot listen on UDP port %u: %s", port, strerror(code));
}

struct front *front_new(const struct front_options *options, struct error *err)
{
	const uint16_t known[] = { PORT_SNMP, PORT_ENPC };
	const uint16_t asked[] = { options->snmp_port, options->enpc_port };
	struct front *front = alloc_zero(1, sizeof(*front));

	front->fleet = options->fleet;
	front->bytes = alloc_zero(BURST, sizeof(*front->bytes));
	front->services[0].fd = front->services[1].fd = -1;
	for (size_t i = 0; i < 2; i++) {
		struct service *service = &front->services[i];
		service->front = front;
		service->port = known[i];
		service->fd = open_socket(options->interface, asked[i] ? asked[i] : known[i], err);
		if (service->fd < 0) {
			front_free(front);
			return NULL;
		}
		service->watch =
			watch_new(options->loop, service->fd, LOOP_READ, on_datagrams, service);
	}
	fleet_speak(front->fleet, answer, &front->services[0]);
	return front;
}

void front_free(struct front *front)
{
	if (!front)
		return;
	fleet_speak(front->fleet, NULL, NULL);
	for (size_t i = 0; i < 2; i++) {
		watch_free(front->services[i].watch);
		if (front->services[i].fd >= 0)
			close(front->services[i].fd);
	}
	free(front->bytes);
	free(front);
}
