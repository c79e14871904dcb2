/* lan.h: a private network for people to look around in: one namespace in which every address of
 * printers and cloud is local. Unlike a world nothing in it is recorded, and anybody of the same
 * user may enter. */
#ifndef SIM_WORLD_LAN_H
#define SIM_WORLD_LAN_H

#include "base/error.h"

/* Moves the process into user, mount and network namespaces of its own, where it is root; needs
 * one thread. The loopback device is up and takes what is sent to printers (10.16.0.0/12), the
 * cloud (198.51.100.0/24) and broadcasts. hosts: /etc/hosts as seen inside; NULL leaves it. */
int lan_enter(const char *hosts, struct error *err);

#endif
