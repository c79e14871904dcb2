#include "ci/bench.d/udp.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 8 << 20 }; /* net-snmp's 208 KiB would lose requests when 256 are outstanding */

struct slot {
	struct sockaddr_in peer;
	struct iovec in, out;
	uint8_t request[UDP_SIZE_MAX], answer[UDP_SIZE_MAX];
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

int udp_open(uint16_t port)
{
	const struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(port) };
	const int room = ROOM, yes = 1;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	/* The first needs root; without, the second gets what the system allows. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &yes, sizeof(yes)) < 0 ||
	    bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void prepare(struct slot *slots, struct mmsghdr *headers)
{
	for (size_t i = 0; i < UDP_BATCH; i++) {
		slots[i].in = (struct iovec){ slots[i].request, UDP_SIZE_MAX };
		headers[i].msg_hdr = (struct msghdr){ .msg_name = &slots[i].peer,
						      .msg_namelen = sizeof(slots[i].peer),
						      .msg_iov = &slots[i].in,
						      .msg_iovlen = 1,
						      .msg_control = slots[i].control,
						      .msg_controllen = sizeof(slots[i].control) };
	}
}

/* The answer goes out from the address that was asked. */
static size_t answer_one(struct slot *slot, size_t size, udp_answer *answer, void *arg)
{
	struct in_pktinfo *info =
		(struct in_pktinfo *)(void *)CMSG_DATA((struct cmsghdr *)(void *)slot->control);
	const struct udp_packet in = { .from = ntohl(slot->peer.sin_addr.s_addr),
				       .from_port = ntohs(slot->peer.sin_port),
				       .to = ntohl(info->ipi_addr.s_addr),
				       .data = slot->request,
				       .size = size };

	info->ipi_spec_dst = info->ipi_addr;
	info->ipi_ifindex = 0;
	size_t written = answer(arg, &in, slot->answer);
	slot->out = (struct iovec){ slot->answer, written };
	return written;
}

static void send_all(int fd, struct mmsghdr *headers, unsigned count)
{
	for (unsigned sent = 0; sent < count;) {
		int more = sendmmsg(fd, headers + sent, count - sent, 0);
		sent += more > 0 ? (unsigned)more
				 : 1; /* what cannot be sent is lost, as on a wire */
	}
}

void udp_serve(int fd, udp_answer *answer, void (*turn)(void *arg), void *arg)
{
	static struct slot slots[UDP_BATCH];
	static struct mmsghdr in[UDP_BATCH], out[UDP_BATCH];

	for (;;) {
		unsigned ready = 0;
		prepare(slots, in);
		int count = recvmmsg(fd, in, UDP_BATCH, MSG_WAITFORONE, NULL);
		if (turn)
			turn(arg);
		for (int i = 0; i < count; i++) {
			if (!answer_one(&slots[i], in[i].msg_len, answer, arg))
				continue;
			out[ready] = in[i];
			out[ready++].msg_hdr.msg_iov = &slots[i].out;
		}
		send_all(fd, out, ready);
	}
}
