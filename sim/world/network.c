#include "sim/world/network.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "sim/world/namespace.h"
#include "sim/world/tun.h"
#include "sim/world/world.h"

enum {
	LOOPBACK = 1,  /* always the first link of a namespace */
	QUEUE = 20000, /* packets; the default of 1000 loses bursts */
	NOTICES_MAX = 16 << 20,
};

static const uint32_t CLOUD_LINK = 0xcb007101; /* 203.0.113.1, the address of wan0 */

const uint8_t network_agent_hardware[6] = { 2, 0, 0, 0, 0, 5 };
const uint8_t network_gateway_hardware[6] = { 2, 0, 0, 0, 0, 1 };

/* The first of a list of steps that failed. */
struct steps {
	int code;
	const char *failed;
};

static void step(struct steps *steps, const char *what, int code)
{
	if (!steps->code && code < 0) {
		steps->code = code;
		steps->failed = what;
	}
}

static int steps_end(const struct steps *steps, struct error *err)
{
	if (!steps->code)
		return 0;
	if (steps->code == -EROFS)
		return error_set(err, EROFS,
				 "cannot set up the network: %s: /proc/sys is read-only; start the "
				 "container with `--privileged`, with `--security-opt "
				 "systempaths=unconfined` (Docker) or `--security-opt unmask=ALL` "
				 "(Podman)",
				 steps->failed);
	return error_set(err, -steps->code, "cannot set up the network: %s: %s", steps->failed,
			 strerror(-steps->code));
}

static int link_index(const char *name)
{
	unsigned index = if_nametoindex(name);
	return index ? (int)index : -errno;
}

/* IPv6 stays out: nothing in the world speaks it, and the kernel's own chatter would be evidence.
 */
static void quiet(struct steps *steps)
{
	step(steps, "disable_ipv6",
	     access("/proc/sys/net/ipv6", F_OK)
		     ? 0
		     : namespace_sysctl("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1"));
	/* Inherited from the machine, where it may be strict. */
	step(steps, "rp_filter", namespace_sysctl("/proc/sys/net/ipv4/conf/all/rp_filter", "0"));
	step(steps, "rp_filter",
	     namespace_sysctl("/proc/sys/net/ipv4/conf/default/rp_filter", "0"));
}

static int cloud_side(struct network *network, const struct broker *broker, struct error *err)
{
	struct steps steps = { 0 };
	AUTO_CLOSE int links = netlink_open(NETLINK_ROUTE);

	quiet(&steps);
	network->tun = tun_open(TUN_IP, "wan0", network->cloud, broker, err);
	if (network->tun < 0)
		return network->tun;
	int wan = link_index("wan0");
	step(&steps, "rtnetlink", links);
	step(&steps, "wan0", wan);
	step(&steps, "lo up", netlink_link_up(links, LOOPBACK, 0));
	step(&steps, "address of wan0",
	     netlink_address(links, &(struct netlink_address){
					    .index = wan, .address = CLOUD_LINK, .prefix = 32 }));
	step(&steps, "wan0 up", netlink_link_up(links, wan, QUEUE));
	struct netlink_route way = {
		.index = wan, .table = RT_TABLE_MAIN, .type = RTN_UNICAST, .scope = RT_SCOPE_LINK
	};
	step(&steps, "default route", netlink_route(links, &way));
	/* Every address of these networks is this machine: kernel sockets answer for all of them.
	 */
	struct netlink_route local = { .index = LOOPBACK,
				       .table = RT_TABLE_LOCAL,
				       .type = RTN_LOCAL,
				       .scope = RT_SCOPE_HOST };
	local.to = WORLD_CLOUD_NET;
	local.prefix = 24;
	step(&steps, "cloud addresses", netlink_route(links, &local));
	local.to = WORLD_PRINTERS;
	local.prefix = 12;
	step(&steps, "printer addresses", netlink_route(links, &local));
	return steps_end(&steps, err);
}

/* Subscribes to the end of every TCP and UDP socket. */
static int open_ends(void)
{
	struct sockaddr_nl groups = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1u << (SKNLGRP_INET_TCP_DESTROY - 1) |
			     1u << (SKNLGRP_INET_UDP_DESTROY - 1) |
			     1u << (SKNLGRP_INET6_TCP_DESTROY - 1) |
			     1u << (SKNLGRP_INET6_UDP_DESTROY - 1),
	};
	int size = NOTICES_MAX;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);

	if (fd < 0)
		return -errno;
	/* Beyond the system's limit only with a capability of the machine; less will do. */
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&groups, sizeof(groups)) < 0) {
		int code = errno;
		close(fd);
		return -code;
	}
	return fd;
}

static int agent_side(struct network *network, const struct broker *broker, struct error *err)
{
	struct steps steps = { 0 };

	quiet(&steps);
	/* So that a fixed port of a program is told from one the kernel chose. */
	step(&steps, "ip_local_port_range",
	     namespace_sysctl("/proc/sys/net/ipv4/ip_local_port_range", "49152 60999"));
	step(&steps, "rtnetlink", network->agent_links = netlink_open(NETLINK_ROUTE));
	step(&steps, "sock_diag", network->agent_sockets = netlink_open(NETLINK_SOCK_DIAG));
	step(&steps, "socket notices", network->agent_ends = open_ends());
	network->tap = tun_open(TUN_ETHERNET, "eth0", network->agent, broker, err);
	if (network->tap < 0)
		return network->tap;
	/* Once off and on: the link then says "up" instead of "unknown". */
	step(&steps, "carrier", tun_carrier(network->tap, false));
	step(&steps, "carrier", tun_carrier(network->tap, true));
	int links = network->agent_links;
	step(&steps, "eth0", network->eth0 = link_index("eth0"));
	step(&steps, "lo up", netlink_link_up(links, LOOPBACK, 0));
	step(&steps, "hardware address",
	     netlink_link_hardware(links, network->eth0, network_agent_hardware));
	/* Without a prefix route: neighbours on the link would fill the kernel's table, which is
	 * one for the whole machine and ends at 1024. */
	step(&steps, "address of eth0",
	     netlink_address(links, &(struct netlink_address){ .index = network->eth0,
							       .address = WORLD_AGENT_IP,
							       .prefix = 8,
							       .broadcast = 0x0affffff }));
	step(&steps, "eth0 up", netlink_link_up(links, network->eth0, QUEUE));
	struct netlink_route way = { .index = network->eth0,
				     .table = RT_TABLE_MAIN,
				     .type = RTN_UNICAST,
				     .scope = RT_SCOPE_UNIVERSE,
				     .gateway = WORLD_GATEWAY_IP };
	step(&steps, "default route", netlink_route(links, &way));
	return steps_end(&steps, err);
}

int network_init(struct network *network, const struct broker *broker, struct error *err)
{
	*network = (struct network){ -1, -1, -1, -1, -1, -1, -1, 0 };
	network->cloud = namespace_current("net", err);
	if (network->cloud < 0)
		return network->cloud;
	int code = cloud_side(network, broker, err);
	if (code)
		return code;
	network->agent = namespace_new_network(err);
	if (network->agent < 0)
		return network->agent;
	code = agent_side(network, broker, err);
	if (code)
		return code;
	if (setns(network->cloud, CLONE_NEWNET) < 0)
		return error_set(err, errno, "cannot return to the cloud's network: %s",
				 strerror(errno));
	return 0;
}

void network_done(struct network *network)
{
	const int fds[] = { network->cloud,     network->agent,       network->tun,
			    network->tap,       network->agent_links, network->agent_sockets,
			    network->agent_ends };

	for (size_t i = 0; i < COUNT_OF(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	*network = (struct network){ -1, -1, -1, -1, -1, -1, -1, 0 };
}

int network_carrier(const struct network *network, bool on)
{
	struct ethtool_value link = { .cmd = ETHTOOL_GLINK };
	struct ifreq request = { .ifr_name = "eth0", .ifr_data = (char *)&link };
	int code = tun_carrier(network->tap, on);

	if (code)
		return code;
	/* The kernel acts on a carrier later, in a work queue; to be asked makes it act now. */
	return ioctl(network->agent_links, SIOCETHTOOL, &request) < 0 ? -errno : 0;
}

int network_counters(const struct network *network, struct netlink_counters *counters)
{
	return netlink_counters(network->agent_links, network->eth0, counters);
}
