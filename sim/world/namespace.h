/* namespace.h: a user namespace of our own, and in it a mount namespace and network namespaces. */
#ifndef SIM_WORLD_NAMESPACE_H
#define SIM_WORLD_NAMESPACE_H

#include <sys/types.h>

#include "base/error.h"
#include "sim/world/broker.h"

/* Whom a worker that was started as root becomes: the user behind sudo, else nobody (65534).
 * Started as anybody else: that user. Whoever makes the evidence folder gives it to this user. */
void namespace_owner(uid_t *uid, gid_t *gid);

/* Leaves the machine's namespaces: new user, mount and network namespace; the process is user 1000
 * inside and namespace_owner outside, with all capabilities inside until it executes a program,
 * none outside. Needs one thread. */
int namespace_enter(const struct broker *broker, struct error *err);

/* Moves into a further network namespace; returns a descriptor of it. */
int namespace_new_network(struct error *err);

/* A descriptor of the caller's namespace of a kind ("net", "mnt"). */
int namespace_current(const char *kind, struct error *err);

/* Writes one of /proc/sys. 0 or negative errno. */
int namespace_sysctl(const char *path, const char *value);

#endif
