/* caller.h: what is to be known of a thread that the kernel stopped in a call: its process, and the
 * texts and paths that it passes. Numbers are those of the reader's own process namespace. */
#ifndef SIM_WORLD_CALLER_H
#define SIM_WORLD_CALLER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The process of a thread; the thread itself when that cannot be told. */
pid_t caller_process(pid_t thread);

/* Text from the caller's memory, up to its NUL. False when it cannot be read or has no end. */
bool caller_text(pid_t pid, uint64_t address, char text[PATH_MAX]);

/* A copy of one of its descriptors, for the reader to close; -1: it has none of that number. */
int caller_descriptor(pid_t pid, int fd);

/* The path of an open descriptor, or of the working directory (AT_FDCWD), as the caller sees it. */
bool caller_place(pid_t pid, int fd, char path[PATH_MAX]);

/* What *at calls are given: a name at an address, from a folder on. Links are not followed. False
 * when it cannot be read; *out is empty when it does not fit. */
bool caller_path(pid_t pid, int folder, uint64_t name, char out[PATH_MAX]);

#endif
