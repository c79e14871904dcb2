/* file.h: whole files, with limits. Paths are as open(2) takes them. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>

#include "base/error.h"

/* Returns the content followed by a NUL (size not counting it; may be NULL). Caller frees. NULL if
 * it cannot be read or is larger than max bytes. */
char *file_read(const char *path, size_t max, size_t *size, struct error *err);

/* Writes beside and renames, so a reader sees the old file or the new one. 0 or negative errno. */
int file_write(const char *path, const void *data, size_t size, struct error *err);

/* mkdir -p. */
int file_make_folders(const char *path, struct error *err);

/* "a/b" joined; caller frees. */
char *file_join(const char *folder, const char *name);

#endif
