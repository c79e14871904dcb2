#include "sim/world/tun.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

static int open_device(int network, const struct broker *broker, struct error *err)
{
	if (broker->socket >= 0)
		return broker_tun(broker, network, err);
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0)
		return fd;
	int code = errno;
	if (code == EACCES || code == EPERM)
		return error_set(err, code,
				 "/dev/net/tun may not be opened by this user; "
				 "run `sudo chmod 666 /dev/net/tun`, or run with sudo");
	return error_set(err, code,
			 "/dev/net/tun cannot be opened: %s; run `sudo modprobe tun`, or give the "
			 "container `--device /dev/net/tun`",
			 strerror(code));
}

int tun_open(enum tun_kind kind, const char *name, int network, const struct broker *broker,
	     struct error *err)
{
	struct ifreq request = { .ifr_flags = (short)((kind == TUN_IP ? IFF_TUN : IFF_TAP) |
						      IFF_NO_PI) };
	int fd = open_device(network, broker, err);

	if (fd < 0)
		return fd;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	/* Persistent: the device then dies with its namespace, in the kernel's own time. Closing
	 * one that is not waits for grace periods, about 30 ms each. */
	if (ioctl(fd, TUNSETIFF, &request) < 0 || ioctl(fd, TUNSETPERSIST, 1) < 0) {
		int code = errno;
		close(fd);
		return error_set(err, code,
				 "cannot make the device %s: %s: /dev/net/tun is not the real one; "
				 "run `sudo modprobe tun`, or give the container `--device "
				 "/dev/net/tun`",
				 name, strerror(code));
	}
	return fd;
}

int tun_carrier(int fd, bool on)
{
	int value = on;
	return ioctl(fd, TUNSETCARRIER, &value) < 0 ? -errno : 0;
}
