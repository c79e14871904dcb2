/* filter.h: the filter on the agent's system calls (seccomp). */
#ifndef SIM_WORLD_FILTER_H
#define SIM_WORLD_FILTER_H

#include <stdbool.h>

/* Binds this process and all it will start; needs no_new_privs. Calls of bind and listen wait until
 * whoever holds the returned descriptor lets them go on; so do, if storage is true, all that change
 * files (storage_call.h). Negative errno if refused. */
int filter_install(bool storage);

#endif
