/* mounts.h: folders and files put at a path of a file tree that is mostly the machine's, which this
 * process may not write to. Needs CAP_SYS_ADMIN in the mount namespace. */
#ifndef SIM_WORLD_MOUNTS_H
#define SIM_WORLD_MOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* A copy of the mounts at a path, not attached anywhere; a descriptor or negative errno. */
int mounts_copy(int folder, const char *path);

/* An empty file system in memory of at most size bytes, not attached anywhere; a descriptor, which
 * serves as the folder too, or negative errno. */
int mounts_memory(uint64_t size);

/* Puts what a descriptor from above is over the folder or file `at`. 0 or negative errno. */
int mounts_attach(int mount, int at);

/* A descriptor (O_PATH) of an absolute path, made if it is not there. Where a folder of the machine
 * stands in the way, it is replaced by one in memory with the same entries. */
int mounts_place(const char *path, bool folder, struct error *err);

/* mounts_place and mounts_attach; closes mount. */
int mounts_put(int mount, const char *path, bool folder, struct error *err);

#endif
