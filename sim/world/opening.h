/* opening.h: where an agent opens files for writing: only its own folders are its business. Pure.
 */
#ifndef SIM_WORLD_OPENING_H
#define SIM_WORLD_OPENING_H

#include <limits.h>
#include <stdbool.h>

/* base and name as one absolute path without ".", ".." and double slashes; links are not followed.
 * false if it does not fit. */
bool opening_path(const char *base, const char *name, char out[PATH_MAX]);

/* Its state folder, the temporary folders, and devices such as /dev/null. */
bool opening_is_own(const char *path);

#endif
