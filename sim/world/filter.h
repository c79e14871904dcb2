/* filter.h: the filter on the agent's system calls (seccomp). */
#ifndef SIM_WORLD_FILTER_H
#define SIM_WORLD_FILTER_H

/* Binds this process and all it will start; needs no_new_privs. Calls of bind and listen wait until
 * whoever holds the returned descriptor lets them go on. Negative errno if refused. */
int filter_install(void);

#endif
