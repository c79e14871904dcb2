/* join.h: into the private network of a process that lives already (lan.h). */
#ifndef SIM_WORLD_JOIN_H
#define SIM_WORLD_JOIN_H

#include <sys/types.h>

#include "base/error.h"

/* Moves this process into the user, mount and network namespaces of another, which the same user
 * has made; needs one thread. The working directory stays. 0 at once for one
 * that is inside. */
int join_enter(pid_t pid, struct error *err);

#endif
