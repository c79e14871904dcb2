/* spool.h: files that survive a power cut: written beside, synced, renamed, the folder synced; with
 * a sum, so that a damaged one is seen. */
#ifndef AGENTS_COMMON_SPOOL_H
#define AGENTS_COMMON_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { SPOOL_FILE_MAX = 4 << 20 };

/* 0 or negative errno; after an error nothing is there under the name that was not before. 0 with a
 * text in err: it is there, but its folder could not be synced. */
int spool_write(const char *folder, const char *name, const char *text, struct error *err);

/* The same for bytes as they are, without a sum. */
int spool_put(const char *folder, const char *name, const void *data, size_t size,
	      struct error *err);
int spool_sync(const char *folder); /* names in it are there for good; 0 or negative errno */

/* The text written before; caller frees. NULL when missing, damaged or too large. */
char *spool_read(const char *folder, const char *name, struct error *err);

/* The part of a file's content after the sum, or NULL if the sum does not fit. Borrowed. */
const char *spool_check(const char *content, size_t size);

/* That it is not there is no error: 0 means that it is gone for good. */
int spool_remove(const char *folder, const char *name, struct error *err);

/* Names in a folder, sorted, dot files left out and half-written ones removed. The list and each
 * name: caller frees. */
int spool_list(const char *folder, char ***names, size_t *count, struct error *err);

#endif
