/* fdpass.h: small messages with a descriptor beside them, over a unix SOCK_SEQPACKET pair. */
#ifndef SIM_WORLD_FDPASS_H
#define SIM_WORLD_FDPASS_H

#include <stddef.h>
#include <sys/types.h>

/* A pair of connected sockets, both close-on-exec. 0 or negative errno. */
int fdpass_pair(int ends[2]);

/* Sends size bytes and, if fd >= 0, a copy of fd. 0 or negative errno. */
int fdpass_send(int socket, const void *data, size_t size, int fd);

/* Receives one message of at most size bytes; *fd (may be NULL) becomes a new descriptor or -1,
 * *pid (may be NULL) the sender's process as seen here, or 0. Returns the message's size, 0 when
 * the other end is closed, or negative errno (-ETIMEDOUT after within_ms, unless within_ms is
 * negative). */
ssize_t fdpass_receive(int socket, void *data, size_t size, int *fd, pid_t *pid, int within_ms);

#endif
