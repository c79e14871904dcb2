/* tls_pipe.h: bytes between OpenSSL and us, without a copy of our own.
 *
 * What OpenSSL reads is lent to it where it stands; what it writes is kept until it is fetched. A
 * memory BIO of OpenSSL does the same, and costs a busy front a tenth of its time. */
#ifndef SIM_CLOUD_TLS_PIPE_H
#define SIM_CLOUD_TLS_PIPE_H

#include <openssl/bio.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cloud/spare.h"

/* One SSL's, both directions. Read by OpenSSL through a BIO that many share: see tls_pipe_use. */
struct tls_pipe {
	struct buf written;
	struct spare *spare;
	const uint8_t *lent; /* not read yet; NULL, 0: nothing */
	size_t left;
};

/* spare is borrowed until tls_pipe_done. */
void tls_pipe_init(struct tls_pipe *pipe, struct spare *spare);
void tls_pipe_done(struct tls_pipe *pipe);

/* A BIO for any number of SSLs of one thread: it holds nothing but whose turn it is. */
BIO *tls_pipe_bio(void);

/* To be called before OpenSSL works for another SSL. */
void tls_pipe_use(BIO *bio, struct tls_pipe *pipe);
struct tls_pipe *tls_pipe_used(BIO *bio);

/* What OpenSSL reads from now on; borrowed until the next call. NULL, 0: nothing. */
void tls_pipe_lend(struct tls_pipe *pipe, const uint8_t *data, size_t size);

void tls_pipe_clear(struct tls_pipe *pipe); /* what was written is fetched */

#endif
