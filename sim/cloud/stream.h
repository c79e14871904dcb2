/* stream.h: one TCP connection with a write queue of our own.
 *
 * TLS never sees the socket: its records pass through this queue, so a fault in them is a change of
 * data. A failed write is not reported; the socket then reads as ended, and that is. */
#ifndef SIM_CLOUD_STREAM_H
#define SIM_CLOUD_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/loop.h"
#include "sim/cloud/spare.h"

enum { STREAM_QUEUE_MAX = 8 << 20, STREAM_READ_MAX = 65536 };

struct stream_events {
	void (*bytes)(void *arg, const uint8_t *data, size_t size);
	void (*written)(void *arg);           /* the kernel took more of the queue */
	void (*ended)(void *arg, bool reset); /* no more can be read: end of stream, or an error */
};

struct stream {
	int fd;           /* -1: closed */
	unsigned watched; /* for what */
	struct watch *watch;
	const struct stream_events *events;
	void *arg;
	struct buf queue;
	uint64_t queued, taken; /* bytes ever queued, ever taken by the kernel */
	bool ended;             /* nothing more to read */
	bool finishing;         /* no more writes; FIN when the queue is empty */
	bool broken;            /* a write failed */
	bool held;              /* bytes are being read: what they cause goes out together */
	bool shut;              /* FIN is out */
	struct spare *spare;
};

/* Takes over fd, which is non-blocking. spare is borrowed until stream_done. */
void stream_init(struct stream *stream, struct loop *loop, int fd, struct spare *spare,
		 const struct stream_events *events, void *arg);

/* Gives the kernel what was written while bytes are being read, instead of after it. */
void stream_release(struct stream *stream);

/* Sends what the kernel takes and keeps the rest. Ignored once closed or finishing. */
void stream_write(struct stream *stream, const void *data, size_t size);

void stream_finish(struct stream *stream); /* FIN after the queue */
void stream_close(struct stream *stream, bool reset);
void stream_done(struct stream *stream);

#endif
