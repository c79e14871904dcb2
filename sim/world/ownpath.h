/* ownpath.h: where an agent may change files: only its own folders are its business. Pure. */
#ifndef SIM_WORLD_OWNPATH_H
#define SIM_WORLD_OWNPATH_H

#include <limits.h>
#include <stdbool.h>

/* base and name as one absolute path without ".", ".." and double slashes; links are not followed.
 * false if it does not fit. */
bool ownpath_join(const char *base, const char *name, char out[PATH_MAX]);

/* Its state folder, the temporary folders, and devices such as /dev/null. */
bool ownpath_is(const char *path);

/* A folder that an own folder lies in: "/", "/var". */
bool ownpath_is_above(const char *path);

#endif
