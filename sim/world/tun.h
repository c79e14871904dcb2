/* tun.h: network devices that are descriptors: TAP (Ethernet frames) and TUN (IP packets). */
#ifndef SIM_WORLD_TUN_H
#define SIM_WORLD_TUN_H

#include <stdbool.h>

#include "base/error.h"
#include "sim/world/broker.h"

enum tun_kind { TUN_ETHERNET, TUN_IP };

/* Makes the device `name` in the caller's network namespace, whose descriptor is `network`. Returns
 * a non-blocking descriptor, one frame or packet a read or write, or negative errno. */
int tun_open(enum tun_kind kind, const char *name, int network, const struct broker *broker,
	     struct error *err);

/* Pulls the cable out, or puts it in. 0 or negative errno. */
int tun_carrier(int fd, bool on);

#endif
