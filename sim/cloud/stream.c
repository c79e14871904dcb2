#include "sim/cloud/stream.h"

#include <errno.h>
#include <sys/socket.h>

static void watch_what_is_due(struct stream *stream)
{
	if (stream->fd < 0 || stream->held)
		return;
	unsigned due = (stream->ended ? 0u : (unsigned)LOOP_READ) |
		       (stream->queue.size ? (unsigned)LOOP_WRITE : 0u);
	/* Saying the same again would cost a system call. */
	if (due != stream->watched)
		watch_set(stream->watch, due);
	stream->watched = due;
}

/* Gives the kernel what it takes. Returns how much. */
static size_t give(struct stream *stream, const uint8_t *data, size_t size)
{
	size_t sent = 0;

	while (!stream->broken && sent < size) {
		ssize_t count = send(stream->fd, data + sent, size - sent, MSG_NOSIGNAL);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			stream->broken = errno != EAGAIN;
			break;
		}
		sent += (size_t)count;
	}
	stream->taken += sent;
	return sent;
}

static void push(struct stream *stream)
{
	size_t sent = give(stream, stream->queue.data, stream->queue.size);

	if (stream->broken)
		buf_clear(&stream->queue);
	else
		buf_drop(&stream->queue, sent);
	if (!stream->queue.size)
		spare_take(stream->spare, &stream->queue);
	if (stream->finishing && !stream->queue.size && !stream->shut) {
		shutdown(stream->fd, SHUT_WR);
		stream->shut = true;
	}
	watch_what_is_due(stream);
}

static void pull(struct stream *stream)
{
	uint8_t bytes[STREAM_READ_MAX];
	ssize_t count = recv(stream->fd, bytes, sizeof(bytes), 0);

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (count > 0) {
		stream->held = true;
		stream->events->bytes(stream->arg, bytes, (size_t)count);
		stream_release(stream);
		stream->events->written(stream->arg);
		return;
	}
	stream->ended = true;
	stream->events->ended(stream->arg, count < 0);
	watch_what_is_due(stream);
}

static void ready(void *arg, unsigned events)
{
	struct stream *stream = arg;

	if (events & LOOP_WRITE) {
		push(stream);
		stream->events->written(stream->arg);
	}
	if (events & LOOP_READ && stream->fd >= 0 && !stream->ended)
		pull(stream);
}

void stream_init(struct stream *stream, struct loop *loop, int fd, struct spare *spare,
		 const struct stream_events *events, void *arg)
{
	*stream = (struct stream){ .fd = fd, .spare = spare, .events = events, .arg = arg };
	buf_init(&stream->queue, STREAM_QUEUE_MAX);
	stream->watched = LOOP_READ;
	stream->watch = watch_new(loop, fd, LOOP_READ, ready, stream);
}

void stream_write(struct stream *stream, const void *data, size_t size)
{
	if (stream->fd < 0 || stream->finishing || stream->broken || !size)
		return;
	stream->queued += size;
	if (!stream->queue.size && !stream->held) {
		size_t sent = give(stream, data, size);
		data = (const uint8_t *)data + sent;
		size = stream->broken ? 0 : size - sent;
	}
	if (size)
		spare_lend(stream->spare, &stream->queue);
	if (!buf_add(&stream->queue, data, size)) {
		/* A peer that asks for megabytes and reads nothing: it will now read as ended. */
		stream->broken = true;
		buf_clear(&stream->queue);
		shutdown(stream->fd, SHUT_RDWR);
		return;
	}
	watch_what_is_due(stream);
}

void stream_finish(struct stream *stream)
{
	if (stream->fd < 0 || stream->finishing)
		return;
	stream->finishing = true;
	if (!stream->held)
		push(stream);
}

void stream_release(struct stream *stream)
{
	if (!stream->held)
		return;
	stream->held = false;
	if (stream->fd >= 0 && (stream->queue.size || stream->finishing))
		push(stream);
}

void stream_close(struct stream *stream, bool reset)
{
	if (stream->fd < 0)
		return;
	if (reset) {
		/* No linger: the kernel drops its queue and sends RST. */
		struct linger linger = { .l_onoff = 1, .l_linger = 0 };
		setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	}
	watch_free(stream->watch);
	stream->watch = NULL;
	close(stream->fd);
	stream->fd = -1;
	stream->ended = true;
}

void stream_done(struct stream *stream)
{
	stream_close(stream, false);
	buf_done(&stream->queue);
}
