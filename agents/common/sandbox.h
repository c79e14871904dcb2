/* sandbox.h: what an agent gives up before it speaks to anybody.
 *
 * An agent reads bytes of printers and of the network. Should somebody take it over through them,
 * he finds a process that cannot start programs, open a door, look into other processes or become
 * another user, and that leaves no image of its memory, which holds the secret.
 *
 * Three answers of the filter, by what a call tells of its caller:
 * - One that only an intruder makes (execve, ptrace, setuid …) ends the process at once. Nothing is
 *   lost: records and results are on disk before they count, and the service manager starts it
 *   again. A refusal would let him try the next.
 * - One that is against what an agent is, but may come of a mistake (listen, fork), fails with
 *   EPERM.
 * - One that is not known here fails with ENOSYS, so that a C library that is newer than this table
 *   takes the older call. An update of the machine must not take the agent down.
 *
 * bind is allowed, since UDP clients need it and a filter cannot see the address. Memory may be
 * written or executed, never both, and what is executed comes from a file. */
#ifndef AGENTS_COMMON_SANDBOX_H
#define AGENTS_COMMON_SANDBOX_H

#include <stdbool.h>

#include "base/error.h"

/* No memory image, no new privileges, and with filtered the filter of system calls, for this thread
 * and all that it starts; call it before there are others. There is no way back. Fails where the
 * kernel has no filters. */
int sandbox_enter(bool filtered, struct error *err);

#endif
