#include "sim/cloud/tls_pipe.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { PIPE_MAX = 16 << 20 };

static int pipe_write(BIO *bio, const char *data, size_t size, size_t *done)
{
	struct tls_pipe *pipe = BIO_get_data(bio);

	spare_lend(pipe->spare, &pipe->written);
	if (!buf_add(&pipe->written, data, size))
		return 0;
	*done = size;
	return 1;
}

static int pipe_read(BIO *bio, char *data, size_t size, size_t *done)
{
	struct tls_pipe *pipe = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	if (!pipe->left) {
		BIO_set_retry_read(bio);
		return 0;
	}
	*done = pipe->left < size ? pipe->left : size;
	memcpy(data, pipe->lent, *done);
	pipe->lent += *done;
	pipe->left -= *done;
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
	BIO_set_init(bio, 1);
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
	return method;
}

BIO *tls_pipe_bio(void)
{
	static BIO_METHOD *method; /* one for the life of the program, as OpenSSL wants it */

	if (!method)
		method = make_method();
	BIO *bio = BIO_new(method);
	if (!bio)
		abort(); /* out of memory */
	return bio;
}

void tls_pipe_use(BIO *bio, struct tls_pipe *pipe)
{
	BIO_set_data(bio, pipe);
}

struct tls_pipe *tls_pipe_used(BIO *bio)
{
	return BIO_get_data(bio);
}

void tls_pipe_init(struct tls_pipe *pipe, struct spare *spare)
{
	*pipe = (struct tls_pipe){ .spare = spare };
	buf_init(&pipe->written, PIPE_MAX);
}

void tls_pipe_done(struct tls_pipe *pipe)
{
	buf_done(&pipe->written);
}

void tls_pipe_lend(struct tls_pipe *pipe, const uint8_t *data, size_t size)
{
	pipe->lent = data;
	pipe->left = size;
}

void tls_pipe_clear(struct tls_pipe *pipe)
{
	spare_take(pipe->spare, &pipe->written);
}
