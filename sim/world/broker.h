/* broker.h: the one process that stays root when the harness was started as root.
 *
 * It does three small jobs for the worker and ends when the worker closes the socket: it writes the
 * worker's identity maps, and opens /dev/net/tun inside a network namespace of the worker's (a TUN
 * belongs to the namespace in which the device file was opened, and the file is often root's). */
#ifndef SIM_WORLD_BROKER_H
#define SIM_WORLD_BROKER_H

#include <sys/types.h>

#include "base/error.h"

struct broker {
	int socket; /* -1: none was needed */
	pid_t pid;
};

int broker_start(struct broker *broker, struct error *err);
void broker_stop(struct broker *broker); /* waits for its end */

/* Maps 1000 inside the caller's user namespace to uid and gid outside. */
int broker_map(const struct broker *broker, uid_t uid, gid_t gid, struct error *err);

/* /dev/net/tun opened in the network namespace; a descriptor or negative errno. */
int broker_tun(const struct broker *broker, int network, struct error *err);

#endif
