#include "sim/cloud/tls_pipe.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { PIPE_MAX = 16 << 20, KEPT = 8192 };

struct pipe {
	struct buf bytes;
	size_t read; /* of them */
};

static int pipe_write(BIO *bio, const char *data, size_t size, size_t *done)
{
	struct pipe *pipe = BIO_get_data(bio);

	if (!buf_add(&pipe->bytes, data, size))
		return 0;
	*done = size;
	return 1;
}

static int pipe_read(BIO *bio, char *data, size_t size, size_t *done)
{
	struct pipe *pipe = BIO_get_data(bio);
	size_t left = pipe->bytes.size - pipe->read;

	BIO_clear_retry_flags(bio);
	if (!left) {
		BIO_set_retry_read(bio);
		return 0;
	}
	*done = left < size ? left : size;
	memcpy(data, pipe->bytes.data + pipe->read, *done);
	pipe->read += *done;
	if (pipe->read == pipe->bytes.size)
		tls_pipe_clear(bio);
	return 1;
}

static long pipe_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio;
	(void)number;
	(void)pointer;
	return command == BIO_CTRL_FLUSH;
}

static int pipe_create(BIO *bio)
{
	struct pipe *pipe = alloc_zero(1, sizeof(*pipe));

	buf_init(&pipe->bytes, PIPE_MAX);
	BIO_set_data(bio, pipe);
	BIO_set_init(bio, 1);
	return 1;
}

static int pipe_destroy(BIO *bio)
{
	struct pipe *pipe = BIO_get_data(bio);

	buf_done(&pipe->bytes);
	free(pipe);
	return 1;
}

static BIO_METHOD *make_method(void)
{
	BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "pipe");

	if (!method)
		abort(); /* out of memory */
	BIO_meth_set_write_ex(method, pipe_write);
	BIO_meth_set_read_ex(method, pipe_read);
	BIO_meth_set_ctrl(method, pipe_control);
	BIO_meth_set_create(method, pipe_create);
	BIO_meth_set_destroy(method, pipe_destroy);
	return method;
}

BIO *tls_pipe_new(void)
{
	static BIO_METHOD *method; /* one for the life of the program, as OpenSSL wants it */

	if (!method)
		method = make_method();
	BIO *bio = BIO_new(method);
	if (!bio)
		abort(); /* out of memory */
	return bio;
}

const uint8_t *tls_pipe_data(BIO *bio, size_t *size)
{
	const struct pipe *pipe = BIO_get_data(bio);

	*size = pipe->bytes.size - pipe->read;
	return *size ? pipe->bytes.data + pipe->read : NULL;
}

void tls_pipe_clear(BIO *bio)
{
	struct pipe *pipe = BIO_get_data(bio);

	/* Connections that wait shall not hold what once went through. */
	if (pipe->bytes.capacity > KEPT) {
		buf_done(&pipe->bytes);
		buf_init(&pipe->bytes, PIPE_MAX);
	}
	buf_clear(&pipe->bytes);
	pipe->read = 0;
}
