#include "sim/world/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stddef.h>
#include <sys/socket.h>

enum { MESSAGE_MAX = 512, ANSWER_MAX = 32768 };

struct message {
	_Alignas(struct nlmsghdr) uint8_t data[MESSAGE_MAX];
	size_t size;
};

int netlink_open(int protocol)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	return fd < 0 ? -errno : fd;
}

static size_t align4(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

static void message_init(struct message *message, const void *body, size_t size)
{
	*message = (struct message){ .size = sizeof(struct nlmsghdr) + size };
	memcpy(message->data + sizeof(struct nlmsghdr), body, size);
}

static void add(struct message *message, uint16_t type, const void *value, size_t size)
{
	size_t at = align4(message->size);
	struct rtattr attribute = { .rta_type = type,
				    .rta_len = (uint16_t)(sizeof(attribute) + size) };

	memcpy(message->data + at, &attribute, sizeof(attribute));
	memcpy(message->data + at + sizeof(attribute), value, size);
	message->size = at + sizeof(attribute) + size;
}

static void add_u32(struct message *message, uint16_t type, uint32_t value)
{
	add(message, type, &value, sizeof(value));
}

static int message_send(int fd, struct message *message, uint16_t type, int flags)
{
	struct nlmsghdr header = { .nlmsg_len = (uint32_t)message->size,
				   .nlmsg_type = type,
				   .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags) };

	memcpy(message->data, &header, sizeof(header));
	return send(fd, message->data, message->size, 0) < 0 ? -errno : 0;
}

/* What the kernel says to a change: a code, and the request again. */
struct answer {
	struct nlmsghdr header;
	struct nlmsgerr body;
	uint8_t rest[MESSAGE_MAX];
};

/* Sends a change and waits for its acknowledgement. */
static int change(int fd, struct message *message, uint16_t type, int flags)
{
	struct answer answer;
	int code = message_send(fd, message, type, flags | NLM_F_ACK);

	if (code)
		return code;
	ssize_t size = recv(fd, &answer, sizeof(answer), 0);
	if (size < 0)
		return -errno;
	if ((size_t)size < offsetof(struct answer, rest) || answer.header.nlmsg_type != NLMSG_ERROR)
		return -EPROTO;
	return answer.body.error;
}

int netlink_link_up(int fd, int index, uint32_t queue)
{
	struct ifinfomsg link = { .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct message message;

	message_init(&message, &link, sizeof(link));
	if (queue)
		add_u32(&message, IFLA_TXQLEN, queue);
	return change(fd, &message, RTM_NEWLINK, 0);
}

int netlink_link_hardware(int fd, int index, const uint8_t address[6])
{
	struct ifinfomsg link = { .ifi_index = index };
	struct message message;

	message_init(&message, &link, sizeof(link));
	add(&message, IFLA_ADDRESS, address, 6);
	return change(fd, &message, RTM_NEWLINK, 0);
}

int netlink_address(int fd, const struct netlink_address *address)
{
	struct ifaddrmsg body = { .ifa_family = AF_INET,
				  .ifa_prefixlen = address->prefix,
				  .ifa_index = (uint32_t)address->index };
	struct message message;

	message_init(&message, &body, sizeof(body));
	add_u32(&message, IFA_LOCAL, htonl(address->address));
	add_u32(&message, IFA_ADDRESS, htonl(address->address));
	if (address->broadcast)
		add_u32(&message, IFA_BROADCAST, htonl(address->broadcast));
	add_u32(&message, IFA_FLAGS, IFA_F_NOPREFIXROUTE);
	return change(fd, &message, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
}

int netlink_route(int fd, const struct netlink_route *route)
{
	struct rtmsg body = { .rtm_family = AF_INET,
			      .rtm_dst_len = route->prefix,
			      .rtm_table = route->table,
			      .rtm_protocol = RTPROT_STATIC,
			      .rtm_scope = route->scope,
			      .rtm_type = route->type,
			      .rtm_flags = route->gateway ? RTNH_F_ONLINK : 0 };
	struct message message;

	message_init(&message, &body, sizeof(body));
	if (route->prefix)
		add_u32(&message, RTA_DST, htonl(route->to));
	add_u32(&message, RTA_OIF, (uint32_t)route->index);
	if (route->gateway)
		add_u32(&message, RTA_GATEWAY, htonl(route->gateway));
	return change(fd, &message, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
}

static bool find_counters(const uint8_t *data, size_t size, struct rtnl_link_stats64 *stats)
{
	size_t at = sizeof(struct nlmsghdr) + sizeof(struct ifinfomsg);
	struct rtattr attribute;

	while (at + sizeof(attribute) <= size) {
		memcpy(&attribute, data + at, sizeof(attribute));
		if (attribute.rta_len < sizeof(attribute) || attribute.rta_len > size - at)
			return false;
		if (attribute.rta_type == IFLA_STATS64) {
			size_t length = attribute.rta_len - sizeof(attribute);
			*stats = (struct rtnl_link_stats64){ 0 };
			memcpy(stats, data + at + sizeof(attribute),
			       length < sizeof(*stats) ? length : sizeof(*stats));
			return true;
		}
		at += align4(attribute.rta_len);
	}
	return false;
}

int netlink_counters(int fd, int index, struct netlink_counters *counters)
{
	struct ifinfomsg link = { .ifi_index = index };
	struct rtnl_link_stats64 stats;
	struct message message;
	_Alignas(struct nlmsghdr) static uint8_t answer[ANSWER_MAX];

	message_init(&message, &link, sizeof(link));
	int code = message_send(fd, &message, RTM_GETLINK, 0);
	if (code)
		return code;
	ssize_t size = recv(fd, answer, sizeof(answer), 0);
	if (size < 0)
		return -errno;
	if (!find_counters(answer, (size_t)size, &stats))
		return -EPROTO;
	*counters = (struct netlink_counters){ .sent = stats.tx_packets,
					       .received = stats.rx_packets,
					       .send_dropped = stats.tx_dropped };
	return 0;
}
