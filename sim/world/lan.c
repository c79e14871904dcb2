#include "sim/world/lan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sim/world/namespace.h"
#include "sim/world/netlink.h"
#include "sim/world/world.h"

enum { LOOPBACK = 1 }; /* always the first link of a namespace */

/* Root inside, the caller outside: whoever enters may set addresses and capture packets here. */
static int map_root(unsigned uid, unsigned gid)
{
	char line[64];

	int code = namespace_sysctl("/proc/self/setgroups", "deny");
	if (!code) {
		snprintf(line, sizeof(line), "0 %u 1\n", uid);
		code = namespace_sysctl("/proc/self/uid_map", line);
	}
	if (!code) {
		snprintf(line, sizeof(line), "0 %u 1\n", gid);
		code = namespace_sysctl("/proc/self/gid_map", line);
	}
	return code;
}

static int make_local(int links, uint32_t to, uint8_t prefix)
{
	return netlink_route(links, &(struct netlink_route){ .index = LOOPBACK,
							     .table = RT_TABLE_LOCAL,
							     .type = RTN_LOCAL,
							     .scope = RT_SCOPE_HOST,
							     .to = to,
							     .prefix = prefix });
}

static int make_network(void)
{
	AUTO_CLOSE int links = netlink_open(NETLINK_ROUTE);
	int code = links < 0 ? links : netlink_link_up(links, LOOPBACK, 0);

	if (!code)
		code = make_local(links, WORLD_PRINTERS, 12);
	if (!code)
		code = make_local(links, WORLD_CLOUD_NET, 24);
	/* A device without broadcast refuses 255.255.255.255; as one more local address it works.
	 */
	return code ? code : make_local(links, 0xffffffff, 32);
}

/* A file system in memory that stands nowhere; a descriptor of its root or negative errno. */
static int open_memory(void)
{
	AUTO_CLOSE int context = fsopen("tmpfs", FSOPEN_CLOEXEC);

	if (context < 0 || fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -errno;
	int root = fsmount(context, FSMOUNT_CLOEXEC, 0);
	return root < 0 ? -errno : root;
}

/* From memory, so that nothing is left behind; and linked there, as a file that has lost its name
 * cannot be mounted upon by a network inside this one. */
static int show_hosts(const char *hosts)
{
	AUTO_CLOSE int memory = open_memory();

	if (memory < 0)
		return memory;
	AUTO_CLOSE int file = openat(memory, "hosts", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
	if (file < 0 || fchmod(file, 0644) < 0 || dprintf(file, "%s", hosts) < 0)
		return -errno;
	AUTO_CLOSE int tree = open_tree(memory, "hosts", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 || move_mount(tree, "", AT_FDCWD, "/etc/hosts", MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return -errno;
	return 0;
}

int lan_enter(const char *hosts, struct error *err)
{
	unsigned uid = geteuid(), gid = getegid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) < 0)
		return error_set(err, errno,
				 "new namespaces are refused: %s; use --loopback, or allow "
				 "unprivileged user namespaces",
				 strerror(errno));
	int code = map_root(uid, gid);
	if (code)
		return error_set(err, -code, "cannot map the user: %s; use --loopback",
				 strerror(-code));
	code = make_network();
	if (code)
		return error_set(err, -code, "cannot set up the network: %s", strerror(-code));
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return error_set(err, errno, "cannot make the mounts private: %s", strerror(errno));
	if (hosts && access("/etc/hosts", F_OK) < 0)
		return error_set(err, ENOENT,
				 "found no /etc/hosts, in whose place the names of this network "
				 "are shown; make one (it may be empty), or use --loopback");
	code = hosts ? show_hosts(hosts) : 0;
	return code ? error_set(err, -code, "cannot write the names of this network: %s",
				strerror(-code))
		    : 0;
}
